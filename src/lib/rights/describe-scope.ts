import type { Exclusivity } from './availability.js';
import { type Box, SET_DIMENSIONS, type SetDimension } from './box.js';
import { RIGHT_NAMES } from './codes/rights.js';
import { USE_NAMES } from './codes/uses.js';
import { toNames } from './scope.js';
import { OPEN_END, type Term } from './term.js';

export type Locale = 'zh' | 'en';

const SHANGHAI = 8 * 3_600_000;

const WORDS: Record<Locale, {
  readonly exclusivity: Record<Exclusivity, string>;
  readonly all: Record<SetDimension, string>;
  readonly except: (list: string) => string;
  readonly comma: string;
  readonly term: (from: string, to: string | null) => string;
}> = {
  zh: {
    exclusivity: { 'non-exclusive': '非独占', sole: '排他', exclusive: '独占' },
    all: { rights: '全部财产权', territories: '全球', uses: '全部用途', languages: '全部语言' },
    except: (list) => `（不含${list}）`,
    comma: '、',
    term: (from, to) => (to === null ? `${from} 至保护期届满` : `${from} 至 ${to}`),
  },
  en: {
    exclusivity: { 'non-exclusive': 'non-exclusive', sole: 'sole', exclusive: 'exclusive' },
    all: { rights: 'all economic rights', territories: 'worldwide', uses: 'all uses', languages: 'all languages' },
    except: (list) => ` except ${list}`,
    comma: ', ',
    term: (from, to) => (to === null ? `from ${from} to the end of protection` : `${from} to ${to}`),
  },
};

/** 国家/地区 as they are called where the service is used; all others as the host's own names have them. */
const TERRITORY_NAMES: Record<Locale, Record<string, string>> = {
  zh: { CN: '中国内地', HK: '中国香港', MO: '中国澳门', TW: '中国台湾' },
  en: { CN: 'mainland China', HK: 'Hong Kong, China', MO: 'Macao, China', TW: 'Taiwan, China' },
};

const hostDisplays = new Map<string, Intl.DisplayNames>();
/** Asked once for each of the few hundred codes: the host takes a microsecond or more for one, and a list has thousands. */
const hostNames = new Map<string, string>();

function hostName(locale: Locale, type: 'region' | 'language', code: string): string {
  const key = `${locale} ${type} ${code}`;
  const known = hostNames.get(key);
  if (known !== undefined) return known;
  let display = hostDisplays.get(`${locale} ${type}`);
  if (!display) hostDisplays.set(`${locale} ${type}`, (display = new Intl.DisplayNames([locale === 'zh' ? 'zh-Hans' : 'en'], { type })));
  const name = display.of(code) ?? code;
  hostNames.set(key, name);
  return name;
}

function nameOf(locale: Locale, dimension: SetDimension, name: string): string {
  switch (dimension) {
    case 'rights':
      return RIGHT_NAMES[name as keyof typeof RIGHT_NAMES][locale];
    case 'uses':
      return USE_NAMES.get(name)?.[locale] ?? name;
    case 'territories':
      return TERRITORY_NAMES[locale][name] ?? hostName(locale, 'region', name);
    case 'languages':
      return hostName(locale, 'language', name);
  }
}

function describeSet(box: Box, dimension: SetDimension, locale: Locale): string {
  const words = WORDS[locale];
  const names = toNames(box[dimension], dimension);
  const isStar = names[0] === '*' || names[0] === 'WORLD';
  const list = (isStar ? names.slice(1).map((name) => name.slice(1)) : names).map((name) => nameOf(locale, dimension, name)).join(words.comma);
  if (!isStar) return list;
  return list === '' ? words.all[dimension] : words.all[dimension] + words.except(list);
}

/** The first and the last day that are meant, in Asia/Shanghai; null for an end that is open. */
export function toInclusiveDates({ from, until }: Term): { from: string; to: string | null } {
  const dayOf = (time: number): string => new Date(time + SHANGHAI).toISOString().slice(0, 10);
  return { from: dayOf(from), to: until === OPEN_END ? null : dayOf(until - 1) };
}

/** One sentence for people, e.g. «独占 · 信息网络传播权 · 中国内地 · 2027-01-01 至 2029-12-31». Uses and languages are named where they are not all. */
export function describeScope(box: Box, exclusivity: Exclusivity | null, locale: Locale): string {
  const words = WORDS[locale];
  const all: readonly string[] = [words.all.uses, words.all.languages];
  const sets = SET_DIMENSIONS.map((dimension) => describeSet(box, dimension, locale)).filter((text, i) => i < 2 || !all.includes(text));
  const { from, to } = toInclusiveDates(box.term);
  return [...(exclusivity === null ? [] : [words.exclusivity[exclusivity]]), ...sets, words.term(from, to)].join(' · ');
}
