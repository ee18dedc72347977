/** A proof that was tampered with, and how. */
export interface Mutation { readonly what: string; readonly proof: readonly Uint8Array[] }

/**
 * Proofs that differ from a genuine one: each element dropped, doubled, replaced, swapped with its neighbour and with one bit
 * flipped; others added anywhere. `bits` chooses which of the 256 bits are flipped.
 */
export function* mutateProof(proof: readonly Uint8Array[], bits: readonly number[]): Generator<Mutation> {
  const zero = new Uint8Array(32);
  for (const [i, element] of proof.entries()) {
    for (const bit of bits) yield { what: `bit ${bit} of element ${i} flipped`, proof: proof.with(i, flipBit(element, bit)) };
    yield { what: `element ${i} dropped`, proof: proof.toSpliced(i, 1) };
    yield { what: `element ${i} doubled`, proof: proof.toSpliced(i, 0, element) };
    yield { what: `element ${i} zero`, proof: proof.with(i, zero) };
    const next = proof[i + 1];
    if (next !== undefined) yield { what: `elements ${i} and ${i + 1} swapped`, proof: proof.with(i, next).with(i + 1, element) };
  }
  for (let i = 0; i <= proof.length; i++) yield { what: `a zero before element ${i}`, proof: proof.toSpliced(i, 0, zero) };
  if (proof.length > 1) {
    yield { what: 'reversed', proof: proof.toReversed() };
    yield { what: 'emptied', proof: [] };
  }
  yield { what: 'very long', proof: Array.from({ length: 300 }, (_, i) => proof[i] ?? zero) };
}

export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return flipped;
}
