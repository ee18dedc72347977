/** Where the parts of a work are found. */
export function linksOf(number: string): { self: string; proof: string; history: string; events: string } {
  const self = `/api/v1/works/${number}`;
  return { self, proof: `${self}/proof`, history: `${self}/history`, events: `${self}/events` };
}
