import { createHash } from 'node:crypto';
import { composeVerdictNote, isVerdictText, parseVerdict, parseVerdictNote, type RightsVerdict, verifyVerdict } from '../../../../src/lib/verdict/index.js';
import { codeOf } from '../code-of.js';
import { buildScene, type JsonObject, LOG, MemoryLog, ORIGIN, WORK } from '../proof/build-bundle.js';
import { buildVerdict, changed, ISSUED, sign } from './build-verdict.js';

const { verdict } = buildVerdict();
const text = JSON.stringify(verdict);
const { note, ...unsigned } = verdict as unknown as RightsVerdict;

test('a verdict from text and from a value are one', () => {
  expect(parseVerdict(verdict)).toEqual(parseVerdict(text));
});

const reason = (verdict['reasons'] as JsonObject[])[2] as JsonObject;
test.each<[string, () => unknown, string]>([
  ['no JSON', () => '{', 'JSON.MALFORMED'],
  ['a doubled key', () => text.replace('{', '{"format":"zhengben-verdict/1",'), 'JSON.DUPLICATE_KEY'],
  ['another format', () => ({ ...verdict, format: 'zhengben-verdict/2' }), 'BUNDLE.MALFORMED'],
  ['a member that this version does not know', () => ({ ...verdict, trusted: true }), 'BUNDLE.MALFORMED'],
  ['one in the question', () => changed(verdict, '/question/price', () => '1'), 'BUNDLE.MALFORMED'],
  ['no asOf', () => text.replace('"asOf"', '"asof"'), 'BUNDLE.MALFORMED'],
  ['a word that is no answer', () => ({ ...verdict, verdict: 'maybe' }), 'BUNDLE.MALFORMED'],
  ['a reason without a statement', () => changed(verdict, '/reasons/0/statement', () => null), 'BUNDLE.MALFORMED'],
  ['a statement that is a list', () => changed(verdict, '/reasons/0/statement', () => []), 'BUNDLE.MALFORMED'],
  ['a leaf index that is none', () => changed(verdict, '/reasons/0/inclusion/leafIndex', () => -1), 'BUNDLE.MALFORMED'],
  ['201 reasons', () => ({ ...verdict, reasons: Array.from({ length: 201 }, () => reason) }), 'BUNDLE.MALFORMED'],
  ['a path of 65', () => changed(verdict, '/reasons/0/inclusion/path', () => Array.from({ length: 65 }, () => '')), 'BUNDLE.MALFORMED'],
  ['a receipt of 2 KiB', () => changed(verdict, '/reasons/2/receipt', () => 'a'.repeat(2_048)), 'BUNDLE.MALFORMED'],
  ['9 MiB', () => ' '.repeat(9 * 1024 * 1024), 'BUNDLE.TOO_LARGE'],
  ['a depth that would exhaust the stack', () => '['.repeat(1_000_000), 'JSON.TOO_DEEP'],
  ['nothing', () => undefined, 'JSON.NOT_CANONICALIZABLE'],
  ['null', () => 'null', 'BUNDLE.MALFORMED'],
  ['a bundle', () => buildScene().bundle, 'BUNDLE.MALFORMED'],
])('unusable: %s', (_what, input, code) => {
  expect(codeOf(() => parseVerdict(input()))).toBe(code);
});

test('a member that JavaScript objects lose is not lost on the way to the digest', async () => {
  const hostile = [text.replace('{', '{"__proto__":{},'), text.replace('"body":{', '"body":{"__proto__":{},'), text.replace('"question":{', '"question":{"__proto__":{},')];
  const outcomes = await Promise.all(hostile.map(async (input) => {
    try {
      return (await verifyVerdict(parseVerdict(input), { logKeys: [LOG.vkey] })).verdict;
    } catch (error) {
      return codeOf(() => {
        throw error;
      });
    }
  }));
  expect(outcomes.every((outcome) => outcome === 'refuted' || outcome === 'BUNDLE.MALFORMED')).toBe(true);
});

