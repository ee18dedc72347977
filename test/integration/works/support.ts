import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'pg';
import { type Client, clientOf } from '../../support/http-client.js';
import type { TestApplication } from '../../support/start-application.js';
import { minimalForm } from '../../support/work-forms.js';
import { BOUNDARY, multipart, type Part, type RawAnswer, send } from './raw-http.js';

export const WORKS = '/api/v1/works';

export function formPart(changes: Record<string, unknown> = {}): Part {
  return { name: 'work', body: JSON.stringify({ ...minimalForm, ...changes }) };
}

export function filePart(body: string | Uint8Array, filename = 'night.jpg', type = 'image/jpeg'): Part {
  return { name: 'files', filename, type, body };
}

export function multipartHeaders(client: Client): Record<string, string> {
  return { Authorization: `Bearer ${client.apiKey}`, 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` };
}

/** A deposit over a socket of its own. */
export async function upload(service: TestApplication, client: Client, parts: readonly Part[], headers: Record<string, string> = {}): Promise<RawAnswer> {
  const answer = await send(service.url, { path: WORKS, headers: { ...multipartHeaders(client), ...headers }, body: multipart(parts) });
  if (answer === null) throw new Error('the service closed the connection without an answer');
  return answer;
}

const pools = new Map<string, Pool>();

/** As superuser. The connections end when the database is dropped. */
export async function query<T extends object>({ database: { adminUrl } }: TestApplication, sql: string, parameters: unknown[] = []): Promise<T[]> {
  const pool = pools.get(adminUrl) ?? new Pool({ connectionString: adminUrl, max: 2, allowExitOnIdle: true }).on('error', () => undefined);
  pools.set(adminUrl, pool);
  return (await pool.query<T>(sql, parameters)).rows;
}

/** How many works, blobs and statements there are, and the staging files: what a refused deposit must not change. */
export async function traces(service: TestApplication): Promise<{ works: number; statements: number; staged: string[] }> {
  const [row] = await query<{ works: number; statements: number }>(service, 'SELECT (SELECT count(*)::int FROM work) AS works, (SELECT count(*)::int FROM statement) AS statements');
  return { works: row?.works ?? -1, statements: row?.statements ?? -1, staged: await readdir(join(service.config.dataDir, 'staging')) };
}

/** Tries until `probe` gives something, for at most 10 s. */
export async function eventually<T>(probe: () => Promise<T | null | undefined | false>): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error('it did not come about');
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** An account with an API key of these scopes only. */
export async function joinWithScopes(service: TestApplication, scopes: readonly string[]): Promise<Client> {
  const anonymous = clientOf(service.url, null);
  const [email, password] = [`${randomUUID()}@example.com`, randomUUID()];
  await anonymous.post('/accounts', { email, password, displayName: 'scoped' });
  const cookie = (await anonymous.post('/sessions', { email, password })).headers.get('set-cookie')?.split(';')[0] ?? '';
  const key = await anonymous.post('/api-keys', { name: 'scoped', scopes }, { cookie, origin: service.config.publicUrl, 'sec-fetch-site': 'same-origin' });
  const account = await anonymous.get('/accounts/current', { cookie });
  return clientOf(service.url, String(key.body['key']), String(account.body['id']));
}
