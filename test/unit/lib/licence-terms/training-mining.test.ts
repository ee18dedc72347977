import { applyPreset, applyReservation, type LicencePreset, type LicenceTerms, parseTrainingMining, type Reservation, toTrainingMining, type TrainingMiningFacts } from '../../../../src/lib/licence-terms/index.js';

const from = '2027-01-01';
const terms = (preset: LicencePreset, options: object = {}): LicenceTerms => applyPreset(preset, { from, ...options }).terms as LicenceTerms;
const reserved = applyReservation('ai-training-reserved', { from }).reservation as Reservation;
const paid = terms('ai-training-paid', { price: { amountMinor: '100', currency: 'CNY' } });
const open: LicenceTerms = { ...terms('ai-training-allowed'), scope: { ...terms('cc-by-4.0').scope } };
const facts = (change: Partial<TrainingMiningFacts> = {}): TrainingMiningFacts => ({ terms: [], reservations: [], constraintInfo: null, ...change });
/** ai_training, ai_generative_training, ai_inference, data_mining */
const usesOf = (given: TrainingMiningFacts) => Object.values(toTrainingMining(given, 'c2pa').data.entries).map(({ use }) => use);

test.each<[string, Partial<TrainingMiningFacts>, string[]]>([
  ['nothing was said', {}, ['notAllowed', 'notAllowed', 'notAllowed', 'notAllowed']],
  ['it is reserved', { reservations: [reserved] }, ['notAllowed', 'notAllowed', 'notAllowed', 'notAllowed']],
  ['training is allowed', { terms: [terms('ai-training-allowed')] }, ['allowed', 'allowed', 'notAllowed', 'notAllowed']],
  ['training is allowed, and reserved', { terms: [terms('ai-training-allowed')], reservations: [reserved] }, ['constrained', 'constrained', 'notAllowed', 'notAllowed']],
  ['training is allowed in one territory', { terms: [terms('ai-training-allowed', { territories: ['JP'] })] }, ['constrained', 'constrained', 'notAllowed', 'notAllowed']],
  ['training is allowed for a year', { terms: [terms('ai-training-allowed', { to: '2027-12-31' })] }, ['constrained', 'constrained', 'notAllowed', 'notAllowed']],
  ['training is for sale', { terms: [paid] }, ['constrained', 'constrained', 'notAllowed', 'notAllowed']],
  ['training is for sale, and else reserved', { terms: [paid], reservations: [reserved] }, ['constrained', 'constrained', 'notAllowed', 'notAllowed']],
  ['training is for sale, and free', { terms: [paid, terms('ai-training-allowed')] }, ['allowed', 'allowed', 'notAllowed', 'notAllowed']],
  ['CC BY, which asks for a name', { terms: [terms('cc-by-4.0')] }, ['constrained', 'constrained', 'constrained', 'constrained']],
  ['everything is open, without conditions', { terms: [open] }, ['allowed', 'allowed', 'allowed', 'allowed']],
  ['everything is open, and training reserved', { terms: [open], reservations: [reserved] }, ['constrained', 'constrained', 'allowed', 'allowed']],
  ['all uses, but not to copy', { terms: [{ ...open, scope: { ...open.scope, rights: ['performance'] } }] }, ['notAllowed', 'notAllowed', 'notAllowed', 'notAllowed']],
  ['all uses but training', { terms: [{ ...open, scope: { ...open.scope, uses: ['*', '-ai-training'] } }] }, ['notAllowed', 'notAllowed', 'notAllowed', 'notAllowed']],
  ['other uses are for sale', { terms: [terms('commercial')] }, ['notAllowed', 'notAllowed', 'notAllowed', 'notAllowed']],
])('%s', (_what, change, uses) => expect(usesOf(facts(change))).toEqual(uses));

test('the assertion has the form of C2PA 1.4, and of its successor', () => {
  expect(toTrainingMining(facts({ terms: [terms('cc-by-4.0'), terms('cc-by-4.0')], constraintInfo: 'https://zhengben.example/ask' }), 'c2pa')).toMatchObject({
    label: 'c2pa.training-mining',
    data: { entries: { 'c2pa.ai_training': { use: 'constrained', constraint_info: 'https://creativecommons.org/licenses/by/4.0/ https://zhengben.example/ask' } } },
  });
  expect(toTrainingMining(facts(), 'cawg')).toEqual({
    label: 'cawg.training-mining',
    data: { entries: { 'cawg.ai_training': { use: 'notAllowed' }, 'cawg.ai_generative_training': { use: 'notAllowed' }, 'cawg.ai_inference': { use: 'notAllowed' }, 'cawg.data_mining': { use: 'notAllowed' } } },
  });
  expect(toTrainingMining(facts({ terms: [paid] }), 'cawg').data.entries['cawg.ai_training']).toEqual({ use: 'constrained' });
});

test.each(['c2pa', 'cawg'] as const)('%s is read back', (family) => {
  const assertion = toTrainingMining(facts({ terms: [paid], constraintInfo: 'ask' }), family);
  expect(parseTrainingMining(assertion).uses).toEqual({ ai_training: { use: 'constrained', constraint_info: 'ask' }, ai_generative_training: { use: 'constrained', constraint_info: 'ask' }, ai_inference: { use: 'notAllowed' }, data_mining: { use: 'notAllowed' } });
});

// From contentauth/c2patool, tests/fixtures/do_not_train.json.
test('the «do not train» of c2patool is understood', () => {
  const entries = { 'c2pa.ai_generative_training': { use: 'notAllowed' }, 'c2pa.ai_inference': { use: 'notAllowed' }, 'c2pa.ai_training': { use: 'notAllowed' }, 'c2pa.data_mining': { use: 'notAllowed' } };
  expect(Object.values(parseTrainingMining({ label: 'c2pa.training-mining', data: { entries } }).uses ?? {})).toEqual(Array.from({ length: 4 }, () => ({ use: 'notAllowed' })));
});

test('what is not named is not said, and other labels are others’', () => {
  const { uses } = parseTrainingMining({ label: 'cawg.training-mining', data: { entries: { 'c2pa.ai_training': { use: 'allowed' }, 'com.example.search': 1, 'cawg.data_mining': { use: 'allowed' } } } });
  expect(uses).toEqual({ ai_training: null, ai_generative_training: null, ai_inference: null, data_mining: { use: 'allowed' } });
});

test.each<[string, unknown, string]>([
  ['nothing', null, ''], ['another assertion', { label: 'c2pa.actions', data: { entries: {} } }, '/label'], ['no entries', { label: 'c2pa.training-mining', data: {} }, '/data/entries'],
  ['a use that is none', { label: 'c2pa.training-mining', data: { entries: { 'c2pa.ai_training': { use: 'maybe' } } } }, '/data/entries/c2pa.ai_training/use'],
  ['an entry with more to it', { label: 'c2pa.training-mining', data: { entries: { 'c2pa.ai_training': { use: 'allowed', unless: 1 } } } }, '/data/entries/c2pa.ai_training'],
])('malformed: %s', (_what, json, pointer) => expect(parseTrainingMining(json).faults.map((fault) => fault.pointer)).toEqual([pointer]));
