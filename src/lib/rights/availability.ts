import { type Box, intersectBoxes } from './box.js';
import { freeWithin } from './free-within.js';
import { mergeBoxes } from './merge-boxes.js';

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
}

/** Whether the one grant keeps the other from coming into being where they overlap. */
export function excludes(a: Exclusivity, b: Exclusivity): boolean {
  return a !== 'non-exclusive' || b !== 'non-exclusive';
}

/** Longer lists nobody reads: they are right as they are. */
const MOST_READ = 500;

/** What of a title is still free, for either kind of grant. @param title boxes that do not overlap. */
export function computeAvailability(title: readonly Box[], grants: readonly Grant[]): Availability {
  const all = grants.map(({ box }) => box);
  const excluding = grants.filter(({ exclusivity }) => exclusivity !== 'non-exclusive').map(({ box }) => box);
  const freeOf = (boxes: readonly Box[]): Box[] => {
    const free = title.flatMap((slice) => freeWithin(slice, boxes));
    return free.length > MOST_READ ? free : mergeBoxes(free);
  };
  const exclusive = freeOf(all);
  return { exclusive, nonExclusive: excluding.length === all.length ? exclusive : freeOf(excluding) };
}

/** Those of the grants that keep a wanted box from being granted so, with what of it they take. */
export function findBlockers<G extends Grant>(wanted: Box, exclusivity: Exclusivity, grants: readonly G[]): { grant: G; overlap: Box }[] {
  return grants.flatMap((grant) => {
    if (!excludes(exclusivity, grant.exclusivity)) return [];
    const overlap = intersectBoxes(wanted, grant.box);
    return overlap === null ? [] : [{ grant, overlap }];
  });
}
