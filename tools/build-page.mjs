// The page: Vite's build of web/ to a directory, then each file compressed beside itself, so that the service only sends.
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What the page is made of: when none of it changed, it is not built again. */
export const PAGE_SOURCES = ['web', 'src/lib', 'package-lock.json', 'tools/build-page.mjs'];

const COMPRESSIBLE = /\.(?:html|js|css|json|svg)$/;
/** Shorter files do not get shorter by it. */
const LEAST_BYTES = 512;

/** Built beside and put in place whole: a service that runs meanwhile serves the page as it was. */
export async function buildPage(directory) {
  // Loaded only when there is something to build.
  const { build } = await import('vite');
  const next = `${directory}.next`;
  await rm(next, { recursive: true, force: true });
  await build({ configFile: fileURLToPath(new URL('../web/vite.config.ts', import.meta.url)), logLevel: 'warn', build: { outDir: next } });
  const verifier = `${directory}.verifier`;
  await build({ configFile: fileURLToPath(new URL('../web/verifier.vite.config.ts', import.meta.url)), logLevel: 'warn', build: { outDir: verifier } });
  // Beside it stands what it holds already.
  await rename(join(verifier, 'verify.html'), join(next, 'verify.html'));
  await rm(verifier, { recursive: true });
  await compress(next);
  await rm(directory, { recursive: true, force: true });
  await rename(next, directory);
}

async function compress(directory) {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  await Promise.all(entries.filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name)).map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (bytes.length < LEAST_BYTES) return;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    await Promise.all([
      promisify(gzip)(bytes, { level: 9 }).then((short) => writeFile(`${path}.gz`, short)),
      promisify(brotliCompress)(bytes, { params }).then((short) => writeFile(`${path}.br`, short)),
    ]);
  }));
}
