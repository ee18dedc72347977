// Compiles src/ and bench/ to dist/ in a second or two: only what changed is compiled, and what has no source any more is deleted.
// Then the page (web/ to dist/web), when anything of it changed.
// Types are checked by `npm run typecheck`, not here.
import { rmSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { transform, version } from '@swc/core';
import { buildPage, PAGE_SOURCES } from './build-page.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const OUT = join(ROOT, 'dist');
/** Digest of each source as it was compiled last, by path; another compiler or another of these options compiles everything again. */
const STATE = join(OUT, '.build.json');
const OPTIONS = {
  swcrc: false, sourceMaps: true, module: { type: 'es6' },
  jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true } },
};

await lock(join(OUT, '.building'));

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
for (const orphan of built) if (!orphan.startsWith(join(OUT, 'web'))) await Promise.all([rm(orphan), rm(`${orphan}.map`, { force: true })]);
const page = await digestOfPage();
if (previous.page !== page || !built.has(join(OUT, 'web/service-worker.js'))) {
  await buildPage(join(OUT, 'web'));
  console.log('built the page');
}
await copyFile(join(ROOT, 'docs/openapi.json'), join(OUT, 'openapi.json'));
await put(STATE, JSON.stringify({ compiler, sources, page }));
if (compiled > 0) console.log(`built ${compiled} of ${Object.keys(sources).length} files`);

/** Of everything that the page is made of, the tools among it. */
async function digestOfPage() {
  const hash = createHash('sha256');
  for (const path of (await Promise.all(PAGE_SOURCES.map((source) => list(join(ROOT, source), /./)))).flat().toSorted()) hash.update(relative(ROOT, path)).update(await readFile(path));
  return hash.digest('hex');
}

/** One build at a time: who comes meanwhile waits, and then finds it done. A lock whose process is gone is nobody's. */
async function lock(path) {
  await mkdir(OUT, { recursive: true });
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const pid = Number(await readFile(path, 'utf8').catch(() => '0'));
      if (pid > 0 && !isAlive(pid)) await rm(path, { force: true });
      await sleep(50);
    }
  }
  process.on('exit', () => rmSync(path, { force: true }));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Whole or not at all: a program that is started meanwhile never reads half a file. */
async function put(path, text) {
  await writeFile(`${path}.${process.pid}`, text);
  await rename(`${path}.${process.pid}`, path);
}

async function list(directory, pattern) {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (entries === null) return [directory];
  return entries.filter((entry) => entry.isFile() && pattern.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
}
