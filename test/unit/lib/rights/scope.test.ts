import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describeScope, LANGUAGE_CODES, OPEN_END, RIGHT_CODES, type Scope, scopeSchema, TERRITORY_CODES, toBox, toScope, USE_CODES } from '../../../../src/lib/rights/index.js';

const scope = (change: Partial<Scope> = {}): Scope => ({
  rights: ['network-dissemination'], territories: ['CN'], uses: ['*'], languages: ['*'], term: { from: '2027-01-01', to: '2029-12-31' }, ...change,
});
const boxOf = (given: Scope) => {
  const { box, faults } = toBox(scopeSchema.parse(given));
  if (box === null) throw new Error(JSON.stringify(faults));
  return box;
};
const faultsOf = (given: Scope) => toBox(scopeSchema.parse(given)).faults.map(({ pointer, rule }) => [pointer, rule]);

test('the tables give every name a code of its own within the space', () => {
  const sizes = [RIGHT_CODES, TERRITORY_CODES, USE_CODES, LANGUAGE_CODES].map((table) => {
    expect(new Set(table.values()).size).toBe(table.size);
    expect([...table.values()].every((code) => code >= 0 && code < 1023)).toBe(true);
    return table.size;
  });
  expect(sizes.slice(0, 2)).toEqual([13, 249]);
  expect([TERRITORY_CODES.get('CN'), TERRITORY_CODES.get('HK'), TERRITORY_CODES.get('MO'), TERRITORY_CODES.get('TW')]).toEqual([156, 344, 446, 158]);
});

test('dates are both meant, in Shanghai unless said', () => {
  expect(toScope(boxOf(scope())).term).toEqual({ from: '2026-12-31T16:00:00.000Z', until: '2029-12-31T16:00:00.000Z' });
  expect(toScope(boxOf(scope({ term: { from: '2027-01-01', to: '2027-01-01', timeZone: 'UTC' } }))).term).toEqual({ from: '2027-01-01T00:00:00.000Z', until: '2027-01-02T00:00:00.000Z' });
  expect(boxOf(scope({ term: { from: '2027-01-01', to: null } })).term.until).toBe(OPEN_END);
});

test('a scope is said in one sentence', () => {
  expect(describeScope(boxOf(scope()), 'exclusive', 'zh')).toBe('独占 · 信息网络传播权 · 中国内地 · 2027-01-01 至 2029-12-31');
  expect(describeScope(boxOf(scope({ rights: ['filming', 'adaptation'], territories: ['WORLD', '-CN', '-HK', '-MO', '-TW'], uses: ['film'], languages: ['zh-Hans', 'yue'], term: { from: '2027-01-01', to: null } })), 'sole', 'zh'))
    .toBe('排他 · 摄制权、改编权 · 全球（不含中国内地、中国台湾、中国香港、中国澳门） · 电影 · 简体中文、粤语 · 2027-01-01 至保护期届满');
  expect(describeScope(boxOf(scope({ territories: ['WORLD'] })), null, 'en')).toBe('network dissemination · worldwide · 2027-01-01 to 2029-12-31');
});

test('every box that names make has one spelling, which reads back to the box', () => {
  const list = (table: ReadonlyMap<string, number>, star: string) => fc.tuple(fc.boolean(), fc.uniqueArray(fc.constantFrom(...table.keys()), { minLength: 1, maxLength: 6 })).map(([whole, names]) => (whole ? [star, ...names.map((name) => `-${name}`)] : names));
  const day = fc.integer({ min: -40_000, max: 40_000 }).map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));
  const term = fc.tuple(day, fc.option(day)).map(([a, b]) => ({ from: b !== null && b < a ? b : a, to: b !== null && b < a ? a : b }));
  fc.assert(fc.property(list(RIGHT_CODES, '*'), list(TERRITORY_CODES, 'WORLD'), list(USE_CODES, '*'), list(LANGUAGE_CODES, '*'), term, (rights, territories, uses, languages, within) => {
    const box = boxOf({ rights, territories, uses, languages, term: within });
    const written = toScope(box);
    expect(boxOf(written)).toEqual(box);
    expect(toScope(boxOf({ ...written, uses: uses.length > 1 && uses[0] !== '*' ? uses.toReversed() : uses }))).toEqual(written);
  }));
});

test.each<[string, Partial<Scope>, string[][]]>([
  ['a moral right', { rights: ['reproduction', 'integrity'] }, [['/rights/1', 'moral-right']]],
  ['a moral right as an exception', { rights: ['*', '-attribution'] }, [['/rights/1', 'moral-right']]],
  ['an unknown use', { uses: ['telepathy'] }, [['/uses/0', 'unknown-code']]],
  ['a territory in small letters', { territories: ['cn'] }, [['/territories/0', 'unknown-code']]],
  ['a star that is not first', { uses: ['film', '*'] }, [['/uses/1', 'unknown-code']]],
  ['the star of another set', { territories: ['*'] }, [['/territories/0', 'unknown-code']]],
  ['a name after the star', { languages: ['*', 'en'] }, [['/languages/1', 'unknown-code']]],
  ['an exception without a star', { uses: ['-film'] }, [['/uses/0', 'unknown-code']]],
  ['an inverted term', { term: { from: '2029-01-02', to: '2029-01-01' } }, [['/term', 'empty-term']]],
  ['an empty term', { term: { from: '2029-01-01T00:00:00Z', until: '2029-01-01T00:00:00Z' } }, [['/term', 'empty-term']]],
  ['a term before there was time', { term: { from: '1699-12-31', to: '2029-01-01' } }, [['/term', 'term-out-of-range']]],
  ['several faults at once', { rights: ['publication'], uses: ['x'], term: { from: '2029-01-02', to: '2029-01-01' } }, [['/rights/0', 'moral-right'], ['/uses/0', 'unknown-code'], ['/term', 'empty-term']]],
])('%s', (_what, change, faults) => expect(faultsOf(scope(change))).toEqual(faults));

test.each<[string, unknown]>([
  ['an empty list', scope({ rights: [] })], ['no term', { ...scope(), term: undefined }], ['two kinds of end', scope({ term: { from: '2027-01-01', to: '2027-01-02', until: null } as never })],
  ['a date that is none', scope({ term: { from: '2027-02-30', to: null } })], ['a member too many', { ...scope(), price: 1 }],
])('malformed: %s', (_what, given) => expect(scopeSchema.safeParse(given).success).toBe(false));

test('docs/spec/scope.md names every use, and its example is a scope as statements hold it', () => {
  const text = readFileSync(join(__dirname, '../../../../docs/spec/scope.md'), 'utf8');
  expect([...USE_CODES.keys()].filter((use) => !text.includes(`\`${use}\``))).toEqual([]);
  const example = JSON.parse(/```json\n(.*)\n```/.exec(text)?.[1] ?? '') as Scope;
  const box = boxOf(example);
  expect(toScope(box)).toEqual(example);
  expect(text).toContain(`«${describeScope(box, null, 'zh')}»`);
});
