import { type Box, SET_DIMENSIONS } from './box.js';
import type { Budget } from './budget.js';
import { type CodeSet, setOfRanges } from './code-set.js';
import type { Term } from './term.js';

/** What is free below a place of the tree: at the end the terms, before it the sets of codes that share what lies below them. */
interface Free {
  /** Two that are equal have the same. */
  readonly id: number;
  /** The volume of the largest box below, in codes and milliseconds; 0 when nothing is free. */
  readonly largest: number;
  /** How many boxes are below. */
  readonly count: number;
  readonly terms?: readonly Term[];
  readonly parts?: readonly { readonly codes: CodeSet; readonly size: number; readonly free: Free }[];
}

/** What is free of a slice: not yet as boxes, of which there may be more than anybody can read. */
export interface FreeTree {
  readonly slice: Box;
  readonly root: Free;
}

export interface FreeBoxes {
  /** They do not overlap. All of them, or the largest first when there are more than were asked for. */
  readonly boxes: Box[];
  /** Whether these are all. */
  readonly complete: boolean;
}

/**
 * What a slice covers and none of the boxes does. Cutting off one box after another would leave more pieces at every step; here each dimension in turn
 * is parted into the codes that meet the same boxes, so that thousands of grants are looked at together: the time grows with the places that they really
 * take up. Whoever grants decides how many those are. So a budget that is spent ends it: what was not looked at by then is left out as if it were taken,
 * and what is said to be free is free.
 * @param blocking those that overlap with the slice, in the order of their beginnings: so they are in order wherever they are met.
 */
export function growFree(slice: Box, blocking: readonly Box[], budget: Budget): FreeTree {
  const known: Map<number, { readonly ids: Int32Array; readonly free: Free }[]>[] = [...SET_DIMENSIONS, 'term'].map(() => new Map());
  const distinct = new Map<string, Free>();
  const intern = (key: string, make: () => Omit<Free, 'id'>): Free => {
    const same = distinct.get(key);
    if (same) return same;
    const fresh = { id: distinct.size, ...make() };
    distinct.set(key, fresh);
    return fresh;
  };
  const nothing = intern('', () => ({ largest: 0, count: 0, parts: [] }));

  const look = (depth: number, ids: Int32Array): Free => {
    const places = known[depth] as Map<number, { readonly ids: Int32Array; readonly free: Free }[]>;
    const hash = hashOf(ids);
    const alike = places.get(hash);
    const seen = alike?.find((place) => areEqual(place.ids, ids));
    if (seen) return seen.free;
    // The cost of a place is that of its sets, which a stranger may have made as ragged as they can be.
    if (!budget.spend(20 + ids.length)) return nothing;
    const free = depth === SET_DIMENSIONS.length ? lookAtTerms(ids) : lookAtCodes(depth, ids);
    if (alike) alike.push({ ids, free });
    else places.set(hash, [{ ids, free }]);
    return free;
  };

  const lookAtTerms = (ids: Int32Array): Free => {
    const terms: Term[] = [];
    let from = slice.term.from;
    for (const id of ids) {
      const { term } = blocking[id] as Box;
      if (term.from > from && from < slice.term.until) terms.push({ from, until: Math.min(term.from, slice.term.until) });
      from = Math.max(from, term.until);
    }
    if (from < slice.term.until) terms.push({ from, until: slice.term.until });
    if (terms.length === 0) return nothing;
    return intern(terms.map((term) => `${term.from}-${term.until}`).join(), () => ({ largest: Math.max(...terms.map((term) => term.until - term.from)), count: terms.length, terms }));
  };

  const lookAtCodes = (depth: number, ids: Int32Array): Free => {
    const dimension = SET_DIMENSIONS[depth] as 'rights';
    const parts = new Map<number, { ranges: number[]; free: Free }>();
    for (const { from, until, met } of partCodes(slice[dimension], ids, (id) => (blocking[id] as Box)[dimension], budget)) {
      const free = look(depth + 1, met);
      const alike = parts.get(free.id);
      if (free.largest > 0) {
        if (!alike) parts.set(free.id, { ranges: [from, until], free });
        else if (alike.ranges.at(-1) === from) alike.ranges[alike.ranges.length - 1] = until;
        else alike.ranges.push(from, until);
      }
      if (budget.isSpent) break;
    }
    if (parts.size === 0) return nothing;
    const list = [...parts.values()].map(({ ranges, free }) => ({ codes: setOfRanges(ranges), size: sizeOf(ranges), free }));
    return intern(`${depth}|${list.map(({ codes, free }) => `${codes.join()}:${free.id}`).join(';')}`, () => ({
      largest: list.reduce((largest, { size, free }) => Math.max(largest, size * free.largest), 0), count: list.reduce((sum, { free }) => sum + free.count, 0), parts: list,
    }));
  };

  return { slice, root: look(0, Int32Array.from(blocking.keys())) };
}

