import { z } from 'zod';
import { EXCLUSIVITIES } from '../rights/availability.js';
import type { Box } from '../rights/box.js';
import { containsSet, hasCode, toCodeSet } from '../rights/code-set.js';
import { RIGHT_CODES } from '../rights/codes/rights.js';
import { TERRITORY_CODES } from '../rights/codes/territories.js';
import { type ScopeRule, scopeSchema, toBox, toScope } from '../rights/scope.js';
import { CONDITIONS, DERIVING_RIGHTS } from './conditions.js';
import { CC_LICENCES, type PublicLicence } from './creative-commons.js';
import { isCurrency } from './currencies.js';
import { type Fault, toMalformed } from './faults.js';

export const PRICE_UNITS = ['licence', 'year', 'copy'] as const;

/** `amountMinor` is counted in the minor unit of the currency (fen, cents; JPY has none). */
export const priceSchema = z.strictObject({
  amountMinor: z.string().regex(/^[1-9]\d{0,17}$/),
  currency: z.string().regex(/^[A-Z]{3}$/),
  per: z.enum(PRICE_UNITS).default('licence'),
});

/**
 * What a licence says beside its parties and its work (Copyright Law of the PRC Art. 26): rights, exclusivity, territory, term and payment. The shape
 * only; {@link parseTerms} also holds the rules.
 */
export const licenceTermsSchema = z.strictObject({
  exclusivity: z.enum(EXCLUSIVITIES),
  scope: scopeSchema,
  /** Whether the licensee may license others; otherwise that needs consent (Implementing Regulations Art. 24). */
  sublicensing: z.boolean(),
  /** An open licence to the public: whoever keeps its conditions has it, without asking. */
  toAnyone: z.boolean(),
  conditions: z.array(z.enum(CONDITIONS)).max(CONDITIONS.length),
  /** Null: nothing to pay but the share of revenue. */
  price: priceSchema.nullable(),
  /** Of what the licensee takes in, in hundredths of a percent. */
  revenueShareBps: z.int().min(0).max(10_000).nullable(),
  /** ISO 3166-1 or 3166-2; null where the licence names no law, as Creative Commons do not. */
  governingLaw: z.string().regex(/^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/).nullable().default('CN'),
  /** The text of a licence that is known by its address. */
  licenceUri: z.string().max(500).regex(/^https:\/\/[!-~]+$/).nullable(),
});
export type LicenceTerms = z.infer<typeof licenceTermsSchema>;
export type LicenceTermsInput = z.input<typeof licenceTermsSchema>;

/** Which rule terms break. */
export type TermsRule = ScopeRule | 'malformed' | 'open-licence' | 'duplicate-condition' | 'contradictory-condition' | 'condition-without-ground' | 'unknown-currency' | 'unknown-law' | 'unknown-licence' | 'other-licence';
export type TermsFault = Fault<TermsRule>;

/** Untrusted → terms in their one spelling (scope as statements hold it, conditions in the order of the list), or all that is wrong with them. */
export function parseTerms(input: unknown): { terms: LicenceTerms; faults: readonly [] } | { terms: null; faults: readonly TermsFault[] } {
  const parsed = licenceTermsSchema.safeParse(input);
  if (!parsed.success) return { terms: null, faults: toMalformed(parsed.error) };
  const { box, faults: scopeFaults } = toBox(parsed.data.scope);
  if (box === null) return { terms: null, faults: scopeFaults.map((fault) => ({ ...fault, pointer: `/scope${fault.pointer}` })) };
  const terms: LicenceTerms = { ...parsed.data, scope: toScope(box), conditions: CONDITIONS.filter((condition) => parsed.data.conditions.includes(condition)) };
  const faults = [...findDuplicates(parsed.data), ...findOpenLicenceFaults(terms), ...findConditionFaults(terms, box), ...findUnknownCodes(terms), ...findLicenceFaults(terms, box)];
  return faults.length > 0 ? { terms: null, faults } : { terms, faults: [] };
}

function findDuplicates({ conditions }: LicenceTerms): TermsFault[] {
  return conditions.flatMap((condition, i) => (conditions.indexOf(condition) === i ? [] : [{ pointer: `/conditions/${i}`, rule: 'duplicate-condition', detail: `«${condition}» is said twice` }]));
}

