import { resolve } from 'node:path';
import { createContext, Script } from 'node:vm';
import { build, type Metafile } from 'esbuild';
import { LOG } from '../proof/build-bundle.js';
import { buildVerdict } from './build-verdict.js';

// As the portability test of the whole library: the verifier of verdicts runs where there is nothing but ECMAScript.

let code: string;
let metafile: Metafile;

beforeAll(async () => {
  const result = await build({
    entryPoints: [resolve(__dirname, '../../../../src/lib/verdict/index.ts')], bundle: true, write: false, format: 'iife', globalName: 'verdict', platform: 'browser', target: 'es2023',
    metafile: true, logLevel: 'silent',
  });
  code = result.outputFiles[0]?.text ?? '';
  metafile = result.metafile;
}, 60_000);

test('nothing of Node and no other package came in', () => {
  const packages = Object.keys(metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter((name) => name !== undefined);
  expect([...new Set(packages)].toSorted()).toEqual(['@noble/curves', '@noble/hashes', 'canonicalize', 'zod']);
});

test('a verdict is verified there, and its note composed', async () => {
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
  new Script(code).runInContext(context);
  const { verdict: value } = buildVerdict();
  const script = `(async () => {
    const input = ${JSON.stringify({ text: JSON.stringify(value), logKeys: [LOG.vkey] })};
    const parsed = verdict.parseVerdict(input.text);
    const { note, ...unsigned } = parsed;
    const report = await verdict.verifyVerdict(parsed, { logKeys: input.logKeys });
    return [report.verdict, report.checks.map(({ result }) => result), note.startsWith(verdict.composeVerdictNote('log.example/zhengben', unsigned)), verdict.isVerdictText(input.text)];
  })().then(JSON.stringify)`;
  const answer = JSON.parse(await (new Script(script).runInContext(context) as Promise<string>)) as unknown;
  expect(answer).toEqual(['verified', ['pass', 'pass', 'pass', 'pass', 'pass', 'skipped'], true, true]);
});
