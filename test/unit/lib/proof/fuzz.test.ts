import * as fc from 'fast-check';
import { VerificationError } from '../../../../src/lib/errors/index.js';
import { parseBundle, type ProofBundle, type Report, verifyBundle } from '../../../../src/lib/proof/index.js';
import { decodeUtf8, encodeUtf8 } from '../../../../src/lib/bytes/index.js';
import { buildScene, canonical, CONTRACT, FILE_DIGEST, type Json, type JsonObject, LOG } from './build-bundle.js';

const scene = buildScene();
const original = encodeUtf8(JSON.stringify(scene.bundle));
const options = { files: [FILE_DIGEST], trust: { logKeys: [LOG.vkey], contract: { chainId: scene.chain.id, address: CONTRACT } }, chain: scene.chain };
const numRuns = process.env['DEEP'] === '1' ? 30_000 : 300;

/** The verdict, or the code with which the input was unusable. Anything else that is thrown fails the test. */
async function judge(bytes: Uint8Array): Promise<{ outcome: string; bundle?: ProofBundle; report?: Report }> {
  try {
    const bundle = parseBundle(decodeUtf8(bytes));
    const report = await verifyBundle(bundle, options);
    return { outcome: report.verdict, bundle, report };
  } catch (error) {
    if (error instanceof VerificationError) return { outcome: error.code };
    throw error;
  }
}

/**
 * What a bundle claims beyond the original. To leave out later statements or disclosures, to rename the hint `logKey` and to claim less than
 * completeness are not claims; everything else is.
 */
function newClaims(bundle: ProofBundle): string[] {
  const claims = (value: ProofBundle): Map<string, string> => {
    const found = new Map([['subject', value.subject], ['anchor', JSON.stringify(value.anchor).toLowerCase()]]);
    for (const [c, chain] of value.chains.entries()) {
      found.set(`chain ${c}`, chain.subject);
      for (const [e, entry] of chain.entries.entries()) {
        found.set(`${c}/${e} statement`, canonical(entry.statement as JsonObject)).set(`${c}/${e} proof`, entry.proof);
        for (const text of entry.disclosures) found.set(`${c}/${e} ${text}`, text);
      }
    }
    return found;
  };
  const known = claims(parseBundle(decodeUtf8(original)));
  return [...claims(bundle)].filter(([place, claim]) => known.get(place) !== claim).map(([place]) => place);
}

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

test('the original is verified, and claims nothing new', async () => {
  const { outcome, bundle } = await judge(original);
  expect([outcome, newClaims(bundle as ProofBundle)]).toEqual(['verified', []]);
});

test('mutated bytes never crash the verifier and never verify what was not claimed', async () => {
  const seen = new Map<string, number>();
  await fc.assert(fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
    const { outcome, bundle, report } = await judge(mutations.reduce(mutate, original));
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    expect(outcome === 'verified' && bundle !== undefined ? newClaims(bundle) : []).toEqual([]);
    // Refuted things have no proved time.
    expect(report?.verdict === 'refuted' ? report.times.existedBefore : null).toBeNull();
  }), { numRuns });
  // The fuzzer is worth something only when it gets past the parser often enough.
  expect(seen.get('refuted') ?? 0).toBeGreaterThan(numRuns / 20);
}, 1_800_000);

/** Every scalar of the bundle, by its path. */
function scalars(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [path];
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, member]) => scalars(member, [...path, key]));
}

function replaceAt(root: Json, path: readonly (string | number)[], edit: (value: Json) => Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return edit(root);
  const copy: JsonObject = (Array.isArray(root) ? [...root] : { ...(root as JsonObject) }) as JsonObject;
  copy[key] = replaceAt(copy[key] as Json, rest, edit);
  return copy;
}

test('well-formed bundles with one other value never crash the verifier and never verify what was not claimed', async () => {
  const paths = scalars(scene.bundle);
  const other = fc.oneof(fc.constantFrom<Json>(null, true, false, 0, 1, -1, 2 ** 53 - 1, 0.5, '', '0', {}, []), fc.string({ unit: 'binary', maxLength: 20 }), fc.integer());
  await fc.assert(fc.asyncProperty(fc.constantFrom(...paths), other, fc.boolean(), fc.nat(), async (path, value, append, at) => {
    const edited = replaceAt(scene.bundle, path, (old) => {
      if (!append || typeof old !== 'string' || typeof value !== 'string') return value;
      return old.slice(0, at % (old.length + 1)) + value + old.slice(at % (old.length + 1));
    });
    const { outcome, bundle } = await judge(encodeUtf8(JSON.stringify(edited)));
    expect(outcome === 'verified' && bundle !== undefined ? newClaims(bundle) : []).toEqual([]);
  }), { numRuns });
}, 1_800_000);
