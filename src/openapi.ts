import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from './app.module.js';
import { formatSignerKey } from './lib/note/index.js';
import { loadConfig } from './platform/config/index.js';
import { describeHttpApplication } from './platform/http/index.js';

// `npm run openapi:generate` writes docs/openapi.json; `npm run openapi:check` says whether it is as the code has it.
// Nothing is started: neither database nor chain nor keys are needed.

const PATH = 'docs/openapi.json';

const keys = await mkdtemp(join(tmpdir(), 'zhengben-openapi-'));
await writeFile(join(keys, 'log.key'), formatSignerKey('none', new Uint8Array(32)));
await writeFile(join(keys, 'anchor.key'), `0x${'1'.repeat(64)}`);
const config = loadConfig({
  DATABASE_URL: 'postgres://nobody@localhost/none', EVM_RPC_URL: 'http://localhost', ANCHOR_CONTRACT: `0x${'0'.repeat(40)}`,
  ANCHOR_KEY_FILE: join(keys, 'anchor.key'), LOG_KEY_FILE: join(keys, 'log.key'), LOG_ORIGIN: 'none',
});
await rm(keys, { recursive: true });
const text = `${JSON.stringify(await describeHttpApplication(AppModule.of(config)), null, 2)}\n`;
if (process.argv.includes('--check')) {
  const committed = await readFile(PATH, 'utf8').catch(() => '');
  if (committed !== text) {
    process.stderr.write(`${PATH} is not what the routes say: run «npm run openapi:generate» and commit it\n`);
    process.exitCode = 1;
  }
} else {
  await mkdir('docs', { recursive: true });
  await writeFile(PATH, text);
}
