import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

/**
 * Builds the service worker (src/offline/service-worker.ts) after the page and tells it by name and digest what to keep, so that a page that
 * was loaded once verifies without a network. Everything is kept but what is large and only of use online.
 */
export function precacheManifest(): Plugin {
  let outDir = '';
  let publicDir = '';
  return {
    name: 'zhengben-precache-manifest',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir;
      publicDir = config.publicDir;
    },
    async writeBundle(_options, bundle) {
      const files = await Promise.all((await readdir(publicDir)).map(async (fileName) => ({ fileName, bytes: await readFile(join(publicDir, fileName)) as string | Uint8Array })));
      const entries = [...files, ...Object.values(bundle).map((file) => ({ fileName: file.fileName, bytes: file.type === 'chunk' ? file.code : file.source }))]
        .map(({ fileName, bytes }) => ({ url: `/${fileName}`, revision: isNamedByDigest(fileName) ? null : createHash('sha256').update(bytes).digest('hex').slice(0, 16) }))
        .filter(({ url }) => /\.(?:html|js|css|json|svg|woff2?)$/.test(url));
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: { PRECACHE: JSON.stringify(entries) },
        build: { outDir, emptyOutDir: false, target: 'es2023', rolldownOptions: { input: new URL('src/offline/service-worker.ts', import.meta.url).pathname, output: { format: 'iife', entryFileNames: 'service-worker.js' } } },
      });
    },
  };
}

function isNamedByDigest(fileName: string): boolean {
  return fileName.startsWith('assets/');
}
