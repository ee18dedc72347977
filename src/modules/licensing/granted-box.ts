import { type Box, OPEN_END, type Scope, toBox } from '../../lib/rights/index.js';
import { scopeInvalid } from './licensing.errors.js';
import type { Slice } from './title/read-slices.js';

/**
 * The box of a scope as it was asked for; without an end it lasts as long as the title does.
 * @param prefix where the scope stands in what was sent. @throws DomainError `LICENSING.SCOPE_INVALID`.
 */
export function toGrantedBox(scope: Scope, slices: readonly Pick<Slice, 'box'>[], prefix = '/scope'): Box {
  const { box, faults } = toBox(scope);
  if (box === null) throw scopeInvalid(faults, prefix);
  if (box.term.until !== OPEN_END) return box;
  const until = Math.max(...slices.map((slice) => slice.box.term.until));
  return until > box.term.from ? { ...box, term: { from: box.term.from, until } } : box;
}
