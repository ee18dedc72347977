import { type Box, containsBox, isEmptyBox, SET_DIMENSIONS, type SetDimension } from './box.js';
import { uniteSets } from './code-set.js';

/** Boxes that are alike in all dimensions but one are one box. */
function keyWithout(box: Box, left: SetDimension | 'term'): string {
  let key = left === 'term' ? '' : `${box.term.from}-${box.term.until}`;
  for (const dimension of SET_DIMENSIONS) key += dimension === left ? '|' : `|${box[dimension].join()}`;
  return key;
}

function group(boxes: readonly Box[], left: SetDimension | 'term'): Box[][] {
  const groups = new Map<string, Box[]>();
  for (const box of boxes) {
    const key = keyWithout(box, left);
    const alike = groups.get(key);
    if (alike) alike.push(box);
    else groups.set(key, [box]);
  }
  return [...groups.values()];
}

function mergeSets(boxes: readonly Box[], dimension: SetDimension): Box[] {
  return group(boxes, dimension).map((alike) => {
    const [first, ...others] = alike as [Box, ...Box[]];
    return others.length === 0 ? first : { ...first, [dimension]: others.reduce((union, box) => uniteSets(union, box[dimension]), first[dimension]) };
  });
}

/** Joins terms that touch, of boxes that are alike in all else. */
export function mergeTerms(boxes: readonly Box[]): Box[] {
  return group(boxes, 'term').flatMap((alike) => {
    const merged: Box[] = [];
    for (const box of alike.toSorted((a, b) => a.term.from - b.term.from)) {
      const last = merged.at(-1);
      if (last && box.term.from <= last.term.until) merged[merged.length - 1] = { ...last, term: { from: last.term.from, until: Math.max(last.term.until, box.term.until) } };
      else merged.push(box);
    }
    return merged;
  });
}

/**
 * The same cover in fewer boxes: what differs in one dimension only is joined until nothing more can be. It takes time in the order of the boxes;
 * the least number of boxes of all is a problem that nobody solves fast (a set cover), and people read this one as well.
 */
export function mergeBoxes(boxes: readonly Box[]): Box[] {
  let merged = boxes.filter((box) => !isEmptyBox(box));
  for (let before = Infinity; merged.length < before;) {
    before = merged.length;
    merged = mergeTerms(merged);
    for (const dimension of SET_DIMENSIONS) merged = mergeSets(merged, dimension);
  }
  return merged;
}

/** {@link mergeBoxes} without boxes that lie in others; for lists that people read. Time in the order of the square of what is left. */
export function uniteBoxes(boxes: readonly Box[]): Box[] {
  const merged = mergeBoxes(boxes);
  const kept = merged.filter((box, i) => !merged.some((other, j) => i !== j && containsBox(other, box) && (j < i || !containsBox(box, other))));
  return kept.length === merged.length ? kept : uniteBoxes(kept);
}
