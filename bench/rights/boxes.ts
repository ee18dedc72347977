import { type Box, formatMultirange, type Scope, SET_DIMENSIONS, type SetDimension, toBox, toScope } from '../../src/lib/rights/index.js';

const DAY = 86_400_000;
/** An exclusive licence of this benchmark lasts so long. */
const SLOT = 90 * DAY;
const SLOTS_FILLED = 5;

/** Where only exclusive licences are granted: one at a time for a country, a use and a quarter. */
const ABROAD = [
  'JP', 'KR', 'US', 'GB', 'FR', 'DE', 'ES', 'IT', 'PT', 'RU', 'BR', 'MX', 'CA', 'AU', 'NZ', 'IN', 'TH', 'VN', 'ID', 'PH', 'TR', 'SA', 'AE', 'EG', 'ZA', 'NG', 'KE', 'NL', 'BE', 'SE', 'NO', 'DK', 'FI', 'PL', 'CZ', 'HU', 'GR', 'UA', 'IL',
];
/** Where nothing is ever granted. */
export const NEVER = 'AR';
const EXCLUSIVE_USES = ['advertising', 'merchandise', 'packaging', 'print', 'website'];
const CELLS = ABROAD.length * EXCLUSIVE_USES.length;
/** Exclusive boxes of one work that are apart from each other; those that are granted while it is measured come after them. */
export const FILLED_CELLS = CELLS * SLOTS_FILLED;

/** Sets to choose from: as they are sent, as statements write them, as they are stored, and one name that lies in each. */
export interface Choices {
  readonly sent: readonly (readonly string[])[];
  readonly written: readonly (readonly string[])[];
  readonly stored: readonly string[];
  readonly one: readonly string[];
}

/** @param one of each set, when its first name is a star. */
function choices(dimension: SetDimension, sent: readonly (readonly string[])[], one: string): Choices {
  const boxes = sent.map((names): Box => {
    const { box } = toBox({ rights: ['*'], territories: ['WORLD'], uses: ['*'], languages: ['*'], term: { from: '2030-01-01', to: null }, [dimension]: names } as Scope);
    if (box === null) throw new Error(`${names.join()} are no ${dimension}`);
    return box;
  });
  return {
    sent, written: boxes.map((box) => toScope(box)[dimension]), stored: boxes.map((box) => formatMultirange(box[dimension])),
    one: sent.map(([first = '']) => (first === '*' || first === 'WORLD' ? one : first)),
  };
}

/** The first sets of each are the ones that non-exclusive licences take. */
export const CHOICES: Record<SetDimension, Choices> = {
  rights: choices('rights', [['reproduction'], ['network-dissemination'], ['reproduction', 'distribution'], ['reproduction', 'network-dissemination'], ['reproduction', 'distribution', 'network-dissemination', 'broadcasting']], 'reproduction'),
  territories: choices('territories', [['CN'], ['CN', 'HK', 'MO'], ['CN', 'HK', 'MO', 'TW'], ['CN', 'SG', 'MY'], ['WORLD', ...[...ABROAD, NEVER].map((country) => `-${country}`)], ...ABROAD.map((country) => [country])], 'CN'),
  uses: choices('uses', [['website'], ['social-media', 'website'], ['print', 'packaging'], ['advertising', 'social-media', 'website'], ['e-book', 'periodical'], ['*'], ...EXCLUSIVE_USES.map((use) => [use])], 'website'),
  languages: choices('languages', [['*'], ['zh-Hans', 'zh-Hant'], ['zxx'], ['zh-Hans', 'en', 'zxx']], 'zxx'),
};
const SHARED = { rights: 5, territories: 5, uses: 6, languages: 4 } as const;

/** A box as places in {@link CHOICES}; instants in milliseconds since 1970. */
export interface Chosen extends Record<SetDimension, number> {
  readonly from: number;
  readonly until: number;
}

const pick = (random: () => number, below: number): number => Math.floor(random() * below);

/** A non-exclusive one that has begun and has not ended, here and nearby. */
export function sharedBox(random: () => number, now: number): Chosen {
  const [rights = 0, territories = 0, uses = 0, languages = 0] = SET_DIMENSIONS.map((dimension) => pick(random, SHARED[dimension]));
  return { rights, territories, uses, languages, from: now - pick(random, 700) * DAY, until: now + (30 + pick(random, 1_800)) * DAY };
}

/** The nth exclusive one of a work. No two of them overlap, and none a non-exclusive one; those of a work's middle slot are in force. */
export function exclusiveBox(n: number, now: number): Chosen {
  const from = now - (SLOTS_FILLED * SLOT) / 2 + Math.floor(n / CELLS) * SLOT;
  return { rights: SHARED.rights - 1, territories: SHARED.territories + (n % ABROAD.length), uses: SHARED.uses + (Math.floor(n / ABROAD.length) % EXCLUSIVE_USES.length), languages: 0, from, until: from + SLOT };
}

export function toWritten(chosen: Chosen, as: 'sent' | 'written'): Scope {
  const [rights = [], territories = [], uses = [], languages = []] = SET_DIMENSIONS.map((dimension) => [...(CHOICES[dimension][as][chosen[dimension]] ?? [])]);
  return { rights, territories, uses, languages, term: { from: new Date(chosen.from).toISOString(), until: new Date(chosen.until).toISOString() } };
}

/** Numbers in [0, 1), the same ones in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
