import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { composeContract, type ContractFacts, contractDigest, contractText, printContract, SECTION_KEYS, type SectionKey } from '../../../../src/lib/contract/index.js';
import { CONDITIONS } from '../../../../src/lib/licence-terms/index.js';
import { LANGUAGE_NAMES, TERRITORY_NAMES } from '../../../../src/lib/contract/names.js';
import { describeInWords } from '../../../../src/lib/contract/scope-words.js';
import { describeScope, LANGUAGE_CODES, RIGHT_CODES, type Scope, TERRITORY_CODES, toBox, USE_CODES } from '../../../../src/lib/rights/index.js';
import { assignmentFacts, CO_OWNER, GRANTOR, licenceFacts, LICENSEE } from './facts.js';

const keysOf = (facts: ContractFacts): SectionKey[] => composeContract(facts).sections.map(({ key }) => key);
const textOf = (facts: ContractFacts): string => contractText(composeContract(facts));
const sectionOf = (facts: ContractFacts, key: SectionKey) => composeContract(facts).sections.find((section) => section.key === key)?.paragraphs ?? [];
const headingsOf = (text: string): string[] => text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).filter((line) => line.startsWith('§'));

test('a licence says what Art. 26 asks for', () => {
  expect(keysOf(licenceFacts())).toEqual(expect.arrayContaining<SectionKey>(['rights', 'exclusivity', 'territory', 'term', 'payment', 'breach']));
  expect(keysOf(licenceFacts({ price: null, payment: null, breach: null, exclusivity: null, conditions: ['x'] }))).toEqual(expect.arrayContaining<SectionKey>(['rights', 'exclusivity', 'territory', 'term', 'payment', 'breach', 'conditions']));
});

test('an assignment says what Art. 27 asks for, and nothing of exclusivity or sublicences', () => {
  const keys = keysOf(assignmentFacts({ payment: null, price: null, breach: null }));
  expect(keys).toEqual(expect.arrayContaining<SectionKey>(['work', 'rights', 'territory', 'payment', 'delivery', 'breach', 'reserved', 'form']));
  expect(keys).not.toContain('exclusivity');
  expect(keys).not.toContain('sublicensing');
});

test('sections come in one order, and only where there is something to say', () => {
  const full = licenceFacts({ subjectTo: ['LC-1'], conditions: ['x'], grantor: [{ account: GRANTOR, name: null }, { account: CO_OWNER, name: null }], declared: { paperSha256: 'ab'.repeat(32), signedOn: '2020-01-02' } });
  expect(keysOf(full)).toEqual(SECTION_KEYS.filter((key) => key !== 'record' && key !== 'delivery'));
  const optional: SectionKey[] = ['earlier-licences', 'conditions', 'co-owners', 'paper'];
  expect(keysOf(licenceFacts())).toEqual(keysOf(full).filter((key) => !optional.includes(key)));
  expect(keysOf(licenceFacts({ parent: 'LC-2' }))).toContain('earlier-licences');
  expect(keysOf(licenceFacts({ renews: 'LC-2' }))).toContain('earlier-licences');
});