/** The universe in ranges of codes that lie in the same sets, with the ids of these sets in their order; nothing when the budget does not reach. */
function partCodes(universe: CodeSet, ids: Int32Array, setOf: (id: number) => CodeSet, budget: Budget): { from: number; until: number; met: Int32Array }[] {
  const marks = new Set<number>(universe);
  for (const id of ids) for (const border of setOf(id)) marks.add(border);
  const borders = [...marks].toSorted((a, b) => a - b);
  const place = new Map(borders.map((border, i) => [border, i]));
  const counts = new Int32Array(borders.length + 1);
  let ranges = 0;
  for (const id of ids) {
    const set = setOf(id);
    ranges += set.length;
    for (let i = 0; i < set.length; i += 2) {
      counts[place.get(set[i] as number) as number]! += 1;
      counts[place.get(set[i + 1] as number) as number]! -= 1;
    }
  }
  let sum = 0;
  let open = 0;
  for (let i = 0; i < borders.length; i++) {
    open += counts[i] as number;
    counts[i] = open;
    sum += open;
  }
  if (!budget.spend(sum + 4 * ranges + 10 * borders.length)) return [];
  const met = borders.map((_, i) => new Int32Array(counts[i] as number));
  const filled = new Int32Array(borders.length);
  for (const id of ids) {
    const set = setOf(id);
    for (let i = 0; i < set.length; i += 2) {
      const end = place.get(set[i + 1] as number) as number;
      for (let at = place.get(set[i] as number) as number; at < end; at++) (met[at] as Int32Array)[(filled[at]! += 1) - 1] = id;
    }
  }
  const parts: { from: number; until: number; met: Int32Array }[] = [];
  for (let i = 0; i < universe.length; i += 2) {
    const end = place.get(universe[i + 1] as number) as number;
    for (let at = place.get(universe[i] as number) as number; at < end; at++) parts.push({ from: borders[at] as number, until: borders[at + 1] as number, met: met[at] as Int32Array });
  }
  return parts;
}

function sizeOf(ranges: readonly number[]): number {
  let size = 0;
  for (let i = 0; i < ranges.length; i += 2) size += (ranges[i + 1] as number) - (ranges[i] as number);
  return size;
}

/** FNV-1a over whole numbers; what it takes for equal is compared. */
function hashOf(ids: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < ids.length; i++) hash = Math.imul(hash ^ (ids[i] as number), 0x01000193) ^ (hash >>> 15);
  return hash;
}

function areEqual(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A place of a tree on the way to its boxes, with the volume of the largest of them. */
interface Step {
  readonly box: Box;
  readonly depth: number;
  readonly free: Free;
  readonly held: number;
  readonly largest: number;
}

/** @param most so many boxes at most; of more the largest, the largest first. */
export function listFree(trees: readonly FreeTree[], most: number): FreeBoxes {
  const count = trees.reduce((sum, { root }) => sum + root.count, 0);
  if (count <= most) {
    const boxes: Box[] = [];
    for (const { slice, root } of trees) collect(slice, 0, root, boxes);
    return { boxes, complete: true };
  }
  // The largest that lies below a place is known: going on where it is largest finds boxes in their order, without looking at the others.
  const queue = new Queue();
  for (const { slice, root } of trees) queue.push({ box: slice, depth: 0, free: root, held: 1, largest: root.largest });
  const boxes: Box[] = [];
  for (let step = queue.pop(); step !== undefined && boxes.length < most; step = queue.pop()) {
    const { box, depth, free, held } = step;
    if (depth > SET_DIMENSIONS.length) boxes.push(box);
    for (const term of free.terms ?? []) {
      const largest = held * (term.until - term.from);
      queue.push({ box: { ...box, term }, depth: depth + 1, free: END, held, largest });
    }
    for (const { codes, size, free: below } of free.parts ?? []) {
      queue.push({ box: { ...box, [SET_DIMENSIONS[depth] as string]: codes }, depth: depth + 1, free: below, held: held * size, largest: held * size * below.largest });
    }
  }
  return { boxes, complete: false };
}

const END: Free = { id: -1, largest: 0, count: 0 };

function collect(box: Box, depth: number, { terms, parts }: Free, into: Box[]): void {
  for (const term of terms ?? []) into.push({ ...box, term });
  for (const { codes, free } of parts ?? []) collect({ ...box, [SET_DIMENSIONS[depth] as string]: codes }, depth + 1, free, into);
}

/** The largest first; a binary heap. */
class Queue {
  private readonly steps: Step[] = [];

  push(step: Step): void {
    const { steps } = this;
    let at = steps.push(step) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((steps[above] as Step).largest >= step.largest) break;
      steps[at] = steps[above] as Step;
      at = above;
    }
    steps[at] = step;
  }

  pop(): Step | undefined {
    const { steps } = this;
    const [first, last] = [steps[0], steps.pop()];
    if (last === undefined || steps.length === 0) return first;
    let at = 0;
    for (let below = 1; below < steps.length; below = 2 * at + 1) {
      if (below + 1 < steps.length && (steps[below + 1] as Step).largest > (steps[below] as Step).largest) below++;
      if ((steps[below] as Step).largest <= last.largest) break;
      steps[at] = steps[below] as Step;
      at = below;
    }
    steps[at] = last;
    return first;
  }
}
