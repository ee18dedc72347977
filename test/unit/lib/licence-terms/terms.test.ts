import * as fc from 'fast-check';
import { CC_LICENCES, LICENCE_PRESETS, type LicenceTermsInput, parseReservation, parseTerms } from '../../../../src/lib/licence-terms/index.js';
import { parseDecimalAmount, toDecimalAmount } from '../../../../src/lib/licence-terms/currencies.js';
import { announceSeed, anyTerms, DEEP, options } from './any-terms.js';

beforeAll(announceSeed);
jest.setTimeout(DEEP ? 300_000 : 30_000);

const base: LicenceTermsInput = {
  exclusivity: 'non-exclusive', scope: { rights: ['reproduction', 'adaptation'], territories: ['WORLD'], uses: ['print'], languages: ['*'], term: { from: '2027-01-01', to: null } },
  sublicensing: false, toAnyone: false, conditions: [], price: null, revenueShareBps: null, licenceUri: null,
};
const faultsOf = (change: Partial<LicenceTermsInput>) => parseTerms({ ...base, ...change }).faults.map(({ pointer, rule }) => [pointer, rule]);
const cc = (change: Partial<LicenceTermsInput> = {}): LicenceTermsInput => ({
  ...base, scope: { ...base.scope, rights: ['reproduction'], uses: ['*'] }, toAnyone: true, conditions: ['attribution'], governingLaw: null, licenceUri: CC_LICENCES['cc-by-4.0'].uri, ...change,
});

test('terms have one spelling', () => {
  const { terms } = parseTerms({ ...base, scope: { ...base.scope, rights: ['adaptation', 'reproduction'] }, conditions: ['share-alike', 'attribution'], price: { amountMinor: '100', currency: 'CNY' } });
  expect(terms).toEqual({
    ...base, scope: { ...base.scope, term: { from: '2026-12-31T16:00:00.000Z', until: null } }, conditions: ['attribution', 'share-alike'], price: { amountMinor: '100', currency: 'CNY', per: 'licence' }, governingLaw: 'CN',
  });
});

test('terms that hold are read back as they are', () => {
  fc.assert(fc.property(anyTerms, (terms) => expect(parseTerms(terms)).toEqual({ terms, faults: [] })), options);
});

test.each<[string, Partial<LicenceTermsInput>, string[][]]>([
  ['an exclusive licence to anyone', { toAnyone: true, exclusivity: 'exclusive' }, [['/exclusivity', 'open-licence']]],
  ['a sole, priced and sublicensable licence to anyone', { toAnyone: true, exclusivity: 'sole', price: { amountMinor: '1', currency: 'CNY' }, sublicensing: true }, [['/exclusivity', 'open-licence'], ['/price', 'open-licence'], ['/sublicensing', 'open-licence']]],
  ['a condition twice', { conditions: ['attribution', 'attribution'] }, [['/conditions/1', 'duplicate-condition']]],
  ['no derivatives, of an adaptation', { conditions: ['no-derivatives'] }, [['/scope/rights', 'contradictory-condition']]],
  ['no derivatives, of all rights', { conditions: ['no-derivatives'], scope: { ...base.scope, rights: ['*', '-adaptation', '-filming'] } }, [['/scope/rights', 'contradictory-condition']]],
  ['no derivatives, and share them alike', { conditions: ['no-derivatives', 'share-alike'], scope: { ...base.scope, rights: ['reproduction'] } }, [['/conditions', 'contradictory-condition'], ['/conditions', 'condition-without-ground']]],
  ['a share to pass on that there is not', { conditions: ['same-revenue-share'] }, [['/revenueShareBps', 'condition-without-ground']]],
  ['a token', { price: { amountMinor: '1', currency: 'ETH' } }, [['/price/currency', 'unknown-currency']]],
  ['gold', { price: { amountMinor: '1', currency: 'XAU' } }, [['/price/currency', 'unknown-currency']]],
  ['the law of nowhere', { governingLaw: 'QQ' }, [['/governingLaw', 'unknown-law']]],
  ['a moral right', { scope: { ...base.scope, rights: ['reproduction', 'integrity'] } }, [['/scope/rights/1', 'moral-right']]],
  ['a term that ends before it begins', { scope: { ...base.scope, term: { from: '2027-01-02', to: '2027-01-01' } } }, [['/scope/term', 'empty-term']]],
  ['a licence of Creative Commons that is none', { licenceUri: 'https://creativecommons.org/licenses/by/4.0' }, [['/licenceUri', 'unknown-licence']]],
  ['the same under another host name', { licenceUri: 'https://WWW.creativecommons.org/licenses/by/4.0/' }, [['/licenceUri', 'unknown-licence']]],
])('refused: %s', (_what, change, faults) => expect(faultsOf(change)).toEqual(faults));