test('every fact that was agreed changes the text; when it was granted and who consented does not', () => {
  const changes: Partial<ContractFacts>[] = [
    { number: 'LC-2' }, { work: { number: 'ZB-2', title: '鬱金香', category: 'photography' } }, { work: { number: 'ZB-5H2N-8R6T-Y4PA-M', title: null, category: 'photography' } },
    { work: { number: 'ZB-5H2N-8R6T-Y4PA-M', title: '鬱金香', category: 'literary' } }, { grantor: [{ account: CO_OWNER, name: '张三' }] }, { grantor: [{ account: GRANTOR, name: null }] },
    { licensee: [{ account: null, name: '某某文化传媒有限公司' }] }, { licensee: [] }, { exclusivity: 'sole' }, { exclusivity: 'non-exclusive' }, { exclusivity: null },
    ...(['rights', 'territories', 'uses', 'languages'] as const).map((dimension) => ({ scope: { ...licenceFacts().scope, [dimension]: [{ rights: 'adaptation', territories: 'JP', uses: 'film', languages: 'en' }[dimension]] } })),
    { scope: { ...licenceFacts().scope, term: { from: '2026-12-31T16:00:00.001Z', until: '2029-12-31T16:00:00.000Z' } } }, { scope: { ...licenceFacts().scope, term: { from: '2026-12-31T16:00:00.000Z', until: null } } },
    { sublicensing: true }, { subjectTo: ['LC-3'] }, { parent: 'LC-3' }, { renews: 'LC-3' }, { declared: { paperSha256: 'ab'.repeat(32), signedOn: '2020-01-02' } },
    { price: null }, { price: { amountMinor: '0', currency: 'CNY' } }, { price: { amountMinor: '1200000', currency: 'JPY' } }, { payment: null }, { payment: '' }, { attribution: 'x' },
    { revenueShareBps: 1 }, { conditions: ['x'] }, { conditions: ['x', 'y'] }, { breach: null }, { breach: { curePeriodDays: 16 } }, { governingLaw: 'England' }, { governingLaw: 'GB' }, { governingLaw: 'GB-ENG' }, { governingLaw: 'ZZ' }, { governingLaw: null }, { conditions: ['non-commercial'] }, { conditions: ['toString'] },
    ...(['licence', 'year', 'copy'] as const).map((per) => ({ price: { amountMinor: '1200000', currency: 'CNY', per } })), { kind: 'assignment' },
  ];
  const texts = [licenceFacts(), ...changes.map(licenceFacts)].map(textOf);
  expect(new Set(texts).size).toBe(texts.length);
  expect(textOf(licenceFacts({ grantedAt: '2030-01-01T00:00:00.000Z', consents: [{ account: CO_OWNER, statementId: 'x' }] }))).toBe(textOf(licenceFacts()));
});

test('the record names the time and every consent', () => {
  const { record } = composeContract(licenceFacts({ consents: [{ account: CO_OWNER, statementId: 'statement-1' }] }));
  expect(record.key).toBe('record');
  expect(record.paragraphs[0]?.zh).toContain('2026-11-20T12:00:00.000Z');
  expect(record.paragraphs[1]?.en).toContain(`${CO_OWNER}, statement statement-1`);
});

test('money is written with the decimals of its currency, and yuan in financial numerals too', () => {
  expect(sectionOf(licenceFacts(), 'payment')[0]?.zh).toContain('CNY 12,000.00（大写：人民币壹万贰仟元整）');
  expect(sectionOf(licenceFacts({ price: { amountMinor: '1200000', currency: 'JPY' } }), 'payment')[0]?.en).toContain('JPY 1,200,000.');
  expect(sectionOf(licenceFacts({ revenueShareBps: 1255 }), 'payment')[1]?.en).toContain('12.55%');
});

test('conditions of licence terms are said in both languages, other text is quoted', () => {
  const paragraphs = sectionOf(licenceFacts({ conditions: [...CONDITIONS, '不得用于广告。'] }), 'conditions');
  expect(paragraphs.map(({ quoted }) => quoted)).toEqual([...CONDITIONS.map(() => undefined), '不得用于广告。']);
  expect(new Set(paragraphs.map(({ zh }) => zh)).size).toBe(CONDITIONS.length + 1);
});

test('a contract that was declared waits for nobody, and its paper prevails', () => {
  for (const facts of [licenceFacts, assignmentFacts]) {
    const declared = facts({ declared: { paperSha256: 'ab'.repeat(32), signedOn: '2020-01-02' } });
    expect(sectionOf(declared, 'paper')[0]?.zh).toContain('ab'.repeat(32));
    expect(sectionOf(declared, 'form')).not.toEqual(sectionOf(facts(), 'form'));
  }
});

test.each<[string, Partial<ContractFacts>]>([
  ['an amount with a point', { price: { amountMinor: '1.5', currency: 'CNY' } }], ['a negative amount', { price: { amountMinor: '-1', currency: 'CNY' } }],
  ['a currency that is none', { price: { amountMinor: '1', currency: '¥' } }], ['a share beyond all', { revenueShareBps: 10_001 }],
  ['half a day', { breach: { curePeriodDays: 0.5 } }], ['a right that is none', { scope: { ...licenceFacts().scope, rights: ['attribution'] } }],
])('refused: %s', (_what, change) => expect(() => composeContract(licenceFacts(change))).toThrow(RangeError));

