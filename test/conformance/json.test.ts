import { readdirSync, readFileSync } from 'node:fs';
import { bytesToHex } from '../../src/lib/bytes/index.js';
import { canonicalBytes, canonicalize, parseJson, parseJsonBytes } from '../../src/lib/canonical-json/index.js';
import { codeOf } from '../unit/lib/code-of.js';
import { describeConformance, readVectors, vectorPath } from './vectors.js';

describeConformance('rfc8785-jcs', () => {
  const names = readdirSync(vectorPath('rfc8785-jcs', 'input')).map((file) => file.replace('.json', ''));

  test('counts: the folder is whole', () => expect(names).toHaveLength(6));

  test.each(names)('%s', (name) => {
    const bytes = canonicalBytes(parseJsonBytes(readFileSync(vectorPath('rfc8785-jcs', 'input', `${name}.json`))), { numbers: 'doubles' });
    const expected = readFileSync(vectorPath('rfc8785-jcs', 'output', `${name}.json`));
    const outhex = readFileSync(vectorPath('rfc8785-jcs', 'outhex', `${name}.txt`), 'ascii').replaceAll(/\s/g, '');
    expect([bytesToHex(bytes), bytesToHex(bytes)]).toEqual([bytesToHex(expected), outhex]);
  });

  test('20,000 doubles', () => {
    const lines = readFileSync(vectorPath('rfc8785-jcs', 'es6-numbers-20k.txt'), 'ascii').trim().split('\n');
    const view = new DataView(new ArrayBuffer(8));
    const wrong = lines.filter((line) => {
      const [hex = '', expected] = line.split(',');
      view.setBigUint64(0, BigInt(`0x${hex}`));
      return canonicalize(view.getFloat64(0), { numbers: 'doubles' }) !== expected;
    });
    expect(lines.length).toBeGreaterThanOrEqual(20_000);
    expect(wrong).toEqual([]);
  });
});

describeConformance('json-test-suite', () => {
  const files = readdirSync(vectorPath('json-test-suite', 'test_parsing'));
  const outcome = (file: string): string => codeOf(() => parseJsonBytes(readFileSync(vectorPath('json-test-suite', 'test_parsing', file))));

  // RFC 8259 allows what RFC 7493 and this project forbid: equal keys.
  const STRICTER: Readonly<Record<string, string>> = {
    'y_object_duplicated_key.json': 'JSON.DUPLICATE_KEY',
    'y_object_duplicated_key_and_value.json': 'JSON.DUPLICATE_KEY',
  };
  // Implementations are free here. Only numbers that every reader approximates alike are taken.
  const FREE_BUT_ACCEPTED = new Set(['i_number_double_huge_neg_exp.json', 'i_number_real_underflow.json']);

  test('counts: the folder is whole', () => expect(files).toHaveLength(318));

  test.each(files.filter((file) => file.startsWith('y_')))('%s parses', (file) => expect(outcome(file)).toBe(STRICTER[file] ?? 'ok'));
  test.each(files.filter((file) => file.startsWith('n_')))('%s is refused', (file) => expect(outcome(file)).not.toBe('ok'));
  test.each(files.filter((file) => file.startsWith('i_')))('%s: our choice', (file) => {
    expect(outcome(file) === 'ok').toBe(FREE_BUT_ACCEPTED.has(file));
  });
});

describeConformance('blns', () => {
  test('every naughty string survives a round trip as value and as key', () => {
    const strings = readVectors<string[]>('blns', 'blns.json');
    expect(strings.length).toBeGreaterThan(400);
    for (const text of strings) {
      const value = { [text]: [text] };
      expect(parseJson(canonicalize(value))).toEqual(value);
      expect(canonicalize(parseJson(canonicalize(value)))).toBe(canonicalize(value));
    }
  });
});
