import { createHash } from 'node:crypto';

/** RFC 6962, section 2.1, transcribed as it is written, recursion and all: the model that the library is held against. It shares no code with it. */
type Bytes = Uint8Array;

const sha256 = (...parts: Bytes[]): Bytes => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** MTH(D[n]) over leaf hashes. */
export function naiveRoot(leaves: readonly Bytes[]): Bytes {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Bytes;
  const k = split(leaves.length);
  return sha256(Uint8Array.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** PATH(m, D[n]). */
export function naivePath(m: number, leaves: readonly Bytes[]): Bytes[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}

/** PROOF(m, D[n]). */
export function naiveConsistency(m: number, leaves: readonly Bytes[]): Bytes[] {
  return subproof(m, leaves, true);
}

function subproof(m: number, leaves: readonly Bytes[], whole: boolean): Bytes[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), naiveRoot(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
}

export function naiveLeaf(data: Bytes): Bytes {
  return sha256(Uint8Array.of(0), data);
}
