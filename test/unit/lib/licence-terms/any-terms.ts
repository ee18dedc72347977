import * as fc from 'fast-check';
import { CONDITIONS, type LicencePolicy, type LicenceTerms, parseTerms, PRICE_UNITS } from '../../../../src/lib/licence-terms/index.js';
import { EXCLUSIVITIES, LANGUAGE_CODES, RIGHT_CODES, TERRITORY_CODES, USE_CODES } from '../../../../src/lib/rights/index.js';

export const DEEP = process.env['DEEP'] === '1';
const seed = Number(process.env['LICENCE_TERMS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
export const options = { numRuns: DEEP ? 5000 : 300, seed };
export const announceSeed = (): void => console.log(`LICENCE_TERMS_SEED=${seed}, ${options.numRuns} cases each`);

const list = (table: ReadonlyMap<string, number>, star: string): fc.Arbitrary<string[]> =>
  fc.tuple(fc.boolean(), fc.uniqueArray(fc.constantFrom(...table.keys()), { maxLength: 5 })).map(([whole, names]) => (whole || names.length === 0 ? [star, ...names.map((name) => `-${name}`)] : names));

const instant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) });
const term = fc.tuple(instant, fc.option(fc.integer({ min: 1, max: 10 ** 12 }))).map(([from, length]) => ({ from: new Date(from).toISOString(), until: length === null ? null : new Date(from + length).toISOString() }));
const price = fc.record({ amountMinor: fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }).map(String), currency: fc.constantFrom('CNY', 'JPY', 'KWD', 'EUR'), per: fc.constantFrom(...PRICE_UNITS) });

/** Any terms that hold, in their one spelling. What breaks a rule on the way is left out by {@link parseTerms} itself, whose rules other tests name. */
export const anyTerms: fc.Arbitrary<LicenceTerms> = fc.record({
  exclusivity: fc.constantFrom(...EXCLUSIVITIES),
  scope: fc.record({ rights: list(RIGHT_CODES, '*'), territories: list(TERRITORY_CODES, 'WORLD'), uses: list(USE_CODES, '*'), languages: list(LANGUAGE_CODES, '*'), term }),
  sublicensing: fc.boolean(),
  toAnyone: fc.boolean(),
  conditions: fc.subarray([...CONDITIONS]),
  price: fc.option(price),
  revenueShareBps: fc.option(fc.integer({ min: 0, max: 10_000 })),
  governingLaw: fc.option(fc.constantFrom('CN', 'HK', 'US-NY')),
  licenceUri: fc.option(fc.constantFrom('https://zhengben.example/licences/1', 'https://example.org/a?b=1#c')),
}).map((terms) => parseTerms(terms.toAnyone ? { ...terms, exclusivity: 'non-exclusive', price: null, sublicensing: false } : terms).terms).filter((terms) => terms !== null);

const iri = fc.constantFrom('https://zhengben.example/works/ZB-7K3M-9Q4D-W2XC-V', 'urn:uuid:0193a7c0-0000-7000-8000-000000000000', 'did:web:example.org', 'acct:someone@example.org');

export const anyPolicy: fc.Arbitrary<LicencePolicy> = fc.tuple(anyTerms, iri, iri, iri, fc.option(iri), fc.option(instant)).map(([terms, uid, target, assigner, someone, at]) => {
  const assignee = terms.toAnyone ? null : someone;
  return { kind: assignee === null && !terms.toAnyone ? 'Offer' : 'Agreement', uid, target, assigner, assignee, terms, grantedAt: at === null ? null : new Date(at).toISOString() };
});
