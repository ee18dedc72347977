import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createContext, Script } from 'node:vm';
import { build, type Metafile } from 'esbuild';
import { buildScene, CONTRACT, FILE_DIGEST, LOG } from '../proof/build-bundle.js';

// The library has to run in a service, a command, a page and a worker: here it runs where there is nothing but ECMAScript.

const LIB = resolve(__dirname, '../../../../src/lib');
let code: string;
let metafile: Metafile;

/** Everything public that needs no other part of the project, under one global name. */
async function bundleLibrary(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'zhengben-lib-'));
  const entry = join(folder, 'entry.ts');
  const parts = ['bytes', 'canonical-json', 'errors', 'merkle', 'note', 'proof', 'statement'];
  await writeFile(entry, parts.map((part) => `export * as ${part.replaceAll(/-(.)/g, (_all, letter: string) => letter.toUpperCase())} from ${JSON.stringify(join(LIB, part, 'index.js'))};`).join('\n'));
  // The environment of a modern browser; the order of `packages` and `platform` is what a web build does.
  const result = await build({
    entryPoints: [entry], bundle: true, write: false, format: 'iife', globalName: 'zhengben', platform: 'browser', target: 'es2023', metafile: true, logLevel: 'silent',
    nodePaths: [resolve(__dirname, '../../../../node_modules')],
  });
  await rm(folder, { recursive: true });
  code = result.outputFiles[0]?.text ?? '';
  metafile = result.metafile;
}
beforeAll(bundleLibrary, 60_000);

/** Runs a script after the library in a fresh context without host objects, and returns what its promise settles to. */
async function run(script: string, input: unknown): Promise<unknown> {
  // Code generation from strings is off, as a page's security policy has it.
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  new Script(code).runInContext(context);
  const text = new Script(`(async () => { const input = ${JSON.stringify(input)}; ${script} })().then(JSON.stringify)`).runInContext(context) as Promise<string>;
  return JSON.parse(await text) as unknown;
}

test('the context has no host objects', async () => {
  const names = ['Buffer', 'process', 'TextEncoder', 'TextDecoder', 'URL', 'crypto', 'console', 'setTimeout', 'structuredClone', 'fetch', 'require', 'atob'];
  expect(await run(`return ${JSON.stringify(names)}.filter((name) => name in globalThis && name !== 'console');`, null)).toEqual([]);
});

test('nothing of Node and no other package came in', () => {
  const packages = Object.keys(metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter((name) => name !== undefined);
  expect([...new Set(packages)].toSorted()).toEqual(['@noble/curves', '@noble/hashes', 'canonicalize', 'zod']);
});

test('a bundle is verified there', async () => {
  const scene = buildScene();
  const [block, transaction, anchoredAt] = [await scene.chain.block(7), await scene.chain.transaction(scene.chain.transactionHash), scene.chain.time];
  const script = `
    const { answers } = input;
    const chain = {
      chainId: async () => answers.chainId, genesisHash: async () => answers.genesis, contractOrigin: async () => answers.origin,
      anchoredAt: async () => answers.anchoredAt, block: async () => answers.block, transaction: async () => answers.transaction,
    };
    const report = await zhengben.proof.verifyBundle(zhengben.proof.parseBundle(input.bundle), { files: [input.file], trust: input.trust, chain });
    return [report.verdict, report.checks.map(({ check, result, detail }) => result === 'fail' ? check + ': ' + detail : result)];`;
  expect(await run(script, {
    bundle: JSON.stringify(scene.bundle), file: FILE_DIGEST, trust: { logKeys: [LOG.vkey], contract: { chainId: scene.chain.id, address: CONTRACT } },
    answers: { chainId: scene.chain.id, genesis: scene.chain.genesis, origin: scene.chain.origin, anchoredAt, block, transaction },
  })).toEqual(['verified', ['pass', 'pass', 'pass', 'pass', 'pass', 'skipped', 'pass', 'pass']]);
});

test('keys, notes, wallets, trees and texts work there', async () => {
  const script = `
    const { bytes, merkle, note, proof, canonicalJson, errors } = zhengben;
    const signer = note.createEd25519Signer('log.example', new Uint8Array(32).fill(1));
    const leaves = [1, 2, 3].map((n) => merkle.hashLeaf(Uint8Array.of(n)));
    const text = note.formatCheckpoint({ origin: 'log.example', treeSize: 3, rootHash: merkle.computeRoot(leaves) });
    const opened = note.openNote(note.signNote(text, [signer]), [note.parseVerifierKey(note.formatVerifierKey(signer.verifierKey))]);
    const refusal = (action) => { try { action(); return 'ok'; } catch (error) { return error instanceof errors.VerificationError ? error.code : String(error); } };
    return [
      opened.text === text, bytes.decodeUtf8(bytes.encodeUtf8('正本 𝄞')), canonicalJson.canonicalize(canonicalJson.parseJson('{"b":[1,{"c":null}],"a":"\\\\u6b63"}')),
      refusal(() => canonicalJson.canonicalize({ a: new Date(0) })), refusal(() => note.openNote(text, [])),
      proof.recoverEip191Address(bytes.encodeUtf8('hello'), input.signature),
    ];`;
  // A personal message «hello» signed by ethers with the key 0x4242…42.
  const { signEip191, WALLET } = await import('../proof/build-bundle.js');
  expect(await run(script, { signature: await signEip191('hello') })).toEqual([
    true, '正本 𝄞', '{"a":"正","b":[1,{"c":null}]}', 'JSON.NOT_CANONICALIZABLE', 'NOTE.MALFORMED', WALLET.address.toLowerCase(),
  ]);
});

test('what a host does faster is the same without it', async () => {
  const texts = ['', 'a', 'é', '正本', '\u{1d11e}', '\u07ff\u0800\uffff', ...Array.from({ length: 40 }, (_, i) => String.fromCodePoint(...Array.from({ length: i }, (_point, j) => 1 + ((i * 7919 + j * 104_729) % 0xd7ff))))];
  const script = `return input.map((text) => {
    const utf8 = zhengben.bytes.encodeUtf8(text);
    return [zhengben.bytes.bytesToHex(utf8), zhengben.bytes.bytesToBase64(utf8), zhengben.bytes.bytesToBase64url(utf8)];
  });`;
  expect(await run(script, texts)).toEqual(texts.map((text) => (['hex', 'base64', 'base64url'] as const).map((encoding) => Buffer.from(text).toString(encoding))));
});
