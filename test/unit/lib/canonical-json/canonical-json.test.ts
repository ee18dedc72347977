import * as fc from 'fast-check';
import { canonicalBytes, canonicalize, isCanonical, type JsonValue, parseJson, parseJsonBytes } from '../../../../src/lib/canonical-json/index.js';
import { codeOf } from '../code-of.js';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('parseJson', () => {
  test('agrees with JSON.parse where both accept', () => {
    fc.assert(fc.property(fc.json(), (text) => {
      let ours: JsonValue | undefined;
      const code = codeOf(() => (ours = parseJson(text)));
      expect(['ok', 'JSON.DUPLICATE_KEY', 'JSON.NUMBER_OUT_OF_RANGE', 'JSON.LONE_SURROGATE']).toContain(code);
      expect(code === 'ok' ? JSON.stringify(ours) : '').toEqual(code === 'ok' ? JSON.stringify(JSON.parse(text)) : '');
    }));
  });

  test('accepts nothing that JSON.parse refuses', () => {
    const near = fc.string({ unit: fc.constantFrom(...'{}[]",:0123-+.eE \\/utrnfals\n'), maxLength: 12 });
    fc.assert(fc.property(near, (text) => {
      const code = codeOf(() => parseJson(text));
      const host = ((): string => {
        try {
          JSON.parse(text);
          return 'ok';
        } catch (error) {
          return error instanceof SyntaxError ? 'refused' : String(error);
        }
      })();
      expect(code === 'JSON.MALFORMED').toBe(host === 'refused');
    }), { numRuns: 5_000 });
  });

  test.each([
    ['{"a":1,"a":1}', 'JSON.DUPLICATE_KEY'], ['{"a":1,"\\u0061":2}', 'JSON.DUPLICATE_KEY'], ['{"__proto__":1,"__proto__":2}', 'JSON.DUPLICATE_KEY'],
    ['"\\ud800"', 'JSON.LONE_SURROGATE'], ['{"\\udc00":1}', 'JSON.LONE_SURROGATE'], ['"\ud800"', 'JSON.LONE_SURROGATE'],
    ['9007199254740992', 'JSON.NUMBER_OUT_OF_RANGE'], ['-9007199254740992', 'JSON.NUMBER_OUT_OF_RANGE'], ['1e400', 'JSON.NUMBER_OUT_OF_RANGE'],
    ['9007199254740991', 'ok'], ['"\\ud83d\\ude00"', 'ok'], ['1e2', 'ok'], [nested(65), 'ok'], [nested(66), 'JSON.TOO_DEEP'], [nested(1_000_000), 'JSON.TOO_DEEP'],
    ['\ufeff{}', 'JSON.MALFORMED'], ['', 'JSON.MALFORMED'], ['{"a":1,}', 'JSON.MALFORMED'], ['"\\x41"', 'JSON.MALFORMED'], ['"\\constructor"', 'JSON.MALFORMED'],
  ])('%.40j: %s', (text, code) => expect(codeOf(() => parseJson(text))).toBe(code));

  test('a key named __proto__ is a key', () => {
    const value = parseJson('{"__proto__":{"polluted":true},"a":1}') as { [key: string]: JsonValue };
    expect(Object.keys(value)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(canonicalize(value)).toBe('{"__proto__":{"polluted":true},"a":1}');
  });

  test('bytes that are no UTF-8', () => expect(codeOf(() => parseJsonBytes(Uint8Array.of(0x22, 0xff, 0x22)))).toBe('BYTES.INVALID_UTF8'));
});

describe('canonicalize', () => {
  test('one value has one text, whatever the order of its keys', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }).filter((value) => codeOf(() => canonicalize(value)) === 'ok'), (value) => {
      const text = canonicalize(value);
      const reversed = JSON.stringify(value, (_key, member: unknown) =>
        member !== null && typeof member === 'object' && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).toReversed()) : member);
      expect(canonicalize(parseJson(reversed))).toBe(text);
      expect(canonicalize(parseJsonBytes(canonicalBytes(value)))).toBe(text);
    }));
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  class Money {
    amount = 1;
  }
  // eslint-disable-next-line no-sparse-arrays -- a hole is what is refused
  const holed = [1, , 2];
  test.each([
    ['undefined', undefined, 'JSON.NOT_CANONICALIZABLE'], ['an undefined member', { a: undefined }, 'JSON.NOT_CANONICALIZABLE'],
    ['an undefined element', [undefined], 'JSON.NOT_CANONICALIZABLE'], ['a hole', holed, 'JSON.NOT_CANONICALIZABLE'],
    ['a function', () => 1, 'JSON.NOT_CANONICALIZABLE'], ['a bigint', 1n, 'JSON.NOT_CANONICALIZABLE'], ['a symbol', Symbol('a'), 'JSON.NOT_CANONICALIZABLE'],
    ['a symbol key', { [Symbol('a')]: 1 }, 'JSON.NOT_CANONICALIZABLE'], ['a date', new Date(0), 'JSON.NOT_CANONICALIZABLE'],
    ['a map', new Map(), 'JSON.NOT_CANONICALIZABLE'], ['an object of a class', new Money(), 'JSON.NOT_CANONICALIZABLE'], ['bytes', new Uint8Array(2), 'JSON.NOT_CANONICALIZABLE'],
    ['a getter', { get a() { return 1; } }, 'JSON.NOT_CANONICALIZABLE'], ['toJSON', { toJSON: () => 1 }, 'JSON.NOT_CANONICALIZABLE'],
    ['a named array', Object.assign([1], { a: 1 }), 'JSON.NOT_CANONICALIZABLE'], ['a cycle', cyclic, 'JSON.TOO_DEEP'],
    ['NaN', Number.NaN, 'JSON.NUMBER_OUT_OF_RANGE'], ['infinity', Infinity, 'JSON.NUMBER_OUT_OF_RANGE'], ['a fraction', 0.5, 'JSON.NUMBER_OUT_OF_RANGE'],
    ['2^53', 2 ** 53, 'JSON.NUMBER_OUT_OF_RANGE'], ['a lone surrogate', '\ud800', 'JSON.LONE_SURROGATE'], ['a lone surrogate in a key', { '\udc00': 1 }, 'JSON.LONE_SURROGATE'],
    ['a member toJSON that is data', { toJSON: 1 }, 'ok'], ['an object without prototype', Object.create(null), 'ok'], ['minus zero', -0, 'ok'],
  ])('%s: %#', (_what, value, code) => expect(codeOf(() => canonicalize(value))).toBe(code));

  test('minus zero is zero; keys are sorted by UTF-16 units', () => {
    expect(canonicalize({ b: -0, a: '\u20ac', '\u{1f600}': 1, '\ufb33': 2 })).toBe('{"a":"\u20ac","b":0,"\u{1f600}":1,"\ufb33":2}');
  });
  test('fractions only on request', () => {
    expect(canonicalize([0.5, 1e21], { numbers: 'doubles' })).toBe('[0.5,1e+21]');
    expect(codeOf(() => canonicalize(Infinity, { numbers: 'doubles' }))).toBe('JSON.NUMBER_OUT_OF_RANGE');
  });
});

