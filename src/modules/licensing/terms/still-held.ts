import type { LicenceTerms, Reservation } from '../../../lib/licence-terms/index.js';
import { type Box, boxesOverlap, toBox } from '../../../lib/rights/index.js';
import { toGrantedBox } from '../granted-box.js';
import { slicesOf } from '../title/cut-holding.js';
import { isHolder, type Slice } from '../title/read-slices.js';

type Held = Pick<Slice, 'box' | 'holders'>;

/**
 * Whether an account holds today of what terms are about, from now on, as far as they need it. An offer needs all of its scope, or it could not be taken up. A reservation
 * stands for whatever part of it is held: it is worldwide, and of rights that the work may not have.
 */
export function isHeldBy(terms: LicenceTerms | Reservation, slices: readonly Held[], accountId: string, now: number): boolean {
  return 'reserved' in terms ? holdsAny(terms, slices, accountId, now) : holdsAll(terms, slices, accountId, now);
}

/** Whether the account holds of all that they are about. */
export function holdsAll(terms: LicenceTerms | Reservation, slices: readonly Held[], accountId: string, now: number): boolean {
  const rest = restOf(terms, slices, now);
  if (rest === null) return false;
  if (!('reserved' in terms)) return slicesOf(slices, rest, accountId) !== null;
  const about = touched(slices, rest);
  return about.length > 0 && about.every((slice) => isHolder(slice, accountId));
}

/** Whether the account holds of some of it. */
export function holdsAny(terms: LicenceTerms | Reservation, slices: readonly Held[], accountId: string, now: number): boolean {
  const rest = restOf(terms, slices, now);
  return rest !== null && touched(slices, rest).some((slice) => isHolder(slice, accountId));
}

/** Null when they are over. */
function restOf(terms: LicenceTerms | Reservation, slices: readonly Held[], now: number): Box | null {
  const box = 'reserved' in terms ? toBox(terms.scope).box : toGrantedBox(terms.scope, slices);
  const from = Math.max(box?.term.from ?? 0, now);
  return box === null || box.term.until <= from ? null : { ...box, term: { ...box.term, from } };
}

function touched(slices: readonly Held[], box: Box): Held[] {
  return slices.filter((slice) => boxesOverlap(slice.box, box));
}
