import { applyPreset, applyReservation, CC_LICENCES, type CcLicence, LICENCE_PRESETS, type LicencePreset, PRESET_TEMPLATES, PRESET_TEXTS, type PresetOptions, PRESETS } from '../../../../src/lib/licence-terms/index.js';

const from = '2027-01-01';
const needed: Record<string, object> = { territories: { territories: ['JP'] }, price: { price: { amountMinor: '100000', currency: 'CNY', per: 'year' } }, revenueShareBps: { revenueShareBps: 1000 } };
const optionsFor = (preset: LicencePreset): PresetOptions => Object.assign({ from }, ...PRESET_TEMPLATES[preset].needs.map((choice) => needed[choice])) as PresetOptions;
const termsOf = (preset: LicencePreset, options: unknown = optionsFor(preset)) => {
  const { terms, faults } = applyPreset(preset, options);
  if (terms === null) throw new Error(JSON.stringify(faults));
  return terms;
};

test.each(LICENCE_PRESETS)('%s makes terms that hold, from the first day in Shanghai', (preset) => {
  expect(termsOf(preset).scope.term).toEqual({ from: '2026-12-31T16:00:00.000Z', until: null });
});

test.each(PRESETS)('%s has its name and its sentence in two languages', (preset) => {
  const { name, description } = PRESET_TEXTS[preset];
  expect([name.zh, name.en, description.zh, description.en].map((text) => text.length > 0)).toEqual([true, true, true, true]);
  expect([description.zh.match(/。/g)?.length, description.en.match(/\.(?= |$)/g)?.length]).toEqual([1, 1]);
});

test.each(Object.keys(CC_LICENCES) as CcLicence[])('%s is open to anyone, everywhere, for every use, under its own text', (preset) => {
  const { scope, ...terms } = termsOf(preset);
  expect(terms).toEqual({ exclusivity: 'non-exclusive', sublicensing: false, toAnyone: true, conditions: CC_LICENCES[preset].conditions, price: null, revenueShareBps: null, governingLaw: null, licenceUri: CC_LICENCES[preset].uri });
  expect([scope.territories, scope.uses, scope.languages]).toEqual([['WORLD'], ['*'], ['*']]);
  expect(['filming', 'adaptation', 'translation'].filter((right) => scope.rights.includes(right))).toHaveLength(preset.includes('nd') ? 0 : 3);
  expect(scope.rights).toEqual(expect.arrayContaining(['reproduction', 'distribution', 'performance', 'network-dissemination', 'compilation']));
});

test('who chooses is heard', () => {
  const terms = termsOf('exclusive-by-territory', { from, to: '2027-12-31', timeZone: 'UTC', territories: ['JP', 'KR'], languages: ['ja'], price: { amountMinor: '5', currency: 'JPY' } });
  expect([terms.exclusivity, terms.scope.territories, terms.scope.languages, terms.scope.term, terms.price]).toEqual([
    'exclusive', ['JP', 'KR'], ['ja'], { from: '2027-01-01T00:00:00.000Z', until: '2028-01-01T00:00:00.000Z' }, { amountMinor: '5', currency: 'JPY', per: 'licence' },
  ]);
  expect(termsOf('remix-revenue-share')).toMatchObject({ revenueShareBps: 1000, conditions: ['attribution', 'same-revenue-share'], scope: { rights: expect.arrayContaining(['adaptation']) as unknown } });
  expect(termsOf('ai-training-paid')).toMatchObject({ toAnyone: false, price: { per: 'year' }, scope: { rights: ['reproduction'], uses: ['ai-training'] } });
  expect(termsOf('ai-training-allowed')).toMatchObject({ toAnyone: true, price: null, conditions: [], scope: { rights: ['reproduction'], uses: ['ai-training'] } });
});

test('a preset leaves out the rights that the work does not have', () => {
  const rightsFor = (category: string): string[] => termsOf('commercial', { from, category }).scope.rights;
  expect([rightsFor('music').includes('exhibition'), rightsFor('photography').includes('exhibition'), rightsFor('literary').includes('projection'), rightsFor('audiovisual').includes('projection')]).toEqual([false, true, false, true]);
});

test('no use is granted that is not named, but by the open licences that say so', () => {
  expect(LICENCE_PRESETS.filter((preset) => termsOf(preset).scope.uses[0] === '*')).toEqual(Object.keys(CC_LICENCES));
  expect(LICENCE_PRESETS.filter((preset) => termsOf(preset).scope.uses.includes('ai-training'))).toEqual(['ai-training-allowed', 'ai-training-paid']);
});

test.each<[string, LicencePreset, unknown, string[][]]>([
  ['exclusive where', 'exclusive-by-territory', { from }, [['/territories', 'option-missing']]],
  ['paid how much', 'ai-training-paid', { from }, [['/price', 'option-missing']]],
  ['which share', 'remix-revenue-share', { from }, [['/revenueShareBps', 'option-missing']]],
  ['a narrowed, priced licence of Creative Commons', 'cc-by-4.0', { from, to: null, territories: ['CN'], price: { amountMinor: '1', currency: 'CNY' } }, [['/to', 'option-not-taken'], ['/territories', 'option-not-taken'], ['/price', 'option-not-taken']]],
  ['a price of what is free', 'ai-training-allowed', { from, price: { amountMinor: '1', currency: 'CNY' } }, [['/price', 'option-not-taken']]],
  ['an unknown territory', 'commercial', { from, territories: ['CN', 'QQ'] }, [['/territories/1', 'unknown-code']]],
  ['an unknown currency', 'commercial', { from, price: { amountMinor: '1', currency: 'BTC' } }, [['/price/currency', 'unknown-currency']]],
  ['a term that ends before it begins', 'commercial', { from, to: '2026-01-01' }, [['/to', 'empty-term']]],
  ['no beginning', 'commercial', {}, [['/from', 'malformed']]],
  ['an option that there is not', 'commercial', { from, sublicensing: true }, [['', 'malformed']]],
])('refused: %s', (_what, preset, given, faults) => expect(applyPreset(preset, given).faults.map(({ pointer, rule }) => [pointer, rule])).toEqual(faults));

test('reserving grants nothing and takes dates only', () => {
  expect(applyReservation('ai-training-reserved', { from, to: '2027-12-31' }).reservation).toEqual({
    reserved: true, scope: { rights: ['*'], territories: ['WORLD'], uses: ['ai-training'], languages: ['*'], term: { from: '2026-12-31T16:00:00.000Z', until: '2027-12-31T16:00:00.000Z' } },
  });
  expect(applyReservation('ai-training-reserved', { from, territories: ['CN'] }).faults.map(({ pointer, rule }) => [pointer, rule])).toEqual([['/territories', 'option-not-taken']]);
  expect(applyReservation('ai-training-reserved', { from, to: '2026-01-01' }).faults.map(({ pointer, rule }) => [pointer, rule])).toEqual([['/to', 'empty-term']]);
  expect(applyReservation('ai-training-reserved', null).faults.map(({ rule }) => rule)).toEqual(['malformed']);
});
