import serialize from 'canonicalize';
import { encodeUtf8, isWellFormed } from '../bytes/index.js';
import { VerificationError } from '../errors/index.js';
import { type JsonValue, MAX_DEPTH } from './parse.js';

/** Which numbers may stand in the value. */
export interface CanonicalOptions {
  /**
   * `integers` (the default, and the rule of statements): whole numbers within ±(2^53 − 1), which every language writes alike.
   * `doubles`: any finite number, as RFC 8785 allows; integers beyond ±(2^53 − 1) included, since RFC 8785 serialises doubles.
   */
  readonly numbers?: 'integers' | 'doubles';
}

/**
 * The canonical text of RFC 8785: keys sorted by UTF-16 unit, no white space, shortest numbers.
 * What the serialiser beneath would drop or rewrite silently — undefined, functions, objects with a prototype or a toJSON, sparse
 * arrays — is refused: throws JSON.NOT_CANONICALIZABLE, JSON.NUMBER_OUT_OF_RANGE, JSON.LONE_SURROGATE or JSON.TOO_DEEP.
 */
export function canonicalize(value: unknown, options: CanonicalOptions = {}): string {
  const numbers = options.numbers ?? 'integers';
  if ('toJSON' in Object.prototype) throw refused('an object with toJSON');
  const ordered = order(value, numbers, 0);
  // What JSON.stringify writes of ordered plain data is RFC 8785, section 3.2.2: ECMAScript's own strings and numbers.
  if (ordered !== UNORDERABLE) return JSON.stringify(ordered);
  const text = serialize(value);
  if (text === undefined) throw refused('nothing to serialise');
  return text;
}

/** UTF-8 of {@link canonicalize}: what is hashed and signed. */
export function canonicalBytes(value: unknown, options: CanonicalOptions = {}): Uint8Array {
  return encodeUtf8(canonicalize(value, options));
}

/** An object of which JavaScript itself fixes the order of members: one with a key that looks like an array index, or `__proto__`. */
const UNORDERABLE = Symbol('unorderable');
type Ordered = JsonValue | typeof UNORDERABLE;

/** A copy with its members in the order of RFC 8785, section 3.2.3; everything that is not JSON is refused on the way. */
function order(value: unknown, numbers: 'integers' | 'doubles', depth: number): Ordered {
  // Bounds recursion here and in the serialiser, and ends a cycle.
  if (depth > MAX_DEPTH) throw new VerificationError('JSON.TOO_DEEP', `nested deeper than ${MAX_DEPTH}`);
  switch (typeof value) {
    case 'string':
      assertWellFormed(value);
      return value;
    case 'number':
      assertNumber(value, numbers);
      return value;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? orderArray(value, numbers, depth) : orderObject(value, numbers, depth);
    default:
      throw refused(`a value of type ${typeof value}`);
  }
}

function assertNumber(value: number, numbers: 'integers' | 'doubles'): void {
  const fits = numbers === 'integers' ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!fits) throw new VerificationError('JSON.NUMBER_OUT_OF_RANGE', `the number ${value}`);
}

function orderArray(value: readonly unknown[], numbers: 'integers' | 'doubles', depth: number): Ordered {
  const copy: JsonValue[] = [];
  let orderable = true;
  // A plain loop, because forEach and map step over holes.
  for (let i = 0; i < value.length; i++) {
    const element = order(value[i], numbers, depth + 1);
    if (element === UNORDERABLE) orderable = false;
    else copy.push(element);
  }
  if (Object.keys(value).length !== value.length) throw refused('an array with named members');
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') throw refused('an object with toJSON');
  return orderable ? copy : UNORDERABLE;
}

function orderObject(value: object, numbers: 'integers' | 'doubles', depth: number): Ordered {
  // Objects of another realm (jest, a bare VM context) have another Object.prototype: it is told by its own null prototype.
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf'));
  if (!isPlain) throw refused('an object of a class');
  const keys = Object.keys(value);
  if (Reflect.ownKeys(value).length !== keys.length) throw refused('a symbol as a key, or a hidden member');
  keys.sort();
  const copy: { [key: string]: JsonValue } = {};
  let orderable = true;
  for (const key of keys) {
    assertWellFormed(key);
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined || !('value' in descriptor)) throw refused('a computed member');
    const member = order(descriptor.value, numbers, depth + 1);
    if (member === UNORDERABLE || isReordered(key)) orderable = false;
    else copy[key] = member;
  }
  return orderable ? copy : UNORDERABLE;
}

/** JavaScript lists keys such as `10` before all others and by their number, and takes `__proto__` for something else. */
function isReordered(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || key === '__proto__';
}

function assertWellFormed(text: string): void {
  if (!isWellFormed(text)) throw new VerificationError('JSON.LONE_SURROGATE', 'a lone surrogate');
}

function refused(detail: string): VerificationError {
  return new VerificationError('JSON.NOT_CANONICALIZABLE', `cannot be canonicalised: ${detail}`);
}