/** Nobody can be held to be the only licensee of the public, nor sell it what it has already. */
function findOpenLicenceFaults(terms: LicenceTerms): TermsFault[] {
  if (!terms.toAnyone) return [];
  const wrong: readonly [string, boolean][] = [['/exclusivity', terms.exclusivity !== 'non-exclusive'], ['/price', terms.price !== null], ['/sublicensing', terms.sublicensing]];
  return wrong.filter(([, isWrong]) => isWrong).map(([pointer]) => ({ pointer, rule: 'open-licence', detail: 'a licence to anyone is non-exclusive, without a price and without sublicences, which nobody needs' }));
}

function findConditionFaults({ conditions, revenueShareBps }: LicenceTerms, box: Box): TermsFault[] {
  const has = (condition: (typeof CONDITIONS)[number]): boolean => conditions.includes(condition);
  const derives = DERIVING_RIGHTS.some((right) => hasCode(box.rights, RIGHT_CODES.get(right) as number));
  const faults: TermsFault[] = [];
  if (has('no-derivatives') && has('share-alike')) faults.push({ pointer: '/conditions', rule: 'contradictory-condition', detail: 'share-alike speaks of derived works, which no-derivatives rules out' });
  if (has('no-derivatives') && derives) faults.push({ pointer: '/scope/rights', rule: 'contradictory-condition', detail: `no-derivatives goes without ${DERIVING_RIGHTS.join(', ')}` });
  if (has('share-alike') && !derives) faults.push({ pointer: '/conditions', rule: 'condition-without-ground', detail: `share-alike needs one of ${DERIVING_RIGHTS.join(', ')}` });
  if (has('same-revenue-share') && revenueShareBps === null) faults.push({ pointer: '/revenueShareBps', rule: 'condition-without-ground', detail: 'there is no share of revenue to pass on' });
  return faults;
}

function findUnknownCodes({ price, governingLaw }: LicenceTerms): TermsFault[] {
  const faults: TermsFault[] = [];
  if (price && !isCurrency(price.currency)) faults.push({ pointer: '/price/currency', rule: 'unknown-currency', detail: `«${price.currency}» is no currency in use (ISO 4217)` });
  if (governingLaw !== null && !TERRITORY_CODES.has(governingLaw.slice(0, 2))) faults.push({ pointer: '/governingLaw', rule: 'unknown-law', detail: `«${governingLaw}» is no country or territory (ISO 3166)` });
  return faults;
}

/** Terms that name a Creative Commons licence are those of it: its users read the deed, not these fields. */
function findLicenceFaults(terms: LicenceTerms, box: Box): TermsFault[] {
  if (terms.licenceUri === null || !/^https:\/\/(?:www\.)?creativecommons\.org(?:[/:?#]|$)/i.test(terms.licenceUri)) return [];
  const licence: PublicLicence | undefined = Object.values(CC_LICENCES).find(({ uri }) => uri === terms.licenceUri);
  if (!licence) return [{ pointer: '/licenceUri', rule: 'unknown-licence', detail: `known are ${Object.values(CC_LICENCES).map(({ uri }) => uri).join(' ')}` }];
  const { scope } = terms;
  // An owner licenses the rights that are theirs to license (§1 Licensed Rights): fewer are no other licence.
  const same: readonly [string, boolean][] = [
    ['/scope/rights', containsSet(toCodeSet(licence.rights.map((right) => RIGHT_CODES.get(right) as number)), box.rights)],
    ['/scope/territories', scope.territories.join() === 'WORLD'],
    ['/scope/uses', scope.uses.join() === '*'],
    ['/scope/languages', scope.languages.join() === '*'],
    ['/scope/term', 'until' in scope.term && scope.term.until === null],
    ['/toAnyone', terms.toAnyone],
    ['/conditions', terms.conditions.join() === CONDITIONS.filter((condition) => licence.conditions.includes(condition)).join()],
    ['/revenueShareBps', terms.revenueShareBps === null],
    ['/governingLaw', terms.governingLaw === null],
  ];
  return same.filter(([, isSame]) => !isSame).map(([pointer]) => ({ pointer, rule: 'other-licence', detail: `this is not what ${licence.uri} says` }));
}
