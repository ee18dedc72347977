import { createHash } from 'node:crypto';

/**
 * Trees of equal leaves. All complete subtrees of one height have one hash, so that roots and proofs of any size up to 2^64 − 1
 * take a few hashes; the proofs have the shape and the cost of all others. The recursive definitions of RFC 6962, section 2.1.
 */
export const UNIFORM_LEAF: Buffer = sha256(Buffer.of(0x00), Buffer.from('the same leaf everywhere'));

/** MTH(D[n]), n ≥ 1. */
export function uniformRoot(n: bigint): Buffer {
  const k = split(n);
  if (n === 1n) return UNIFORM_LEAF;
  return n === 2n * k ? completeRoot(n) : sha256(Buffer.of(0x01), completeRoot(k), uniformRoot(n - k));
}

/** PATH(m, D[n]) */
export function uniformInclusion(m: bigint, n: bigint): Buffer[] {
  if (n === 1n) return [];
  const k = split(n);
  return m < k ? [...uniformInclusion(m, k), uniformRoot(n - k)] : [...uniformInclusion(m - k, n - k), uniformRoot(k)];
}

/** PROOF(m, D[n]) */
export function uniformConsistency(m: bigint, n: bigint, whole = true): Buffer[] {
  if (m === n) return whole ? [] : [uniformRoot(m)];
  const k = split(n);
  return m <= k ? [...uniformConsistency(m, k, whole), uniformRoot(n - k)] : [...uniformConsistency(m - k, n - k, false), uniformRoot(k)];
}

const complete: Buffer[] = [UNIFORM_LEAF];

function completeRoot(width: bigint): Buffer {
  const level = width.toString(2).length - 1;
  while (complete.length <= level) {
    const below = complete.at(-1) as Buffer;
    complete.push(sha256(Buffer.of(0x01), below, below));
  }
  return complete[level] as Buffer;
}

/** The largest power of two smaller than n. */
function split(n: bigint): bigint {
  let k = 1n;
  while (k * 2n < n) k *= 2n;
  return k;
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
