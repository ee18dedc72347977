import { encodeCursor } from '../../src/platform/http/pagination.js';
import { seeded } from '../rights/boxes.js';
import { CHINESE_WORDS } from './catalogue.js';
import type { FilledWork } from './fill.js';

export interface Search {
  readonly kind: string;
  /** Of `GET /works`, or of `GET /listings`. */
  readonly query: Readonly<Record<string, string>>;
}

type Kinds = readonly (readonly [kind: string, share: number, make: (ask: Asker) => Record<string, string>])[];

/** How many of a hundred. What is asked for most is a word of a title. */
const KINDS: Kinds = [
  ['a word of a title', 18, (ask) => ({ q: ask.words(1) })],
  ['two words of a title', 12, (ask) => ({ q: ask.words(2) })],
  ['a Chinese word', 15, (ask) => ({ q: ask.chinese() })],
  ['a name', 10, (ask) => ({ q: ask.name() })],
  ['by relevance', 15, (ask) => ({ q: ask.any(), sort: 'relevance' })],
  ['a later page', 5, (ask) => ({ q: ask.any(), cursor: ask.cursor() })],
  ['a category', 5, (ask) => ({ category: ask.work().category })],
  ['free to license', 5, () => ({ right: 'network-dissemination', territory: 'CN' })],
  ['a word, free exclusively', 5, (ask) => ({ q: ask.any(), right: 'reproduction', territory: 'CN', use: 'print', exclusive: 'true' })],
  ['a word, with facets', 7, (ask) => ({ q: ask.any(), facets: 'true' })],
  ['facets of everything', 3, () => ({ facets: 'true' })],
];

const LISTED: Kinds = [
  ['a word of a title', 15, (ask) => ({ q: ask.words(1) })],
  ['a Chinese word', 15, (ask) => ({ q: ask.chinese() })],
  ['by relevance', 10, (ask) => ({ q: ask.any(), sort: 'relevance' })],
  ['the newest', 8, () => ({})],
  ['a later page', 5, (ask) => ({ q: ask.any(), cursor: ask.cursor('000') })],
  ['a category and a kind', 6, (ask) => ({ category: ask.work().category, kind: ask.one(['licence', 'exclusive-licence', 'assignment']) })],
  ['a right, territory and use', 8, (ask) => ({ right: 'network-dissemination', territory: ask.one(['CN', 'JP', 'FR', 'NZ']), use: ask.one(['print', 'merchandise', 'advertising']) })],
  ['a price, cheapest first', 6, (ask) => ({ currency: ask.one(['CNY', 'USD', 'HKD']), maxAmountMinor: '50000', minAmountMinor: '1000', sort: 'price-up' })],
  ['a word, dearest first', 5, (ask) => ({ q: ask.any(), currency: 'CNY', sort: 'price-down' })],
  ['a word, still exclusive', 5, (ask) => ({ q: ask.any(), exclusive: 'true' })],
  ['a word, saleable now', 4, (ask) => ({ q: ask.any(), stale: 'exclude' })],
  ['of a seller', 4, (ask) => ({ seller: ask.seller() })],
  ['a word, with facets', 6, (ask) => ({ q: ask.any(), facets: 'true' })],
  ['facets of everything', 3, () => ({ facets: 'true' })],
];

/** Asks for what is there, as often as it is there: half of the names are one artist's. */
class Asker {
  constructor(private readonly works: readonly FilledWork[], private readonly random: () => number, private readonly sellers: readonly string[]) {}

  one<T>(of: readonly T[]): T {
    return of[Math.floor(this.random() * of.length)] as T;
  }

  work(): FilledWork {
    return this.one(this.works);
  }

  words(count: number): string {
    for (;;) {
      const words = this.work().title.match(/\p{L}{4,}/gu) ?? [];
      const at = Math.floor(this.random() * (words.length - count + 1));
      if (words.length >= count) return words.slice(at, at + count).join(' ');
    }
  }

  chinese(): string {
    return this.one(CHINESE_WORDS);
  }

  name(): string {
    for (;;) {
      const name = this.one(this.work().artists).match(/\p{L}{3,}/gu)?.at(-1);
      if (name !== undefined) return name;
    }
  }

  any(): string {
    const kind = this.random();
    return kind < 0.5 ? this.words(1) : kind < 0.75 ? this.chinese() : this.name();
  }

  seller(): string {
    return this.one(this.sellers);
  }

  /** @param digits of the second, after those of the millisecond. */
  cursor(digits = ''): string {
    const { depositedAt, id } = this.work();
    return encodeCursor([depositedAt.toISOString().replace('Z', `${digits}Z`), String(id)]);
  }
}

/** Searches of all kinds in their shares; the same seed asks the same. */
export function mixed(works: readonly FilledWork[], seed: number): () => Search {
  return draw(KINDS, works, seed, []);
}

/** The same of listings. */
export function mixedListings(works: readonly FilledWork[], sellers: readonly string[], seed: number): () => Search {
  return draw(LISTED, works, seed, sellers);
}

function draw(kinds: Kinds, works: readonly FilledWork[], seed: number, sellers: readonly string[]): () => Search {
  const random = seeded(seed);
  const ask = new Asker(works, random, sellers);
  return () => {
    let at = random() * 100;
    const [kind, , make] = kinds.find(([, share]) => (at -= share) < 0) ?? (kinds[0] as Kinds[number]);
    return { kind, query: make(ask) };
  };
}

/** Those that a search of titles alone can answer as well: one word, Chinese or not. */
export function titles(works: readonly FilledWork[], seed: number): () => Search {
  const random = seeded(seed);
  const ask = new Asker(works, random, []);
  return () => ({ kind: 'titles', query: { q: random() < 0.4 ? ask.chinese() : ask.words(1) } });
}
