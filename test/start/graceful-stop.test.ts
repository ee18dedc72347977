import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { formatSignerKey } from '../../src/lib/note/index.js';
import { type Checkout, makeCheckout, startService } from '../support/checkout.js';
import { createTestDatabase, type TestDatabase } from '../support/index.js';
import { declaredContent, minimalForm } from '../support/work-forms.js';

jest.setTimeout(120_000);

const CONNECTIONS = 16;
let checkout: Checkout;
let database: TestDatabase;
let directory: string;

beforeAll(async () => {
  [checkout, database, directory] = await Promise.all([makeCheckout(), createTestDatabase(), mkdtemp(join(tmpdir(), 'zhengben-stop-'))]);
});

afterAll(async () => {
  await database.drop();
  await checkout.remove();
  await rm(directory, { recursive: true });
});

/** @returns the number of the work, or the system's code when no connection could be made. Anything else is a lost request. */
function register(url: string, key: string, agent: Agent): Promise<{ number: string } | { code: string }> {
  const body = JSON.stringify({ ...minimalForm, contents: [declaredContent()] });
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/v1/works`, { method: 'POST', agent, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 201) resolve({ number: String((JSON.parse(text) as { number: unknown }).number) });
        else reject(new Error(`${response.statusCode}: ${text}`));
      });
    });
    sent.on('error', (error: NodeJS.ErrnoException) => (error.syscall === 'connect' ? resolve({ code: String(error.code) }) : reject(error)));
    sent.end(body);
  });
}

test('SIGTERM under load: every registration that was sent is answered, and is there', async () => {
  await writeFile(join(directory, 'log.key'), formatSignerKey('test.example/log', randomBytes(32)));
  await writeFile(join(directory, 'anchor.key'), `0x${randomBytes(32).toString('hex')}`);
  const service = startService(checkout, {
    PORT: '0', DATA_DIR: directory, DATABASE_URL: database.serviceUrl, LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '1000000',
    EVM_RPC_URL: 'http://127.0.0.1:1', ANCHOR_CONTRACT: `0x${'1'.repeat(40)}`, ANCHOR_KEY_FILE: join(directory, 'anchor.key'), LOG_ORIGIN: 'test.example/log', LOG_KEY_FILE: join(directory, 'log.key'),
  });
  const url = await service.url();
  const key = (await service.prints(/demo key +(\S+)/))[1] ?? '';
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const numbers: string[] = [];
  const ends: string[] = [];
  const clients = Array.from({ length: CONNECTIONS }, async () => {
    for (;;) {
      const outcome = await register(url, key, agent);
      if ('code' in outcome) return ends.push(outcome.code);
      numbers.push(outcome.number);
    }
  });
  await sleep(1_500);
  const before = numbers.length;
  const exited = service.stop();
  await Promise.all(clients);
  expect(await exited).toBe(0);
  agent.destroy();

  expect(before).toBeGreaterThan(CONNECTIONS);
  expect(new Set(ends)).toEqual(new Set(['ECONNREFUSED']));
  expect(new Set(numbers).size).toBe(numbers.length);
  const postgres = new Client({ connectionString: database.ownerUrl });
  await postgres.connect();
  const { rows } = await postgres.query<{ subject: string }>(`SELECT subject FROM statement WHERE type = 'work.deposited'`);
  await postgres.end();
  expect(rows.map(({ subject }) => subject).toSorted()).toEqual(numbers.toSorted());
});
