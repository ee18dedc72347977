import {
  type Box, type CodeSet, complementOf, EXCLUSIVITIES, type Grant, LANGUAGE_CODES, OPEN_END, RIGHT_CODES, SET_DIMENSIONS, TERRITORY_CODES, toCodeSet, USE_CODES, WHOLE_SET,
} from '../../../../src/lib/rights/index.js';

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SHANGHAI = 8 * 3_600_000;
const startOf = (year: number, month = 0): number => Date.UTC(year, month) - SHANGHAI;
const CODE_TABLES = { rights: RIGHT_CODES, territories: TERRITORY_CODES, uses: USE_CODES, languages: LANGUAGE_CODES };
const setOf = (dimension: keyof typeof CODE_TABLES, ...names: string[]): CodeSet => toCodeSet(names.map((name) => CODE_TABLES[dimension].get(name) as number));

const FILMING = setOf('rights', 'filming');
const CHINA = setOf('territories', 'CN');
const all = { uses: WHOLE_SET, languages: WHOLE_SET, term: { from: startOf(2020), until: OPEN_END } };
/** A title of which filming in China was assigned, and translation until 2040. */
export const TITLE: readonly Box[] = [
  { ...all, rights: complementOf(setOf('rights', 'filming', 'translation')), territories: WHOLE_SET },
  { ...all, rights: FILMING, territories: complementOf(CHINA) },
  { ...all, rights: setOf('rights', 'translation'), territories: WHOLE_SET, term: { from: startOf(2040), until: OPEN_END } },
];

const MARKETS = ['CN', 'HK', 'MO', 'TW', 'JP', 'KR', 'SG', 'MY', 'US', 'GB', 'DE', 'FR'];
const SPOKEN = ['zh-Hans', 'zh-Hant', 'yue', 'en', 'ja', 'ko'];

/** As a busy platform has them: a few markets, uses and languages, whole months, mostly not exclusive. */
export function makeGrants(random: () => number, count: number): Grant[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const few = (dimension: keyof typeof CODE_TABLES, names: readonly string[]): CodeSet => setOf(dimension, ...Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(names)));
  return Array.from({ length: count }, () => {
    const [year, month, chance] = [2021 + Math.floor(random() * 20), Math.floor(random() * 12), random()];
    return {
      box: {
        rights: few('rights', [...RIGHT_CODES.keys()]),
        territories: chance < 0.05 ? WHOLE_SET : chance < 0.1 ? complementOf(CHINA) : few('territories', MARKETS),
        uses: few('uses', [...USE_CODES.keys()]),
        languages: random() < 0.3 ? WHOLE_SET : few('languages', SPOKEN),
        term: { from: startOf(year, month), until: random() < 0.02 ? OPEN_END : startOf(year + 1 + Math.floor(random() * 5), month) },
      },
      exclusivity: random() < 0.8 ? 'non-exclusive' : pick(EXCLUSIVITIES),
    };
  });
}

export type Place = readonly [right: number, territory: number, use: number, language: number, time: number];

/** Membership as anybody would write it down. */
export function liesIn(place: Place, box: Box): boolean {
  if (place[4] < box.term.from || place[4] >= box.term.until) return false;
  for (let d = 0; d < SET_DIMENSIONS.length; d++) {
    const ranges = box[SET_DIMENSIONS[d] as 'rights'];
    let isInside = false;
    for (let i = 0; i < ranges.length; i += 2) if ((ranges[i] as number) <= (place[d] as number) && (place[d] as number) < (ranges[i + 1] as number)) isInside = true;
    if (!isInside) return false;
  }
  return true;
}

/** A place at a corner of the box, or one step beyond it in time: where mistakes would be. */
export function cornerOf(random: () => number, box: Box): Place {
  const codeOf = (ranges: CodeSet): number => {
    const border = ranges[Math.floor(random() * ranges.length)] as number;
    return ranges.indexOf(border) % 2 === 0 ? border : border - 1;
  };
  const times = [box.term.from - 1, box.term.from, Math.floor((box.term.from + box.term.until) / 2), box.term.until - 1, box.term.until];
  return [codeOf(box.rights), codeOf(box.territories), codeOf(box.uses), codeOf(box.languages), times[Math.floor(random() * times.length)] as number];
}
