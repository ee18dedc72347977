// Compiles src/ and bench/ to dist/ in a second or two: only what changed is compiled, and what has no source any more is deleted.
// Types are checked by `npm run typecheck`, not here.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform, version } from '@swc/core';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const OUT = join(ROOT, 'dist');
/** Digest of each source as it was compiled last, by path; another compiler or another of these options compiles everything again. */
const STATE = join(OUT, '.build.json');
const OPTIONS = {
  swcrc: false, sourceMaps: true, module: { type: 'es6' },
  jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true } },
};

const compiler = createHash('sha256').update(JSON.stringify([version, OPTIONS])).digest('hex');
const previous = await readFile(STATE, 'utf8').then(JSON.parse, () => ({}));
const known = previous.compiler === compiler ? previous.sources : {};
const sources = {};
const built = new Set(await list(OUT, /\.js$/));
let compiled = 0;

for (const path of [...await list(join(ROOT, 'src'), /(?<!\.d)\.ts$/), ...await list(join(ROOT, 'bench'), /(?<!\.d)\.ts$/)]) {
  const text = await readFile(path, 'utf8');
  const name = relative(ROOT, path);
  sources[name] = createHash('sha256').update(text).digest('hex');
  const output = join(OUT, name.replace(/\.ts$/, '.js'));
  const isFresh = built.delete(output) && known[name] === sources[name];
  if (isFresh) continue;
  const { code, map } = await transform(text, { ...OPTIONS, filename: path, sourceFileName: relative(dirname(output), path) });
  await mkdir(dirname(output), { recursive: true });
  await put(`${output}.map`, map);
  await put(output, `${code}//# sourceMappingURL=${output.slice(output.lastIndexOf('/') + 1)}.map\n`);
  compiled += 1;
}
for (const orphan of built) await Promise.all([rm(orphan), rm(`${orphan}.map`, { force: true })]);
await mkdir(OUT, { recursive: true });
await put(STATE, JSON.stringify({ compiler, sources }));
if (compiled > 0) console.log(`built ${compiled} of ${Object.keys(sources).length} files`);

/** Whole or not at all: a program that is started meanwhile never reads half a file. */
async function put(path, text) {
  await writeFile(`${path}.${process.pid}`, text);
  await rename(`${path}.${process.pid}`, path);
}

async function list(directory, pattern) {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isFile() && pattern.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
}