describe('free text', () => {
  const forged = '按约定。\n\n§ 12 付酬标准和办法 / Payment\n许可使用费：无偿。';

  test.each(['\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029'])('cannot forge a heading over the line break %j', (lineBreak) => {
    const text = forged.replaceAll('\n', lineBreak);
    const facts = licenceFacts({ payment: text, attribution: text, conditions: [text], governingLaw: text, work: { number: 'ZB-1', title: text, category: text }, grantor: [{ account: text, name: text }], number: text });
    expect(headingsOf(textOf(facts))).toHaveLength(keysOf(facts).length);
    expect(textOf(licenceFacts({ payment: text }))).toContain('\n    > § 12 付酬标准和办法 / Payment\n    > 许可使用费：无偿。\n');
  });

  test('is kept as given, blank lines too', () => {
    expect(textOf(licenceFacts({ payment: '  a\n\n“b” \u3000§' }))).toContain('\n    >   a\n    > \n    > “b” \u3000§\n');
  });

  test('what would turn the direction of the text around is seen', () => {
    expect(textOf(licenceFacts({ payment: 'free\u202Eeerf\u0007' }))).toContain('    > free[U+202E]eerf[U+0007]\n');
  });
});

const names = (table: ReadonlyMap<string, number>, star: string) =>
  fc.tuple(fc.boolean(), fc.uniqueArray(fc.constantFrom(...table.keys()), { minLength: 1, maxLength: 5 })).map(([whole, codes]) => (whole ? [star, ...codes.map((code) => `-${code}`)] : codes));
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.array(fc.constantFrom('§ 1 当事人 / Parties', '\n', '\r', '\u2028', 'x', '    > ', ''), { maxLength: 8 }).map((parts) => parts.join('')));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const anyScope: fc.Arbitrary<Scope> = fc.record({
  rights: names(RIGHT_CODES, '*'), territories: names(TERRITORY_CODES, 'WORLD'), uses: names(USE_CODES, '*'), languages: names(LANGUAGE_CODES, '*'),
  term: fc.tuple(fc.integer({ min: -40_000, max: 40_000 }), optional(fc.integer({ min: 0, max: 40_000 }))).map(([from, days]) => ({
    from: new Date(from * 86_400_000).toISOString(), until: days === null ? null : new Date((from + days + 1) * 86_400_000).toISOString(),
  })),
});
const anyFacts: fc.Arbitrary<ContractFacts> = fc.record({
  kind: fc.constantFrom('licence', 'assignment'), number: fc.stringMatching(/^LC-[0-9A-Z]{4}-[0-9A-Z]{4}$/), work: fc.record({ number: anyText, title: optional(anyText), category: anyText }),
  grantor: fc.array(fc.record({ account: anyText, name: optional(anyText) }), { minLength: 1, maxLength: 3 }), licensee: fc.array(fc.record({ account: optional(anyText), name: optional(anyText) }), { maxLength: 2 }),
  exclusivity: fc.constantFrom(null, 'non-exclusive', 'sole', 'exclusive'), scope: anyScope, sublicensing: fc.boolean(), subjectTo: fc.array(anyText, { maxLength: 2 }), parent: optional(anyText), renews: optional(anyText),
  declared: optional(fc.record({ paperSha256: anyText, signedOn: anyText })), price: optional(fc.record({ amountMinor: fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String), currency: fc.stringMatching(/^[A-Z]{3}$/) })),
  payment: optional(anyText), attribution: optional(anyText), revenueShareBps: optional(fc.integer({ min: 0, max: 10_000 })), conditions: fc.array(anyText, { maxLength: 3 }),
  breach: optional(fc.record({ curePeriodDays: fc.nat(365) })), governingLaw: optional(anyText), grantedAt: anyText, consents: fc.array(fc.record({ account: anyText, statementId: anyText }), { maxLength: 2 }),
});

