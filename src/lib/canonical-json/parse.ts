import { decodeUtf8, isWellFormed } from '../bytes/index.js';
import { VerificationError, type VerificationCode } from '../errors/index.js';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** Nesting beyond this is refused: whoever walks the value later may recurse. */
export const MAX_DEPTH = 64;

/**
 * Parses RFC 8259 text as RFC 7493 (I-JSON) restricts it. `JSON.parse` cannot do this: it keeps the last of two equal keys, takes lone
 * surrogates, and rounds large integers, so two readers may see two documents in one text. Own properties only: `__proto__` is a key.
 * Throws JSON.MALFORMED, TOO_DEEP, DUPLICATE_KEY, LONE_SURROGATE or NUMBER_OUT_OF_RANGE (an integer beyond ±(2^53 − 1), or a
 * number that overflows).
 */
export function parseJson(text: string): JsonValue {
  return new Parser(text).parse();
}

/** As {@link parseJson}, from UTF-8. Throws BYTES.INVALID_UTF8 too; a byte order mark is refused. */
export function parseJsonBytes(bytes: Uint8Array): JsonValue {
  return parseJson(decodeUtf8(bytes));
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const LITERALS: readonly (readonly [string, JsonValue])[] = [['true', true], ['false', false], ['null', null]];

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  parse(): JsonValue {
    this.skipSpace();
    const value = this.parseValue(0);
    this.skipSpace();
    if (this.at < this.text.length) throw this.fault('JSON.MALFORMED', 'something after the value');
    return value;
  }

  private parseValue(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw this.fault('JSON.TOO_DEEP', `nested deeper than ${MAX_DEPTH}`);
    switch (this.text[this.at]) {
      case '{':
        return this.parseObject(depth);
      case '[':
        return this.parseArray(depth);
      case '"':
        return this.parseString();
      default:
        return this.parseScalar();
    }
  }

  private parseObject(depth: number): JsonValue {
    const object: { [key: string]: JsonValue } = {};
    this.at++;
    this.skipSpace();
    if (this.take('}')) return object;
    for (;;) {
      if (this.text[this.at] !== '"') throw this.fault('JSON.MALFORMED', 'a key is missing');
      const key = this.parseString();
      if (Object.hasOwn(object, key)) throw this.fault('JSON.DUPLICATE_KEY', `the key ${JSON.stringify(key.slice(0, 40))} twice`);
      this.skipSpace();
      if (!this.take(':')) throw this.fault('JSON.MALFORMED', 'a colon is missing');
      this.skipSpace();
      const value = this.parseValue(depth + 1);
      // Assignment to __proto__ would change the prototype instead of adding a key.
      if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      else object[key] = value;
      this.skipSpace();
      if (this.take('}')) return object;
      if (!this.take(',')) throw this.fault('JSON.MALFORMED', 'an object that does not end');
      this.skipSpace();
    }
  }

  private parseArray(depth: number): JsonValue {
    const array: JsonValue[] = [];
    this.at++;
    this.skipSpace();
    if (this.take(']')) return array;
    for (;;) {
      array.push(this.parseValue(depth + 1));
      this.skipSpace();
      if (this.take(']')) return array;
      if (!this.take(',')) throw this.fault('JSON.MALFORMED', 'an array that does not end');
      this.skipSpace();
    }
  }

  private parseString(): string {
    let value = '';
    let start = ++this.at;
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (Number.isNaN(unit) || unit < 0x20) throw this.fault('JSON.MALFORMED', 'a string that does not end, or a control character in it');
      if (unit === 0x22) break;
      if (unit === 0x5c) {
        value += this.text.slice(start, this.at) + this.parseEscape();
        start = this.at;
      } else {
        this.at++;
      }
    }
    value += this.text.slice(start, this.at);
    this.at++;
    if (!isWellFormed(value)) throw this.fault('JSON.LONE_SURROGATE', 'a lone surrogate');
    return value;
  }

  private parseEscape(): string {
    const letter = this.text[this.at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.fault('JSON.MALFORMED', 'an escape that is none');
      this.at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const value = Object.hasOwn(SIMPLE_ESCAPES, letter) ? SIMPLE_ESCAPES[letter] : undefined;
    if (value === undefined) throw this.fault('JSON.MALFORMED', 'an escape that is none');
    this.at += 2;
    return value;
  }

  private parseScalar(): JsonValue {
    for (const [word, value] of LITERALS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null) throw this.fault('JSON.MALFORMED', 'no value');
    const number = Number(match[0]);
    const isInteger = match[1] === undefined && match[2] === undefined;
    // An integer beyond 2^53 − 1 reads differently in different languages; a fraction is approximate everywhere.
    if (!Number.isFinite(number) || (isInteger && !Number.isSafeInteger(number))) {
      throw this.fault('JSON.NUMBER_OUT_OF_RANGE', 'a number that not every reader reads alike');
    }
    this.at += match[0].length;
    return number;
  }

  private skipSpace(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.at++;
    }
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private fault(code: VerificationCode, detail: string): VerificationError {
    return new VerificationError(code, `not acceptable JSON at character ${this.at}: ${detail}`);
  }
}