test.each<[string, Partial<LicenceTermsInput>, string[]]>([
  ['for China only', { scope: { ...cc().scope, territories: ['CN'] } }, ['/scope/territories']],
  ['for print only', { scope: { ...cc().scope, uses: ['print'] } }, ['/scope/uses']],
  ['in English only', { scope: { ...cc().scope, languages: ['en'] } }, ['/scope/languages']],
  ['for a year', { scope: { ...cc().scope, term: { from: '2027-01-01', to: '2027-12-31' } } }, ['/scope/term']],
  ['without attribution', { conditions: [] }, ['/conditions']],
  ['with a condition more', { conditions: ['attribution', 'non-commercial'] }, ['/conditions']],
  ['to one licensee', { toAnyone: false }, ['/toAnyone']],
  ['for a share', { revenueShareBps: 1 }, ['/revenueShareBps']],
  ['under Chinese law', { governingLaw: 'CN' }, ['/governingLaw']],
  ['with rights that it does not name', { scope: { ...cc().scope, rights: ['*'] } }, ['/scope/rights']],
])('CC BY %s is not CC BY', (_what, change, pointers) => expect(faultsOf(cc(change))).toEqual(pointers.map((pointer) => [pointer, 'other-licence'])));

test('an owner licenses under CC what rights they have', () => expect(faultsOf(cc())).toEqual([]));

test.each<[string, unknown]>([
  ['nothing', undefined], ['a member too many', { ...base, royalty: 1 }], ['no exclusivity', { ...base, exclusivity: undefined }], ['a condition of one’s own', { ...base, conditions: ['be-kind'] }],
  ['a price of nothing', { ...base, price: { amountMinor: '0', currency: 'CNY' } }], ['a price as a number', { ...base, price: { amountMinor: 100, currency: 'CNY' } }], ['more than everything', { ...base, revenueShareBps: 10_001 }],
  ['half a basis point', { ...base, revenueShareBps: 0.5 }], ['a licence in plain HTTP', { ...base, licenceUri: 'http://example.org/' }], ['a script', { ...base, licenceUri: 'javascript:alert(1)' }],
])('malformed: %s', (_what, given) => expect(parseTerms(given).faults.map(({ rule }) => rule)).toEqual(['malformed']));

test('a reservation says a scope and that it is reserved', () => {
  const { scope } = base;
  expect(parseReservation({ reserved: true, scope }).reservation).toEqual({ reserved: true, scope: { ...scope, term: { from: '2026-12-31T16:00:00.000Z', until: null } } });
  expect(parseReservation({ reserved: false, scope }).faults.map(({ rule }) => rule)).toEqual(['malformed']);
  expect(parseReservation({ reserved: true, scope: { ...scope, uses: ['telepathy'] } }).faults.map(({ pointer, rule }) => [pointer, rule])).toEqual([['/scope/uses/0', 'unknown-code']]);
});

test('amounts go from minor units to decimals and back', () => {
  expect([toDecimalAmount('1250', 'CNY'), toDecimalAmount('5', 'CNY'), toDecimalAmount('1250', 'JPY'), toDecimalAmount('1', 'KWD')]).toEqual(['12.50', '0.05', '1250', '0.001']);
  expect(['12.5', '12.505', '1e3', '-1', '.5', '1.', '', '00012.50'].map((decimal) => parseDecimalAmount(decimal, 'CNY'))).toEqual(['1250', null, null, null, null, null, null, '1250']);
  expect(parseDecimalAmount('1.5', 'JPY')).toBe(null);
});

test('every preset of Creative Commons is a licence that is known', () => expect(LICENCE_PRESETS.filter((preset) => preset.startsWith('cc-'))).toEqual(Object.keys(CC_LICENCES)));
