import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Config } from '../../platform/config/index.js';
import { transact } from '../../platform/database/index.js';
import { uuidv7 } from '../../platform/random/index.js';
import { API_KEY_SCOPES } from './api-key-scopes.js';
import { insertApiKey } from './create-api-key.js';
import { API_KEY_PREFIX } from './credentials.js';
import { hashPassword } from './passwords.js';
import { createSecret, hashSecret } from './secrets.js';

export interface DemoAccount {
  readonly email: string;
  readonly password: string;
  readonly apiKey: string;
}

/** Who it is, and the file in the data directory, without its ending, that its credentials are kept in. */
export interface DemoIdentity {
  readonly name: string;
  readonly email: string;
  readonly displayName: string;
}

const DEMO: DemoIdentity = { name: 'demo-account', email: 'demo@zhengben.example', displayName: '演示 Demo' };

/**
 * An account to try the service with, in development only. Its password and key are random, and kept in the data directory, so that
 * the next start prints the same ones. May run again at any time; what is missing is made.
 */
export async function createDemoAccount(app: INestApplicationContext, config: Pick<Config, 'production' | 'dataDir'>, who: DemoIdentity = DEMO): Promise<DemoAccount> {
  if (config.production) throw new Error('there is no demo account in production');
  const demo = await readOrMakeCredentials(join(config.dataDir, `${who.name}.json`), who);
  const passwordHash = await hashPassword(demo.password);
  await transact(app.get(DataSource, { strict: false }), async (tx) => {
    const [account]: { account_id: string }[] = await tx.query(
      `INSERT INTO account (account_id, email, display_name, password_hash, locale, email_verified_at) VALUES ($1, $2, $3, $4, 'zh', now())
       ON CONFLICT (email) DO UPDATE SET password_hash = excluded.password_hash RETURNING account_id`,
      [uuidv7(), demo.email, who.displayName, passwordHash],
    );
    if (!account) throw new Error('the demo account was neither made nor found');
    const keys: unknown[] = await tx.query('SELECT 1 FROM api_key WHERE key_hash = $1 AND revoked_at IS NULL', [hashSecret(demo.apiKey)]);
    if (keys.length === 0) await insertApiKey(tx, account.account_id, { name: 'demo', scopes: API_KEY_SCOPES }, demo.apiKey);
    // Of an earlier version it has those that there were then.
    else await tx.query('UPDATE api_key SET scopes = $2 WHERE key_hash = $1', [hashSecret(demo.apiKey), API_KEY_SCOPES]);
  });
  return demo;
}

async function readOrMakeCredentials(path: string, { email }: DemoIdentity): Promise<DemoAccount> {
  const stored = z.object({ email: z.literal(email), password: z.string(), apiKey: z.string() });
  try {
    return stored.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new Error(`${path} is not readable as a demo account: remove it`, { cause: error });
  }
  const demo: DemoAccount = { email, password: createSecret().slice(0, 16), apiKey: `${API_KEY_PREFIX}${createSecret()}` };
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  return demo;
}
