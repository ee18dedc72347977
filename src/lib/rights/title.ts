import type { Category } from '../statement/vocabulary.js';
import type { Box } from './box.js';
import { toCodeSet, WHOLE_SET } from './code-set.js';
import { type EconomicRight, RIGHT_CODES } from './codes/rights.js';
import { OPEN_END } from './term.js';

/** What of a deposit decides which rights there are, and for how long. Days are dates in Asia/Shanghai, `YYYY-MM-DD`. */
export interface TitleFacts {
  readonly category: Category;
  readonly ownership: 'individual' | 'joint' | 'legal-entity' | 'employment' | 'commissioned';
  /** `all`, `none`, or the part that is claimed. */
  readonly rights: 'all' | 'none' | readonly string[];
  /** Null: it was sealed, and nothing opens it any more. */
  readonly completedOn: string | null;
  /** Null: never; `unknown`: it was sealed, and nothing opens it any more. */
  readonly firstPublishedOn: string | 'unknown' | null;
}

/** Rights that only some works have (Copyright Law Art. 10 (7), (8), (10)); all others every work has. */
const ONLY_FOR: Partial<Record<EconomicRight, readonly Category[]>> = {
  rental: ['audiovisual', 'software'],
  exhibition: ['fine-art', 'photography'],
  projection: ['fine-art', 'photography', 'audiovisual'],
};

/** The economic rights that a work of this category has, in the order of Art. 10. */
export function rightsOfCategory(category: Category): EconomicRight[] {
  return ([...RIGHT_CODES.keys()] as EconomicRight[]).filter((right) => ONLY_FOR[right]?.includes(category) ?? true);
}

/** Why protection ends when it does (Art. 23): a natural person's work 50 years after the death; others 50 years after publication, or after completion when unpublished. */
export type ProtectionBasis = 'author-lives' | 'years-after-publication' | 'years-after-completion';

export interface Protection {
  /** Milliseconds since 1970; {@link OPEN_END} while the author lives. */
  readonly until: number;
  readonly basis: ProtectionBasis;
}

const YEARS = 50;
const SHANGHAI = 8 * 3_600_000;
/** The earliest that a scope can say: the beginning of titles of works that are older, and of a title whose facts are gone, so that nothing that was granted from it lies outside. */
const LONG_AGO = Date.UTC(1700, 0, 1);

/** The end of the 31 December of the fiftieth year after the day. */
function fiftiethYearAfter(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)) + YEARS + 1, 0, 1) - SHANGHAI;
}

/** When the last of the authors has died: 50 years after (Art. 23). @param diedOn `YYYY-MM-DD`. @returns milliseconds since 1970. */
export function computeTermAfterDeath(diedOn: string): number {
  return fiftiethYearAfter(diedOn);
}

/** The end of protection in China, from what is known; open when the day that it counts from is not. Other territories have other terms: there it is a guess (DOMAIN). */
export function computeProtection({ category, ownership, completedOn, firstPublishedOn }: TitleFacts): Protection {
  const isPersonal = category !== 'audiovisual' && ownership !== 'legal-entity';
  if (isPersonal) return { until: OPEN_END, basis: 'author-lives' };
  if (firstPublishedOn === 'unknown' || (firstPublishedOn === null && completedOn === null)) return { until: OPEN_END, basis: 'years-after-completion' };
  const unpublished = completedOn === null ? OPEN_END : fiftiethYearAfter(completedOn);
  // What was not published within 50 years of its completion is not protected any more, and publishing it later brings nothing back.
  const wasInTime = firstPublishedOn !== null && Date.parse(`${firstPublishedOn}T00:00:00Z`) - SHANGHAI < unpublished;
  return wasInTime ? { until: fiftiethYearAfter(firstPublishedOn), basis: 'years-after-publication' } : { until: unpublished, basis: 'years-after-completion' };
}

/** What the owners of a deposited work hold at first: all of its category's rights that are claimed, for everything, everywhere; null when none is claimed. */
export function computeTitle(facts: TitleFacts): { box: Box; protection: Protection } | null {
  const claimed = facts.rights === 'none' ? [] : rightsOfCategory(facts.category).filter((right) => facts.rights === 'all' || facts.rights.includes(right));
  const protection = computeProtection(facts);
  const from = facts.completedOn === null ? LONG_AGO : Math.max(LONG_AGO, Date.parse(`${facts.completedOn}T00:00:00Z`) - SHANGHAI);
  if (claimed.length === 0 || protection.until <= from) return null;
  const rights = toCodeSet(claimed.map((right) => RIGHT_CODES.get(right) as number));
  return { box: { rights, territories: WHOLE_SET, uses: WHOLE_SET, languages: WHOLE_SET, term: { from, until: protection.until } }, protection };
}
