import { type Box, EMPTY_SET, intersectSets, OPEN_END, type Scope, toBox, uniteSets } from '../../lib/rights/index.js';
import { scopeInvalid } from './licensing.errors.js';
import type { Slice } from './title/read-slices.js';

/**
 * The box of a scope as it was asked for; without an end it lasts as long as the title does, and all rights are all that the title has.
 * @param prefix where the scope stands in what was sent. @throws DomainError `LICENSING.SCOPE_INVALID`.
 */
export function toGrantedBox(scope: Scope, slices: readonly Pick<Slice, 'box'>[], prefix = '/scope'): Box {
  const { box, faults } = toBox(scope);
  if (box === null) throw scopeInvalid(faults, prefix);
  const until = Math.max(...slices.map((slice) => slice.box.term.until));
  const rights = slices.reduce((all, slice) => uniteSets(all, slice.box.rights), EMPTY_SET);
  return {
    ...box,
    // «All» are those that there are: a novel cannot be rented, nor its rental licensed.
    rights: scope.rights[0] === '*' ? intersectSets(box.rights, rights) : box.rights,
    term: box.term.until === OPEN_END && until > box.term.from ? { from: box.term.from, until } : box.term,
  };
}
