/**
 * Sealing as in SD-JWT (RFC 9901): the log holds only a salted digest of what is personal; the disclosure that opens it lives in the
 * database, where it can be erased. Disclosure = base64url(JSON `[salt, pointer, value]`), digest = base64url(SHA-256(ASCII of the disclosure)).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlToBytes, bytesToBase64url, decodeUtf8, encodeUtf8 } from '../bytes/index.js';
import { type JsonValue, parseJson } from '../canonical-json/index.js';

export interface Disclosure {
  /** 128 random bits, base64url. */
  readonly salt: string;
  /** JSON pointer (RFC 6901) into the statement's body, e.g. `/owners/0/name`. */
  readonly pointer: string;
  readonly value: JsonValue;
}

/** Why disclosures do not fit a statement; closed, for reports and tests. */
export type DisclosureProblem = 'malformed' | 'not-sealed' | 'doubled' | 'already-open' | 'no-such-place';

export class DisclosureError extends Error {
  override readonly name = 'DisclosureError';
  constructor(readonly problem: DisclosureProblem, message: string) {
    super(message);
  }
}

/** @param salt 16 random bytes, never used twice. */
export function createDisclosure(pointer: string, value: JsonValue, salt: Uint8Array): string {
  if (salt.length !== 16) throw new RangeError('a salt has 16 bytes');
  return bytesToBase64url(encodeUtf8(JSON.stringify([bytesToBase64url(salt), pointer, value])));
}

export function computeDisclosureDigest(disclosure: string): string {
  return bytesToBase64url(sha256(encodeUtf8(disclosure)));
}

/** @throws DisclosureError `malformed`. */
export function parseDisclosure(disclosure: string): Disclosure {
  let parsed: JsonValue;
  try {
    parsed = parseJson(decodeUtf8(base64urlToBytes(disclosure)));
  } catch {
    throw new DisclosureError('malformed', 'a disclosure is base64url of a JSON array');
  }
  if (!Array.isArray(parsed) || parsed.length !== 3) throw new DisclosureError('malformed', 'a disclosure is [salt, pointer, value]');
  const [salt, pointer, value] = parsed;
  if (typeof salt !== 'string' || typeof pointer !== 'string' || value === undefined || !/^(\/([^/~]|~[01])*)+$/.test(pointer)) {
    throw new DisclosureError('malformed', 'a disclosure is [salt, pointer, value]');
  }
  return { salt, pointer, value };
}

export function splitPointer(pointer: string): string[] {
  return pointer.split('/').slice(1).map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * The body with what the disclosures open put in its place. Whole subtrees come before what lies inside of them, whatever the given order.
 * @throws DisclosureError when one does not belong to `sealed`, is given twice, opens what is open, or has no place to go.
 */
export function applyDisclosures(body: JsonValue, sealed: readonly string[], disclosures: readonly string[]): JsonValue {
  const digests = new Set(sealed);
  const opened = disclosures.map((text) => {
    if (!digests.has(computeDisclosureDigest(text))) throw new DisclosureError('not-sealed', 'a disclosure does not belong to this statement');
    return parseDisclosure(text);
  });
  const result = structuredCopy(body);
  const seen = new Set<string>();
  const byDepth = opened.toSorted((a, b) => splitPointer(a.pointer).length - splitPointer(b.pointer).length);
  for (const { pointer, value } of byDepth) {
    if (seen.has(pointer)) throw new DisclosureError('doubled', `${pointer} is disclosed twice`);
    seen.add(pointer);
    place(result, pointer, value);
  }
  return result;
}

function place(root: JsonValue, pointer: string, value: JsonValue): void {
  const tokens = splitPointer(pointer);
  const last = tokens.pop();
  let target: JsonValue | undefined = root;
  for (const token of tokens) target = child(target, token);
  if (last === undefined || target === undefined || target === null || typeof target !== 'object') {
    throw new DisclosureError('no-such-place', `${pointer} leads nowhere; disclose what holds it first`);
  }
  // Only object members are sealed: an array's length is open. `__proto__` and the like come from the attacker.
  if (Array.isArray(target)) throw new DisclosureError('no-such-place', `${pointer} is not a member of an object`);
  if (Object.hasOwn(target, last)) throw new DisclosureError('already-open', `${pointer} is open already`);
  Object.defineProperty(target, last, { value: structuredCopy(value), enumerable: true, configurable: true, writable: true });
}

function child(parent: JsonValue | undefined, token: string): JsonValue | undefined {
  if (Array.isArray(parent)) return /^(0|[1-9][0-9]{0,8})$/.test(token) ? parent[Number(token)] : undefined;
  if (parent !== null && typeof parent === 'object' && Object.hasOwn(parent, token)) return (parent as { [key: string]: JsonValue })[token];
  return undefined;
}

function structuredCopy(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (value !== null && typeof value === 'object') {
    const copy: { [key: string]: JsonValue } = {};
    for (const [key, member] of Object.entries(value)) {
      Object.defineProperty(copy, key, { value: structuredCopy(member), enumerable: true, configurable: true, writable: true });
    }
    return copy;
  }
  return value;
}
