import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { transform } from '@swc/core';

const ROOT = join(__dirname, '../../..');
const CACHE = join(ROOT, 'node_modules/.cache/zhengben-service');

/**
 * Compiles `src` once, so that a service that is killed a hundred times starts in a second or two each time.
 * @returns the path of `main.js`. What was compiled from the same sources before is used again.
 */
export async function compileService(): Promise<string> {
  const names = (await readdir(join(ROOT, 'src'), { recursive: true })).filter((name) => name.endsWith('.ts')).toSorted();
  const sources = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(ROOT, 'src', name), 'utf8') })));
  const hash = createHash('sha256');
  for (const { name, text } of sources) hash.update(`${name}\0${text.length}\0${text}`);
  const target = join(CACHE, hash.digest('hex').slice(0, 16));
  const main = join(target, 'src/main.js');
  if (existsSync(main)) return main;

  await mkdir(CACHE, { recursive: true });
  const building = await mkdtemp(join(CACHE, 'building-'));
  await writeFile(join(building, 'package.json'), '{"type":"module"}\n');
  await Promise.all(sources.map(async ({ name, text }) => {
    const { code } = await transform(text, {
      filename: join(ROOT, 'src', name), swcrc: false, sourceMaps: 'inline', module: { type: 'es6' },
      jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true } },
    });
    const path = join(building, 'src', name.replace(/\.ts$/, '.js'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, code);
  }));
  try {
    await rename(building, target);
  } catch (error) {
    // Another worker was quicker with the same sources.
    await rm(building, { recursive: true, force: true });
    if (!existsSync(main)) throw error;
  }
  return main;
}
