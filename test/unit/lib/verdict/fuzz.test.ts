import * as fc from 'fast-check';
import { VerificationError } from '../../../../src/lib/errors/index.js';
import { decodeUtf8, encodeUtf8 } from '../../../../src/lib/bytes/index.js';
import { parseVerdict, type RightsVerdict, verifyVerdict, type VerifyVerdictOptions } from '../../../../src/lib/verdict/index.js';
import { canonical, type Json, type JsonObject, LOG } from '../proof/build-bundle.js';
import { buildVerdict } from './build-verdict.js';

const { verdict } = buildVerdict();
const numRuns = process.env['DEEP'] === '1' ? 20_000 : 300;
const told: VerifyVerdictOptions = { logKeys: [LOG.vkey] };
// Printed, so that a run can be had again: SEED=… npx jest …
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
process.stdout.write(`verdict fuzz: SEED=${seed}\n`);

type Path = readonly (string | number)[];

/** The outcome, or the code with which the input was unusable. Anything else that is thrown fails the test. */
async function judge(text: string, options = told): Promise<{ outcome: string; parsed?: RightsVerdict }> {
  try {
    const parsed = parseVerdict(text);
    return { outcome: (await verifyVerdict(parsed, options)).verdict, parsed };
  } catch (error) {
    if (error instanceof VerificationError) return { outcome: error.code };
    throw error;
  }
}

function scalars(value: Json, path: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, member]) => scalars(member, [...path, key]));
}

function replaceAt(root: Json, [key, ...rest]: Path, edit: (value: Json) => Json): Json {
  if (key === undefined) return edit(root);
  const copy: JsonObject = (Array.isArray(root) ? [...root] : { ...(root as JsonObject) }) as JsonObject;
  copy[key] = replaceAt(copy[key] as Json, rest, edit);
  return copy;
}

/** One character replaced, inserted or taken away. Of a number, what its digits are then read as; of anything else, the text. */
function editCharacter(value: Json, at: number, how: 'replace' | 'insert' | 'remove', character: string): Json {
  const old = typeof value === 'string' ? value : JSON.stringify(value);
  const place = at % (old.length + (how === 'insert' ? 1 : 0) || 1);
  const edited = old.slice(0, place) + (how === 'remove' ? '' : character) + old.slice(how === 'insert' ? place : place + 1);
  if (edited === old) return `${old}${character}`;
  return typeof value === 'number' && /^(?:0|[1-9]\d*)$/.test(edited) ? Number(edited) : edited;
}

/** Closed words, and what is no number or null any more: such a file is no verdict at all, which a reader cannot refute. */
const SHAPES = /^(?:format|verdict|reasons\/\d+\/(?:effect|inclusion|receipt)|reasons\/\d+\/inclusion\/leafIndex|asOf\/treeSize)$/;

test('every single-character change of any member is refuted', async () => {
  const paths = scalars(verdict);
  const edits = fc.record({ path: fc.constantFrom(...paths), at: fc.nat(), how: fc.constantFrom('replace' as const, 'insert' as const, 'remove' as const), character: fc.constantFrom(...'0159aAfzZ+/= \n-_.é') });
  const seen = new Set<string>();
  await fc.assert(fc.asyncProperty(edits, async ({ path, at, how, character }) => {
    const text = JSON.stringify(replaceAt(verdict, path, (value) => editCharacter(value, at, how, character)));
    const { outcome } = await judge(text);
    seen.add(path[0] as string);
    expect(outcome === 'refuted' || (outcome === 'BUNDLE.MALFORMED' && SHAPES.test(path.join('/')))).toBe(true);
    // Whoever trusts nobody cannot tell a signature from another, but all else contradicts itself.
    if (path[0] !== 'note') expect((await judge(text, {})).outcome).toBe(outcome);
  }), { numRuns, seed });
  expect(seen.size).toBeGreaterThan(4);
}, 1_800_000);

const mutation = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: fc.constantFrom(...encodeUtf8('0159aAfz"\\{}[]:, -.=\n'), 0, 0xff) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant('copy' as const), at: fc.nat(), from: fc.nat(), length: fc.integer({ min: 1, max: 200 }) }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutate(bytes: Uint8Array, change: Mutation): Uint8Array {
  const at = change.at % bytes.length;
  switch (change.kind) {
    case 'flip':
      return bytes.with(at, (bytes[at] as number) ^ (1 << change.bit));
    case 'set':
      return bytes.with(at, change.byte);
    case 'cut':
      return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + change.length)]);
    case 'copy':
      return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(change.from % bytes.length).slice(0, change.length), ...bytes.slice(at)]);
  }
}

const withoutNote = (value: JsonObject): string => canonical({ ...value, note: '' });

test('mutated bytes never crash the verifier and never verify another verdict', async () => {
  const original = encodeUtf8(JSON.stringify(verdict));
  const seen = new Map<string, number>();
  await fc.assert(fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
    const bytes = mutations.reduce(mutate, original);
    let text: string;
    try {
      text = decodeUtf8(bytes);
    } catch {
      return;
    }
    const { outcome, parsed } = await judge(text);
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    if (outcome === 'verified' || outcome === 'unconfirmed') expect([outcome, withoutNote(parsed as unknown as JsonObject)]).toEqual(['verified', withoutNote(verdict)]);
  }), { numRuns, seed });
  // The fuzzer is worth something only when it gets past the parser often enough.
  expect(seen.get('refuted') ?? 0).toBeGreaterThan(numRuns / 20);
}, 1_800_000);

test('well-formed verdicts with one other value never crash the verifier and never verify', async () => {
  const other = fc.constantFrom<Json>(null, true, false, 0, 1, -1, 2 ** 53 - 1, 0.5, '', '0', {}, []);
  await fc.assert(fc.asyncProperty(fc.constantFrom(...scalars(verdict)), other, async (path, value) => {
    const edited = replaceAt(verdict, path, () => value);
    const isSame = canonical(edited) === canonical(verdict);
    expect((await judge(JSON.stringify(edited))).outcome === 'verified').toBe(isSame);
  }), { numRuns, seed });
}, 1_800_000);
