import { type Box, containsBox, isEmptyBox, SET_DIMENSIONS, type SetDimension } from './box.js';
import { Budget } from './budget.js';
import { equalSets, uniteSets } from './code-set.js';

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
function mergeTerms(boxes: readonly Box[]): Box[] {
  return joinAlike(group(boxes, 'term'));
}

function joinAlike(groups: readonly Box[][]): Box[] {
  return groups.flatMap((alike) => {
    if (alike.length === 1) return alike;
    const merged: Box[] = [];
    for (const box of alike.toSorted((a, b) => a.term.from - b.term.from)) {
      const last = merged.at(-1);
      if (last && box.term.from <= last.term.until) merged[merged.length - 1] = { ...last, term: { from: last.term.from, until: Math.max(last.term.until, box.term.until) } };
      else merged.push(box);
    }
    return merged;
  });
}

/** The same for thousands of boxes: how licences from one offer, each from another day on, become one. Their sets are compared as numbers, which is several times faster. */
export function joinTerms(boxes: readonly Box[]): Box[] {
  const groups = new Map<number, Box[][]>();
  for (const box of boxes) {
    const hash = hashSets(box);
    const alike = groups.get(hash);
    const same = alike?.find(([first]) => SET_DIMENSIONS.every((dimension) => equalSets((first as Box)[dimension], box[dimension])));
    if (same) same.push(box);
    else if (alike) alike.push([box]);
    else groups.set(hash, [[box]]);
  }
  return joinAlike([...groups.values()].flat());
}

function hashSets(box: Box): number {
  let hash = 0x811c9dc5;
  for (const dimension of SET_DIMENSIONS) {
    for (const border of box[dimension]) hash = Math.imul(hash ^ border, 0x01000193) ^ (hash >>> 15);
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  }
  return hash;
}

/** How many numbers it is made of: what looking at it costs. */
export function sizeOfBox(box: Box): number {
  return SET_DIMENSIONS.reduce((sum, dimension) => sum + box[dimension].length, 2);
}

/**
 * The same cover in fewer boxes: what differs in one dimension only is joined until nothing more can be. It takes time in the order of the boxes;
 * the least number of boxes of all is a problem that nobody solves fast (a set cover), and people read this one as well.
 * @param budget when it is spent, what could still be joined stays apart.
 */
export function mergeBoxes(boxes: readonly Box[], budget = new Budget(Infinity)): Box[] {
  let merged = boxes.filter((box) => !isEmptyBox(box));
  for (let before = Infinity; merged.length < before;) {
    // Each number is written into five keys.
    if (!budget.spend(40 * merged.reduce((sum, box) => sum + sizeOfBox(box), 0))) break;
    before = merged.length;
    merged = mergeTerms(merged);
    for (const dimension of SET_DIMENSIONS) merged = mergeSets(merged, dimension);
  }
  return merged;
}

/**
 * {@link mergeBoxes} without boxes that lie in others; for lists that people read. Time in the order of the square of what is left.
 * @param budget when it is spent, boxes may lie in others.
 */
export function uniteBoxes(boxes: readonly Box[], budget = new Budget(Infinity)): Box[] {
  const merged = mergeBoxes(boxes, budget);
  if (!budget.spend(2 * merged.length * merged.reduce((sum, box) => sum + sizeOfBox(box), 0))) return merged;
  const kept = merged.filter((box, i) => !merged.some((other, j) => i !== j && containsBox(other, box) && (j < i || !containsBox(box, other))));
  return kept.length === merged.length ? kept : uniteBoxes(kept, budget);
}
