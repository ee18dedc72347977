import { type Box, boxesOverlap, SET_DIMENSIONS } from './box.js';
import { type CodeSet, setOfRanges } from './code-set.js';
import { mergeTerms } from './merge-boxes.js';
import type { Term } from './term.js';

/** What is free below a place of the tree: at the end the terms, before it the sets of codes that share what lies below them. */
interface Free {
  /** Two that are equal have the same. */
  readonly id: number;
  readonly terms?: readonly Term[];
  readonly parts?: readonly { readonly codes: CodeSet; readonly free: Free }[];
}

/**
 * What a slice covers and none of the boxes does, as boxes that do not overlap. Cutting off one box after another would leave more pieces at every
 * step; here each dimension in turn is parted into the codes that meet the same boxes, so that thousands of grants are looked at together: the
 * time grows with the places that they really take up.
 */
export function freeWithin(slice: Box, boxes: readonly Box[]): Box[] {
  const blocking = mergeTerms(boxes.filter((box) => boxesOverlap(slice, box)));
  if (blocking.length === 0) return [slice];
  const known: Map<string, Free>[] = [...SET_DIMENSIONS, 'term'].map(() => new Map());
  const distinct = new Map<string, Free>();
  const intern = (key: string, free: Omit<Free, 'id'>): Free => {
    const same = distinct.get(key);
    if (same) return same;
    const fresh = { id: distinct.size, ...free };
    distinct.set(key, fresh);
    return fresh;
  };

  const look = (depth: number, ids: readonly number[]): Free => {
    const name = ids.join();
    const seen = known[depth]?.get(name);
    if (seen) return seen;
    const free = depth === SET_DIMENSIONS.length ? lookAtTerms(ids) : lookAtCodes(depth, ids);
    known[depth]?.set(name, free);
    return free;
  };

  const lookAtTerms = (ids: readonly number[]): Free => {
    const terms: Term[] = [];
    let from = slice.term.from;
    for (const { term } of ids.map((id) => blocking[id] as Box).toSorted((a, b) => a.term.from - b.term.from)) {
      if (term.from > from && from < slice.term.until) terms.push({ from, until: Math.min(term.from, slice.term.until) });
      from = Math.max(from, term.until);
    }
    if (from < slice.term.until) terms.push({ from, until: slice.term.until });
    return intern(terms.map((term) => `${term.from}-${term.until}`).join(), { terms });
  };

  const lookAtCodes = (depth: number, ids: readonly number[]): Free => {
    const parts = new Map<number, { ranges: number[]; free: Free }>();
    for (const { from, until, met } of partCodes(slice[SET_DIMENSIONS[depth] as 'rights'], ids, (id) => (blocking[id] as Box)[SET_DIMENSIONS[depth] as 'rights'])) {
      const free = look(depth + 1, met);
      if (free.terms?.length === 0 || free.parts?.length === 0) continue;
      const alike = parts.get(free.id);
      if (!alike) parts.set(free.id, { ranges: [from, until], free });
      else if (alike.ranges.at(-1) === from) alike.ranges[alike.ranges.length - 1] = until;
      else alike.ranges.push(from, until);
    }
    const list = [...parts.values()].map(({ ranges, free }) => ({ codes: setOfRanges(ranges), free }));
    return intern(`${depth}|${list.map(({ codes, free }) => `${codes.join()}:${free.id}`).join(';')}`, { parts: list });
  };

  return listBoxes(slice, 0, look(0, blocking.map((_, id) => id)));
}

/** The universe in ranges of codes that lie in the same sets, with the ids of these sets in their order. */
function partCodes(universe: CodeSet, ids: readonly number[], setOf: (id: number) => CodeSet): { from: number; until: number; met: number[] }[] {
  const borders = [...new Set([...universe, ...ids.flatMap((id) => [...setOf(id)])])].toSorted((a, b) => a - b);
  const place = new Map(borders.map((border, i) => [border, i]));
  const met: number[][] = borders.map(() => []);
  for (const id of ids) {
    const set = setOf(id);
    for (let i = 0; i < set.length; i += 2) {
      const end = place.get(set[i + 1] as number) as number;
      for (let at = place.get(set[i] as number) as number; at < end; at++) met[at]?.push(id);
    }
  }
  const parts: { from: number; until: number; met: number[] }[] = [];
  for (let i = 0; i < universe.length; i += 2) {
    const end = place.get(universe[i + 1] as number) as number;
    for (let at = place.get(universe[i] as number) as number; at < end; at++) parts.push({ from: borders[at] as number, until: borders[at + 1] as number, met: met[at] as number[] });
  }
  return parts;
}

function listBoxes(box: Box, depth: number, { terms, parts }: Free): Box[] {
  if (terms) return terms.map((term) => ({ ...box, term }));
  return (parts ?? []).flatMap(({ codes, free }) => listBoxes({ ...box, [SET_DIMENSIONS[depth] as string]: codes }, depth + 1, free));
}
