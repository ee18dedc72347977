/** What a work, licence or offer is called in linked data, by its number. */
export function toUrn(number: string): string {
  return `urn:zhengben:${number}`;
}
