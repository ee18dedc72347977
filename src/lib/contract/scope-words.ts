import type { Exclusivity } from '../rights/availability.js';
import type { SetDimension } from '../rights/box.js';
import { RIGHT_NAMES } from '../rights/codes/rights.js';
import { USE_NAMES } from '../rights/codes/uses.js';
import { type Locale, toInclusiveDates } from '../rights/describe-scope.js';
import { type Scope, toBox, toScope } from '../rights/scope.js';
import { LANGUAGE_NAMES, TERRITORY_NAMES } from './names.js';

const WORDS = {
  zh: {
    exclusivity: { 'non-exclusive': '非独占', sole: '排他', exclusive: '独占' },
    all: { rights: '全部财产权', territories: '全球', uses: '全部用途', languages: '全部语言' },
    except: (list: string) => `（不含${list}）`,
    comma: '、',
    term: (from: string, to: string | null) => (to === null ? `${from} 至保护期届满` : `${from} 至 ${to}`),
  },
  en: {
    exclusivity: { 'non-exclusive': 'non-exclusive', sole: 'sole', exclusive: 'exclusive' },
    all: { rights: 'all economic rights', territories: 'worldwide', uses: 'all uses', languages: 'all languages' },
    except: (list: string) => ` except ${list}`,
    comma: '; ',
    term: (from: string, to: string | null) => (to === null ? `from ${from} to the end of protection` : `${from} to ${to}`),
  },
} as const satisfies Record<Locale, { exclusivity: Record<Exclusivity, string>; all: Record<SetDimension, string>; [other: string]: unknown }>;

const NAMES: Record<SetDimension, (name: string) => Readonly<Record<Locale, string>> | undefined> = {
  rights: (name) => RIGHT_NAMES[name as keyof typeof RIGHT_NAMES],
  territories: (name) => TERRITORY_NAMES.get(name),
  uses: (name) => USE_NAMES.get(name),
  languages: (name) => LANGUAGE_NAMES.get(name),
};

/** A scope in the words of a contract, which depend on nothing but the scope. */
export interface ScopeWords extends Record<SetDimension, string> {
  /** Days that are both meant, in Asia/Shanghai. */
  readonly term: string;
  /** All of it, in the order of `describeScope`. */
  readonly sentence: string;
}

/** The spelling of the scope that statements hold. @throws RangeError for a scope that is none. */
export function normalizeScope(scope: Scope): Scope {
  const { box } = toBox(scope);
  if (box === null) throw new RangeError('not a scope');
  return toScope(box);
}

/** @param scope as statements hold it, or as people send it. @throws RangeError for a scope that is none. */
export function describeInWords(scope: Scope, exclusivity: Exclusivity | null, locale: Locale): ScopeWords {
  const { box } = toBox(scope);
  if (box === null) throw new RangeError('not a scope');
  const words = WORDS[locale];
  const names = toScope(box);
  const describe = (dimension: SetDimension): string => {
    const [first, ...others] = names[dimension] as [string, ...string[]];
    const isWhole = first === '*' || first === 'WORLD';
    const list = (isWhole ? others.map((name) => name.slice(1)) : [first, ...others]).map((name) => NAMES[dimension](name)?.[locale] ?? name).join(words.comma);
    if (!isWhole) return list;
    return list === '' ? words.all[dimension] : words.all[dimension] + words.except(list);
  };
  const sets = { rights: describe('rights'), territories: describe('territories'), uses: describe('uses'), languages: describe('languages') };
  const { from, to } = toInclusiveDates(box.term);
  const term = words.term(from, to);
  const narrowed = (['uses', 'languages'] as const).filter((dimension) => sets[dimension] !== words.all[dimension]).map((dimension) => sets[dimension]);
  return { ...sets, term, sentence: [...(exclusivity === null ? [] : [words.exclusivity[exclusivity]]), sets.rights, sets.territories, ...narrowed, term].join(' · ') };
}
