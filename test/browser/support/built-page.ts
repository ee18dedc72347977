import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BuiltPage } from '../../../src/platform/http/index.js';

const ROOT = join(__dirname, '../../..');

/** What `npm run build` makes of web/; built when it is not. */
export async function builtPage(): Promise<BuiltPage> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'tools/build.mjs')], { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production' } });
  return { directory: join(ROOT, 'dist/web'), openapi: JSON.parse(await readFile(join(ROOT, 'dist/openapi.json'), 'utf8')) as BuiltPage['openapi'] };
}