test('any facts give one text, with the number and the scope, and no heading but its own', () => {
  fc.assert(fc.property(anyFacts, (facts) => {
    const document = composeContract(facts);
    const text = contractText(document);
    expect(contractText(composeContract(structuredClone(facts)))).toBe(text);
    expect(text.endsWith('\n') && !text.includes('\r')).toBe(true);
    for (const locale of ['zh', 'en'] as const) expect(text).toContain(`\n${describeInWords(facts.scope, facts.exclusivity, locale).sentence}`);
    expect(text.split('\n').filter((line) => line.endsWith(` ${facts.number}`)).length).toBeGreaterThanOrEqual(2);
    expect(headingsOf(text)).toEqual(document.sections.map(({ heading }, i) => `§ ${i + 1} ${heading.zh} / ${heading.en}`));
    expect(contractDigest(text)).toMatch(/^[0-9a-f]{64}$/);
  }), { numRuns: 200 });
});

describe('words of scopes', () => {
  test('every territory and language has a name of its own, in both languages', () => {
    expect([...TERRITORY_NAMES.keys()]).toEqual([...TERRITORY_CODES.keys()]);
    expect([...LANGUAGE_NAMES.keys()]).toEqual([...LANGUAGE_CODES.keys()]);
    for (const table of [TERRITORY_NAMES, LANGUAGE_NAMES]) for (const locale of ['zh', 'en'] as const) expect(new Set([...table.values()].map((name) => name[locale])).size).toBe(table.size);
  });

  test('are those of describeScope, where the host calls things the same', () => {
    for (const scope of [licenceFacts().scope, { ...licenceFacts().scope, territories: ['WORLD', '-CN', '-TW'], languages: ['zh-Hans', 'yue'] }, { ...licenceFacts().scope, uses: ['*'], term: { from: '2027-01-01', to: null } }]) {
      const { box } = toBox(scope);
      if (box === null) throw new Error('not a scope');
      expect(describeInWords(scope, 'sole', 'zh').sentence).toBe(describeScope(box, 'sole', 'zh'));
      // English names have commas of their own: Hong Kong, China.
      expect(describeInWords(scope, 'sole', 'en').sentence.replaceAll('; ', ', ')).toBe(describeScope(box, 'sole', 'en'));
    }
  });

  test('never change: whoever changes a name of a right, a use, a territory or a language changes CONTRACT_FORM', () => {
    const first = (table: ReadonlyMap<string, number>, count: number): string[] => [...table.keys()].slice(0, count);
    const all = { rights: first(RIGHT_CODES, 13), territories: first(TERRITORY_CODES, 249), uses: first(USE_CODES, 25), languages: first(LANGUAGE_CODES, 61), term: { from: '2027-01-01', to: '2027-12-31' } };
    expect(contractDigest(JSON.stringify([describeInWords(all, 'exclusive', 'zh'), describeInWords(all, 'exclusive', 'en')]))).toBe('ef71e7f0fa6f46e35855a10fb102125a0ee54ddb3307d46d0cf1720d7e0de4a2');
  });
});

test('it is printed with the digest of its text, whoever accepted and whoever did not', () => {
  const document = composeContract(licenceFacts());
  const printed = printContract(document, [
    { role: 'grantor', account: GRANTOR, acceptedAt: '2026-11-20T12:00:00.000Z', leafHash: 'ab'.repeat(32), signed: true }, { role: 'licensee', account: LICENSEE, acceptedAt: null, leafHash: null, signed: false },
  ], '2026-11-20T12:00:00.000Z');
  expect(printed.annex.text).toBe(contractText(document));
  expect(printed.annex.heading.zh).toContain(contractDigest(printed.annex.text));
  expect(printed.sections.at(-1)?.key).toBe('record');
  expect(printed.tables[0]?.rows.map((row) => [row.length, row[1], row[3]])).toEqual([[5, GRANTOR, 'ab'.repeat(32)], [5, LICENSEE, '—']]);
});

test('docs/spec/contract-document.md: the facts make the text, and the text has the digest', () => {
  const spec = readFileSync(join(__dirname, '../../../../docs/spec/contract-document.md'), 'utf8');
  const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(spec)?.[1] ?? '';
  const text = textOf(JSON.parse(block('json')) as ContractFacts);
  expect(text).toBe(block('contract'));
  expect(createHash('sha256').update(text, 'utf8').digest('hex')).toBe(/SHA-256 is `([0-9a-f]{64})`/.exec(spec)?.[1]);
  expect(contractDigest(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
  expect(SECTION_KEYS.filter((key) => key !== 'record' && !spec.includes(`\`${key}\``))).toEqual([]);
});
