import * as fc from 'fast-check';
import {
  base64ToBytes, base64urlToBytes, bytesToBase64, bytesToBase64url, bytesToHex, concatBytes, decodeUtf8, encodeUtf8, equalBytes, hexToBytes, isWellFormed,
} from '../../../../src/lib/bytes/index.js';
import { codeOf } from '../code-of.js';

describe('UTF-8', () => {
  test('agrees with the host on every string it can hold', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(isWellFormed(text)).toBe(true);
      expect(bytesToHex(encodeUtf8(text))).toBe(Buffer.from(text, 'utf8').toString('hex'));
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    }));
  });

  test('agrees with the host on which bytes are none', () => {
    const host = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const hostDecode = (bytes: Uint8Array): string => {
      try {
        return `ok ${host.decode(bytes)}`;
      } catch (error) {
        // Not instanceof: the host's error comes from outside jest's realm.
        return (error as Error).name === 'TypeError' ? 'refused' : String(error);
      }
    };
    // Leads and continuations are made likelier than chance, so that most samples come near a boundary.
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xc0, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf));
    fc.assert(fc.property(fc.array(byte, { maxLength: 8 }), (array) => {
      const bytes = Uint8Array.from(array);
      let ours = 'refused';
      const code = codeOf(() => {
        ours = `ok ${decodeUtf8(bytes)}`;
      });
      expect(['ok', 'BYTES.INVALID_UTF8']).toContain(code);
      expect(ours).toBe(hostDecode(bytes));
    }), { numRuns: 5_000 });
  });

  test.each(['\ud800', 'a\udc00', '\ud800\ud800', '\udc00\ud800'])('lone surrogates are refused: %j', (text) => {
    expect(isWellFormed(text)).toBe(false);
    expect(codeOf(() => encodeUtf8(text))).toBe('BYTES.INVALID_UTF8');
  });

  test('long texts', () => {
    const text = '正本𝄞é'.repeat(30_000);
    expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  });
});

describe('text forms of bytes', () => {
  test('agree with the host and come back', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const host = Buffer.from(bytes);
      expect([bytesToHex(bytes), bytesToBase64(bytes), bytesToBase64url(bytes)]).toEqual([host.toString('hex'), host.toString('base64'), host.toString('base64url')]);
      for (const back of [hexToBytes(bytesToHex(bytes)), base64ToBytes(bytesToBase64(bytes)), base64urlToBytes(bytesToBase64url(bytes))]) {
        expect(equalBytes(back, bytes)).toBe(true);
      }
    }));
  });

  test('one byte string has one spelling', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'AQgwxyZ019+/-_= \n'), maxLength: 9 }), (text) => {
      let standard: string | undefined;
      let urlSafe: string | undefined;
      codeOf(() => (standard = bytesToBase64(base64ToBytes(text))));
      codeOf(() => (urlSafe = bytesToBase64url(base64urlToBytes(text))));
      expect([standard ?? text, urlSafe ?? text]).toEqual([text, text]);
    }), { numRuns: 3_000 });
  });

  test.each(['A', 'AA', 'AAA', 'AB==', 'AAB=', 'AA=A', 'A===', '====', 'AA==\n', ' AAA', 'AA-_', 'AAAAA'])('base 64 refuses %j', (text) => {
    expect(codeOf(() => base64ToBytes(text))).toBe('BYTES.INVALID_BASE64');
  });
  test.each(['A', 'AB', 'AAB', 'AA==', 'AA+/', 'AA\u0100A'])('base64url refuses %j', (text) => {
    expect(codeOf(() => base64urlToBytes(text))).toBe('BYTES.INVALID_BASE64');
  });
  test.each(['0', 'AB', '0x00', 'g0', '00 '])('hexadecimal refuses %j', (text) => {
    expect(codeOf(() => hexToBytes(text))).toBe('BYTES.INVALID_HEX');
  });
});

test('concatenation and equality', () => {
  expect(concatBytes()).toEqual(new Uint8Array(0));
  expect(concatBytes(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  expect([equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2)), equalBytes(Uint8Array.of(1), Uint8Array.of(2)), equalBytes(new Uint8Array(0), new Uint8Array(0))]).toEqual([false, false, true]);
});