describe('isCanonical', () => {
  // Few keys, so that order, numbers as keys and equal keys come up all the time.
  const key = fc.constantFrom('a', 'b', 'B', 'aa', '10', '9', '__proto__', '\u20ac', '\u{1f600}', '');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(fc.integer(), fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u007f', '\u2028', '\u20ac'), maxLength: 3 }), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(key, tie('value'), { maxKeys: 4 })),
  }));
  const verdict = (text: string): string => {
    let result = '';
    const code = codeOf(() => (result = String(isCanonical(text))));
    return code === 'ok' ? result : code;
  };

  test('says of every text what canonicalising it again says', () => {
    fc.assert(fc.property(value, fc.boolean(), (given, spaced) => {
      const text = JSON.stringify(given, null, spaced ? 1 : 0);
      expect(verdict(text)).toBe(String(canonicalize(JSON.parse(text)) === text));
    }), { numRuns: 2_000 });
  });

  test('what is canonical is found so', () => {
    fc.assert(fc.property(value, (given) => expect(verdict(canonicalize(JSON.parse(JSON.stringify(given))))).toBe('true')), { numRuns: 2_000 });
  });

  test.each(['{"b":1,"a":2}', '{"a":1,"a":1}', '{"a": 1}', '[1.0]', '"\\u0061"', '-0', '{"9":1,"10":2}'])('%s is not', (text) => expect(verdict(text)).toBe('false'));
  test.each([['[0.5]', 'JSON.NUMBER_OUT_OF_RANGE'], ['"\\ud800"', 'JSON.LONE_SURROGATE']])('%s is nothing that a statement may hold', (text, code) => expect(verdict(text)).toBe(code));
});
