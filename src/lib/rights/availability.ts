import { type Box, boxesOverlap, intersectBoxes, volumeOf } from './box.js';
import { Budget } from './budget.js';
import { type FreeBoxes, type FreeTree, growFree, listFree } from './free-within.js';
import { joinTerms, mergeBoxes, sizeOfBox } from './merge-boxes.js';

/** Non-exclusive 普通; sole 排他: no other licensee, the owner may still use; exclusive 独占: bars even the owner. */
export const EXCLUSIVITIES = ['non-exclusive', 'sole', 'exclusive'] as const;
export type Exclusivity = (typeof EXCLUSIVITIES)[number];

/** A grant that stands, as far as availability is concerned. */
export interface Grant {
  readonly box: Box;
  readonly exclusivity: Exclusivity;
}

export interface Availability {
  /** What an exclusive or sole grant may still cover: nobody was granted any of it. */
  readonly exclusive: Box[];
  /** What a non-exclusive grant may still cover: nobody was granted it exclusively or solely. */
  readonly nonExclusive: Box[];
  /** Which of the lists leave nothing out. What a list says to be free is free either way. */
  readonly complete: { readonly exclusive: boolean; readonly nonExclusive: boolean };
}

/** How much is done for both lists, and how many boxes either may have. */
export interface AvailabilityLimits {
  readonly steps: number;
  readonly boxes: number;
}

/** Whether the one grant keeps the other from coming into being where they overlap. */
export function excludes(a: Exclusivity, b: Exclusivity): boolean {
  return a !== 'non-exclusive' || b !== 'non-exclusive';
}

/** Longer lists nobody reads: they are right as they are. */
const MOST_READ = 500;
/** Enough for so many of ordinary sets; ragged ones stay as they are. */
const MERGE_STEPS = 2_000_000;
const NO_LIMITS: AvailabilityLimits = { steps: Infinity, boxes: Infinity };

/**
 * What of a title is still free, for either kind of grant.
 * @param title boxes that do not overlap.
 * @param limits for the answers that strangers ask for: without them a dozen grants of ragged sets make an answer of many megabytes.
 */
export function computeAvailability(title: readonly Box[], grants: readonly Grant[], limits = NO_LIMITS): Availability {
  const all = grants.map(({ box }) => box);
  const excluding = grants.filter(({ exclusivity }) => exclusivity !== 'non-exclusive').map(({ box }) => box);
  const budget = new Budget(limits.steps);
  // The shorter list first, with two thirds at most; what it leaves goes to the longer one.
  const [first, isOne] = [budget.share(1.5), excluding.length === all.length];
  const nonExclusive = isOne ? null : freeOf(title, excluding, first, limits.boxes);
  budget.take(first);
  const exclusive = freeOf(title, all, budget.share(1), limits.boxes);
  return { exclusive: exclusive.boxes, nonExclusive: (nonExclusive ?? exclusive).boxes, complete: { exclusive: exclusive.complete, nonExclusive: (nonExclusive ?? exclusive).complete } };
}

function freeOf(title: readonly Box[], taken: readonly Box[], budget: Budget, most: number): FreeBoxes {
  if (!budget.spend(2 * taken.reduce((sum, box) => sum + sizeOfBox(box), 0))) return { boxes: [], complete: false };
  const joined = joinTerms(taken).toSorted((a, b) => a.term.from - b.term.from);
  // Each slice gets its share, those that little lies in first: what they leave goes to the others, and one that is cut to pieces does not hide them.
  const slices = title.map((slice, i) => ({ i, slice, blocking: budget.spend(5 * joined.length) ? joined.filter((box) => boxesOverlap(slice, box)) : null })).toSorted((a, b) => (a.blocking?.length ?? 0) - (b.blocking?.length ?? 0));
  let isSpent = false;
  const trees: FreeTree[] = [];
  for (const [done, { i, slice, blocking }] of slices.entries()) {
    const share = budget.share(slices.length - done);
    if (blocking !== null) trees[i] = growFree(slice, blocking, share);
    budget.take(share);
    isSpent ||= blocking === null || share.isSpent;
  }
  const { boxes, complete } = listFree(trees.flat(), Math.max(most, Math.min(MOST_READ, 2 * most)));
  const merged = boxes.length > MOST_READ ? boxes : mergeBoxes(boxes, new Budget(MERGE_STEPS));
  return merged.length <= most ? { boxes: merged, complete: complete && !isSpent } : { boxes: largestOf(merged, most), complete: false };
}

function largestOf(boxes: readonly Box[], most: number): Box[] {
  const volumes = new Map(boxes.map((box) => [box, volumeOf(box)]));
  const volume = (box: Box): bigint => volumes.get(box) as bigint;
  return boxes.toSorted((a, b) => (volume(a) < volume(b) ? 1 : volume(a) > volume(b) ? -1 : 0)).slice(0, most);
}

/** Those of the grants that keep a wanted box from being granted so, with what of it they take. */
export function findBlockers<G extends Grant>(wanted: Box, exclusivity: Exclusivity, grants: readonly G[]): { grant: G; overlap: Box }[] {
  return grants.flatMap((grant) => {
    if (!excludes(exclusivity, grant.exclusivity)) return [];
    const overlap = intersectBoxes(wanted, grant.box);
    return overlap === null ? [] : [{ grant, overlap }];
  });
}
