import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import { formatSignerKey } from './lib/note/index.js';
import { loadConfig } from './platform/config/index.js';
import { describeHttpApplication } from './platform/http/index.js';

/** Every route and what it takes, for tools/generate-openapi.mjs. Nothing is started: neither database nor chain nor keys are needed. */
export async function describeRoutes(): Promise<OpenAPIObject> {
  const keys = await mkdtemp(join(tmpdir(), 'zhengben-openapi-'));
  try {
    await writeFile(join(keys, 'log.key'), formatSignerKey('none', new Uint8Array(32)));
    await writeFile(join(keys, 'anchor.key'), `0x${'1'.repeat(64)}`);
    const config = loadConfig({
      DATABASE_URL: 'postgres://nobody@localhost/none', EVM_RPC_URL: 'http://localhost', ANCHOR_CONTRACT: `0x${'0'.repeat(40)}`,
      ANCHOR_KEY_FILE: join(keys, 'anchor.key'), LOG_KEY_FILE: join(keys, 'log.key'), LOG_ORIGIN: 'none',
    });
    return await describeHttpApplication(AppModule.of(config));
  } finally {
    await rm(keys, { recursive: true });
  }
}
