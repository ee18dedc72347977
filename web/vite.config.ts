import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { onwarn } from './bundler-warnings.ts';
import { precacheManifest } from './precache-manifest.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string };

/** The page: `npm run build` puts it into dist/web, from where the service serves it. */
export default defineConfig({
  root: here('.'),
  build: { outDir: here('../dist/web'), emptyOutDir: true, target: 'es2023', sourcemap: false, reportCompressedSize: false, rolldownOptions: { onwarn } },
  worker: { format: 'es' },
  define: { VERSION: JSON.stringify(version) },
  plugins: [precacheManifest()],
});