test.each<[string, boolean]>([
  [text, true], [text.replace('-verdict/1', '-verdict/2'), true], [text.replace('-verdict/1', '-verdict\\/1'), true], [JSON.stringify(buildScene().bundle), false],
  ['{}', false], ['null', false], ['["zhengben-verdict/1"]', false], ['{"body":{"format":"zhengben-verdict/1"}}', false], ['{"format":1}', false],
])('is told from a bundle by its format: %#', (input, is) => expect(isVerdictText(input)).toBe(is));

describe('the note', () => {
  const expected = note.slice(0, note.indexOf('\n\n') + 1);

  test('is three lines over the canonical form', () => {
    expect(composeVerdictNote(ORIGIN, unsigned)).toBe(expected);
    expect(composeVerdictNote(ORIGIN, unsigned, (bytes) => createHash('sha256').update(bytes).digest())).toBe(expected);
    expect(Buffer.from(parseVerdictNote(expected).digest).toString('base64')).toBe(expected.split('\n')[1]);
    expect(parseVerdictNote(expected)).toMatchObject({ origin: ORIGIN, issuedAt: ISSUED });
  });

  test.each<[string, () => string, string]>([
    ['no origin', () => composeVerdictNote('', unsigned), 'BUNDLE.MALFORMED'],
    ['an origin of two lines', () => composeVerdictNote('a\nb', unsigned), 'BUNDLE.MALFORMED'],
    ['a time without milliseconds', () => composeVerdictNote(ORIGIN, { ...unsigned, issuedAt: '2026-11-20T13:00:00Z' }), 'BUNDLE.MALFORMED'],
    ['the note in what is signed', () => composeVerdictNote(ORIGIN, verdict as unknown as RightsVerdict), 'BUNDLE.MALFORMED'],
    ['a hash of another length', () => composeVerdictNote(ORIGIN, unsigned, () => new Uint8Array(31)), 'MERKLE.INVALID_HASH'],
    ['too many reasons', () => composeVerdictNote(ORIGIN, { ...unsigned, reasons: Array.from({ length: 201 }, () => unsigned.reasons[0] as never) }), 'BUNDLE.MALFORMED'],
    ['too much', () => composeVerdictNote(ORIGIN, { ...unsigned, reasons: Array.from({ length: 140 }, () => ({ ...unsigned.reasons[0] as RightsVerdict['reasons'][number], statement: { a: 'a'.repeat(60_000) } })) }), 'BUNDLE.TOO_LARGE'],
  ])('is not made of what no reader would take: %s', (_what, action, code) => expect(codeOf(action)).toBe(code));

  test.each([
    '', expected.slice(0, -1), `${expected}\n`, expected.replace('/verdict', ''), expected.replace(`${ORIGIN}/verdict`, '/verdict'), expected.replace('/verdict', '/receipt'),
    expected.replace('T13', 'T25'), expected.replace(/\n[^\n]*=\n/, `\n${Buffer.alloc(31).toString('base64')}\n`), expected.replace('=\n', '\n'),
  ])('is refused in another form: %#', (form) => expect(codeOf(() => parseVerdictNote(form))).toBe('BUNDLE.MALFORMED'));
});

test('hostile sizes end quickly', async () => {
  const log = new MemoryLog();
  const index = log.append({ type: 'a.b', subject: WORK, body: {} });
  const statement = log.statements[index] as JsonObject;
  // As many signature lines as fit, each of them right, in each of as many receipts as fit.
  const receiptText = `${ORIGIN}/receipt\n${Buffer.from(log.leaves[0] as Uint8Array).toString('base64')}\n${ISSUED}\n${ISSUED}\n`;
  const line = LOG.signText(receiptText);
  const receipt = `${receiptText}\n${line.repeat(Math.floor((1_024 - receiptText.length) / line.length))}`;
  const reasons = Array.from({ length: 200 }, () => ({ ...reason, subject: WORK, statement, receipt }));
  const started = performance.now();
  const report = await verifyVerdict(parseVerdict(sign({ ...verdict, asOf: null, reasons, question: { ...(verdict['question'] as JsonObject), knownAt: ISSUED } })), { logKeys: [LOG.vkey] });
  expect([report.verdict, performance.now() - started < 20_000]).toEqual(['verified', true]);
}, 60_000);
