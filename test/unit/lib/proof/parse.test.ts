import { formatTlogProof, parseBundle, parseTlogProof, verifyBundle } from '../../../../src/lib/proof/index.js';
import { codeOf } from '../code-of.js';
import { buildScene, disclosure, type Json, type JsonObject, LOG, MemoryLog, WORK } from './build-bundle.js';

const bundle = (): JsonObject => buildScene().bundle;
const text = (value: Json): string => JSON.stringify(value);

test('a bundle from text and from a value are one', () => {
  expect(parseBundle(bundle())).toEqual(parseBundle(text(bundle())));
});

test.each<[string, () => unknown, string]>([
  ['no JSON', () => '{', 'JSON.MALFORMED'],
  ['a doubled key', () => text(bundle()).replace('{', '{"format":"zhengben-proof/1",'), 'JSON.DUPLICATE_KEY'],
  ['another format', () => ({ ...bundle(), format: 'zhengben-proof/2' }), 'BUNDLE.MALFORMED'],
  ['a member that this version does not know', () => ({ ...bundle(), trusted: true }), 'BUNDLE.MALFORMED'],
  ['no anchor member', () => text(bundle()).replace('"anchor"', '"anchors"'), 'BUNDLE.MALFORMED'],
  ['no chain', () => ({ ...bundle(), chains: [] }), 'BUNDLE.MALFORMED'],
  ['an empty chain', () => ({ ...bundle(), chains: [{ subject: WORK, complete: true, entries: [] }] }), 'BUNDLE.MALFORMED'],
  ['a statement that is a list', () => ({ ...bundle(), chains: [{ subject: WORK, complete: true, entries: [{ statement: [], disclosures: [], proof: '' }] }] }), 'BUNDLE.MALFORMED'],
  ['too many entries', () => ({ ...bundle(), chains: Array.from({ length: 3 }, () => ({ subject: WORK, complete: true, entries: Array.from({ length: 4_000 }, () => ({ statement: {}, disclosures: [], proof: '' })) })) }), 'BUNDLE.TOO_LARGE'],
  ['nothing', () => undefined, 'JSON.NOT_CANONICALIZABLE'],
  ['a number', () => 1, 'BUNDLE.MALFORMED'],
  ['null', () => 'null', 'BUNDLE.MALFORMED'],
  ['a depth that would exhaust the stack', () => '['.repeat(1_000_000), 'JSON.TOO_DEEP'],
  ['33 MiB', () => ' '.repeat(33 * 1024 * 1024), 'BUNDLE.TOO_LARGE'],
])('unusable: %s', (_what, input, code) => {
  expect(codeOf(() => parseBundle(input()))).toBe(code);
});

describe('tlog-proof', () => {
  const log = new MemoryLog();
  for (let n = 0; n < 5; n++) log.append({ type: 'a.b', subject: `S${n}`, body: {} });
  const proof = String(log.entry(2)['proof']);

  test('comes back as it was', () => {
    const parsed = parseTlogProof(proof);
    expect([parsed.index, parsed.proof.length, parsed.checkpoint]).toEqual([2, 3, log.checkpoint()]);
    expect(formatTlogProof(parsed)).toBe(proof);
  });
  test('of a tree of one leaf has no hashes', () => {
    const lone = new MemoryLog();
    lone.append({ type: 'a.b', subject: 'S', body: {} });
    expect(formatTlogProof(parseTlogProof(String(lone.entry(0)['proof'])))).toBe(lone.entry(0)['proof']);
  });
  test.each([
    '', 'c2sp.org/tlog-proof@v1', proof.replace('@v1', '@v2'), proof.replace('index 2', 'index 02'), proof.replace('index 2', 'index -1'), proof.replace('index 2', 'index 9007199254740991'),
    proof.replace('index 2', 'extra AAAA\nindex 2'), proof.replace('index 2\n', ''), proof.replace('\n\n', '\nAAAA\n\n'), proof.replace('\n\n', `\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n`),
    ` ${proof}`,
  ])('refused: %#', (form) => expect(codeOf(() => parseTlogProof(form))).toBe('PROOF.MALFORMED'));
});

test('hostile sizes inside of a bundle end quickly', async () => {
  const log = new MemoryLog();
  const long = [disclosure(`/${'a/'.repeat(48_000)}a`, 1), disclosure(`/${'~0'.repeat(48_000)}`, 1), disclosure(`/${'a'.repeat(90_000)}!~`, 1)];
  const many = Array.from({ length: 997 }, (_, i) => disclosure(`/x${i}`, i, i % 256));
  const index = log.append({ type: 'a.b', subject: WORK, body: {}, disclosures: [...long, ...many] });
  const entry = log.entry(index, [...long, ...many]);
  const started = performance.now();
  const report = await verifyBundle(parseBundle({ format: 'zhengben-proof/1', subject: WORK, logKey: LOG.vkey, chains: [{ subject: WORK, complete: true, entries: [entry] }], anchor: null }));
  expect([report.verdict, performance.now() - started < 5_000]).toEqual(['refuted', true]);
});
