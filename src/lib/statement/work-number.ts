/**
 * Work numbers `ZB-7K3M-9Q4D-W2XC-V`: 60 random bits as 12 Crockford base32 characters, and a check character by Luhn mod 32 over the same
 * alphabet, weight 2 at the rightmost payload character. The 60 bits are also the key of the work in the database. Licences use `LC-`, offers to license `LT-`, listings `LS-`, orders `OR-`,
 * negotiations `NG-`.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export type NumberPrefix = 'ZB' | 'LC' | 'LT' | 'LS' | 'OR' | 'NG';

declare const workNumberBrand: unique symbol;
export type WorkNumber = string & { readonly [workNumberBrand]: true };

/** The largest payload, 2^60 − 1. */
export const MAX_WORK_ID = (1n << 60n) - 1n;

function valueOf(character: string): number {
  if (character === 'O') return 0;
  if (character === 'I' || character === 'L') return 1;
  return ALPHABET.indexOf(character);
}

function checkCharacter(payload: readonly number[]): string {
  let sum = 0;
  let factor = 2;
  for (let i = payload.length - 1; i >= 0; i--) {
    const addend = (payload[i] ?? 0) * factor;
    sum += Math.floor(addend / 32) + (addend % 32);
    factor = factor === 2 ? 1 : 2;
  }
  return ALPHABET.charAt((32 - (sum % 32)) % 32);
}

/** @param id 0 ≤ id < 2^60. @throws RangeError otherwise. */
export function formatWorkNumber(id: bigint, prefix: NumberPrefix = 'ZB'): WorkNumber {
  if (id < 0n || id > MAX_WORK_ID) throw new RangeError('a work number has 60 bits');
  const high = Number(id >> 30n);
  const low = Number(id & 0x3fffffffn);
  const payload: number[] = [];
  for (const half of [high, low]) for (let shift = 25; shift >= 0; shift -= 5) payload.push((half >>> shift) & 31);
  let text: string = prefix;
  payload.forEach((value, index) => (text += (index % 4 === 0 ? '-' : '') + ALPHABET.charAt(value)));
  return `${text}-${checkCharacter(payload)}` as WorkNumber;
}

/**
 * Reads a number as people type it: any case, spaces, missing dashes, O for 0, I or L for 1.
 * @returns the canonical number and its id, or null when it is not one (wrong length, character or check).
 */
export function parseWorkNumber(typed: string, prefix: NumberPrefix = 'ZB'): { number: WorkNumber; id: bigint } | null {
  if (typed.length > 64) return null;
  const compact = typed.replace(/[\s\-‐‑‒–—]/g, '').toUpperCase();
  // «L» may have been typed as 1 or I, and «O» as 0, like anywhere else.
  if (compact.slice(0, 2).replace(/^[1I]/, 'L').replace(/^0/, 'O') !== prefix) return null;
  const characters = Array.from(compact.slice(2));
  if (characters.length !== 13) return null;
  const values = characters.map(valueOf);
  if (values.includes(-1)) return null;
  const payload = values.slice(0, 12);
  if (ALPHABET.indexOf(checkCharacter(payload)) !== values[12]) return null;
  const id = payload.reduce((sum, value) => sum * 32n + BigInt(value), 0n);
  return { number: formatWorkNumber(id, prefix), id };
}
