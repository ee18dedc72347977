import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';
import { onwarn } from './bundler-warnings.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string };

/** verify.html: the verifier as one file that runs from a disk, with its words, its worker and nothing to load. */
export default defineConfig({
  root: here('.'),
  publicDir: false,
  resolve: { alias: { './new-hash-worker.ts': here('./src/verifier/new-hash-worker.ts') } },
  define: { VERSION: JSON.stringify(version) },
  worker: { format: 'iife' },
  build: { outDir: here('../dist/verifier'), emptyOutDir: true, target: 'es2023', reportCompressedSize: false, rolldownOptions: { input: here('./verify.html'), onwarn } },
  plugins: [viteSingleFile({ removeViteModuleLoader: true })],
});
