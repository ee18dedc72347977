import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as Postgres } from 'pg';
import { blobPath } from '../../src/platform/blobs/index.js';
import { stopGracefully } from '../../src/platform/http/index.js';
import type { CliRun } from '../integration/cli/run-cli.js';
import { useCli } from '../integration/log/support/cli.js';
import { createTestDatabase, type TestDatabase } from '../support/index.js';
import { type Client, clientOf, joinAs } from '../support/http-client.js';
import { fund, joinAsOperator } from '../support/operators.js';
import { startApplication, type TestApplication } from '../support/start-application.js';
import { minimalForm } from '../support/work-forms.js';

jest.setTimeout(240_000);

const zhengben = useCli();
let service: TestApplication;
let restored: TestDatabase;
let creator: Client;
let directory: string;
const started: TestApplication[] = [];

beforeAll(async () => {
  [service, restored, directory] = await Promise.all([startApplication({ chain: true }), createTestDatabase({ migrated: false }), mkdtemp(join(tmpdir(), 'zhengben-drill-'))]);
  creator = await joinAs(service, 'creator');
});

afterAll(async () => {
  for (const one of started) await one.stop();
  await service.chain?.stop();
  await Promise.all([service.database.drop(), restored.drop()]);
  await Promise.all([rm(service.config.dataDir, { recursive: true, force: true }), rm(directory, { recursive: true, force: true })]);
});

function cli(database: TestDatabase, ...args: string[]): Promise<CliRun> {
  return zhengben(args, { ...service.environment, DATABASE_URL: database.serviceUrl, DATABASE_MIGRATION_URL: database.ownerUrl });
}

async function deposit(bytes: Buffer, form: Record<string, unknown> = {}): Promise<string> {
  const body = new FormData();
  body.set('work', JSON.stringify({ ...minimalForm, ...form }));
  body.append('files', new Blob([Uint8Array.from(bytes)], { type: 'image/jpeg' }), 'night.jpg');
  const { status, body: answer } = await creator.post('/works', body, { prefer: 'wait=20' });
  expect({ status, answer }).toMatchObject({ status: 201 });
  return String(answer['number']);
}

/** Sent by a buyer who bargains for a licence of the work. @returns where it is read, by the work's owner too. */
async function sendDocument(work: string, bytes: Buffer): Promise<string> {
  const buyer = await joinAs(service, 'buyer');
  await fund(buyer, await joinAsOperator(service), 1_000n);
  const price = { amountMinor: '1000', currency: 'CNY' };
  const scope = { rights: ['exhibition'], territories: ['CN'], uses: ['exhibition'], languages: ['*'], term: { from: '2027-01-01', to: '2028-12-31' } };
  const { body: listing } = await creator.post(`/works/${work}/listings`, { kind: 'licence', pricing: 'negotiable', scope, price });
  const { body: negotiation } = await buyer.post(`/listings/${String(listing['number'])}/negotiations`, { offer: price, expiresAt: new Date(Date.now() + 7 * 24 * 3_600_000).toISOString() });
  const form = new FormData();
  form.append('file', new Blob([Uint8Array.from(bytes)], { type: 'text/plain' }), 'draft.txt');
  const { status, body: { id } } = await buyer.post(`/negotiations/${String(negotiation['number'])}/documents`, form);
  expect(status).toBe(201);
  return `/negotiations/${String(negotiation['number'])}/documents/${String(id)}`;
}

async function readiness(application: TestApplication): Promise<{ status: number; log: unknown }> {
  const response = await fetch(`${application.url}/health/ready`);
  const { checks } = (await response.json()) as { checks: { log: { ok: boolean } } };
  return { status: response.status, log: checks.log.ok };
}

async function treeSize(application: TestApplication): Promise<number> {
  return Number((await (await fetch(`${application.url}/log/checkpoint`)).text()).split('\n')[1]);
}

/** The service again, on the restored database and everything else as it was. */
async function startOnRestored(): Promise<TestApplication> {
  const application = await startApplication({ env: { ...service.environment, DATABASE_URL: restored.serviceUrl } });
  started.push(application);
  return application;
}

async function waitFor(what: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; !(await what()); await sleep(50)) {
    if (Date.now() > deadline) throw new Error('it did not come to pass');
  }
}

test('an old backup is restored: the service refuses to fork, recover mends it, and the log goes on', async () => {
  const photos = Array.from({ length: 4 }, () => randomBytes(5_000));
  const before = await deposit(photos[0] as Buffer);
  const amended = await deposit(photos[1] as Buffer);
  const bundleOf = async (name: string): Promise<string> => {
    await writeFile(join(directory, name), JSON.stringify((await creator.get(`/works/${amended}/proof?at=newest`)).body));
    return join(directory, name);
  };
  const bundleBefore = await bundleOf('before.zbproof.json');

  const draft = Buffer.from(`合同草案 ${randomBytes(1_000).toString('hex')}`);
  const draftSha256 = createHash('sha256').update(draft).digest('hex');
  const document = await sendDocument(amended, draft);

  const backup = join(directory, 'backup');
  expect(await cli(service.database, 'backup', backup)).toMatchObject({ code: 0 });
  expect((await readdir(backup)).toSorted()).toEqual(['SHA256SUMS', 'blobs', 'database', 'log', 'manifest.json']);
  expect(await cli(service.database, 'backup', backup)).toMatchObject({ code: 2 });

  const after = await deposit(photos[2] as Buffer);
  const confidential = await deposit(photos[3] as Buffer, { visibility: 'confidential' });
  expect(await creator.post(`/works/${amended}/amendments`, { category: 'fine-art', title: '新题' })).toMatchObject({ status: 201 });
  expect(await creator.post(`/works/${before}/withdrawal`, { reason: 'mistake' })).toMatchObject({ status: 201 });
  await waitFor(async () => (await treeSize(service)) === 6);
  await waitFor(async () => (await creator.get(`/works/${after}`)).body['status'] === 'final');
  const { body: proofBefore } = await creator.get(`/works/${after}/proof?at=newest`);
  expect(await cli(service.database, 'log', 'fsck')).toMatchObject({ code: 0 });
  // An auditor follows the service itself, and sees what a bundle leaves out.
  const audit = (...args: string[]) => zhengben(['log', 'mirror', service.url, join(directory, 'mirror'), '--work', amended, ...args]);
  const trusting = await audit('--bundle', await bundleOf('after.zbproof.json'));
  expect(trusting).toMatchObject({ code: 0 });
  expect(trusting.stdout).toContain('TRUST ON FIRST USE');
  expect(await audit('--bundle', bundleBefore)).toMatchObject({ code: 1, stderr: expect.stringContaining('work.amended') });
  await stopGracefully(service.app, { idleMs: 10 });

  // The disaster: the database is gone; of the directory, a document that two bargain about.
  await rm(blobPath(service.config.dataDir, draftSha256));
  expect(await cli(service.database, 'restore', backup)).toMatchObject({ code: 2 }); // not empty
  const restoring = await cli(restored, 'restore', backup);
  expect(restoring).toMatchObject({ code: 0 });
  expect(restoring.stdout).toContain('log recover');
  expect(await cli(restored, 'restore', backup)).toMatchObject({ code: 2 });

  const closed = await startOnRestored();
  expect(await readiness(closed)).toEqual({ status: 503, log: false });
  const closedClient = clientOf(closed.url, creator.apiKey);
  // What is new is taken in, and waits; what has a chain may go on in public where this database does not know it.
  const meanwhile = await closedClient.post('/works', { ...minimalForm, contents: [{ name: 'a.jpg', mediaType: 'image/jpeg', byteLength: 9, sha256: randomBytes(32).toString('hex') }] });
  expect(meanwhile).toMatchObject({ status: 201 });
  expect(await closedClient.post(`/works/${amended}/withdrawal`, { reason: 'mistake' })).toMatchObject({ status: 503, body: { code: 'LOG.RECOVERY_NEEDED' } });
  await sleep(500);
  expect(await treeSize(closed)).toBe(2);
  await stopGracefully(closed.app, { idleMs: 10 });

  const recovered = await cli(restored, 'log', 'recover');
  expect(recovered).toMatchObject({ code: 0 });
  expect(recovered.stdout).toContain('from tree size 2 to 6: 4 statements brought back');
  expect(await cli(restored, 'log', 'recover')).toMatchObject({ code: 0 }); // nothing left to do
  expect(await cli(restored, 'log', 'fsck')).toMatchObject({ code: 0 });

  const mended = await startOnRestored();
  const client = clientOf(mended.url, creator.apiKey);
  await waitFor(async () => (await treeSize(mended)) === 7);
  expect(await readiness(mended)).toEqual({ status: 200, log: true });
  expect((await client.get(`/works/${after}`)).body).toMatchObject({ number: after, isOwner: true, leafIndex: 2 });
  expect((await client.get(`/works/${after}`)).body['title']).toBeUndefined(); // sealed, and lost
  expect((await client.get(`/works/${before}`)).body['withdrawnAt']).not.toBeNull();
  expect((await client.get(`/works/${amended}`)).body).toMatchObject({ category: 'fine-art' });
  expect((await client.get(`/works/${confidential}`)).body).toMatchObject({ isOwner: true });
  expect(await clientOf(mended.url, null).get(`/works/${confidential}`)).toMatchObject({ status: 404 });
  expect((await client.get(`/works/${String(meanwhile.body['number'])}`)).body).toMatchObject({ leafIndex: 6 });
  const { body: proofAfter } = await client.get(`/works/${after}/proof?at=newest`);
  const statementOf = (bundle: Record<string, unknown>) => (bundle as { chains: { entries: { statement: unknown }[] }[] }).chains[0]?.entries[0]?.statement;
  expect(statementOf(proofAfter)).toEqual(statementOf(proofBefore));

  // First claims are back: the same file is not another's.
  const stranger = await joinAs(mended, 'stranger');
  const copy = new FormData();
  copy.set('work', JSON.stringify(minimalForm));
  copy.append('files', new Blob([Uint8Array.from(photos[2] as Buffer)], { type: 'image/jpeg' }), 'mine.jpg');
  expect(await stranger.post('/works', copy)).toMatchObject({ status: 409, body: { code: 'WORKS.ALREADY_CLAIMED' } });
  const downloaded = await fetch(`${mended.url}/api/v1${document}`, { headers: { authorization: `Bearer ${creator.apiKey}` } });
  expect([downloaded.status, Buffer.from(await downloaded.arrayBuffer()).equals(draft)]).toEqual([200, true]);
  // The original was still on disk.
  const { rows } = await new Postgres({ connectionString: restored.ownerUrl }).connect().then(async (postgres) => {
    const answer = await postgres.query<{ held: string }>('SELECT count(blob_sha256) AS held FROM content');
    await postgres.end();
    return answer;
  });
  expect(rows[0]?.held).toBe('3'); // of the two of before, and the public one of after
  await waitFor(async () => (await client.get(`/works/${String(meanwhile.body['number'])}`)).body['status'] === 'final');
  expect(await cli(restored, 'log', 'fsck')).toMatchObject({ code: 0 });
});

test('a damaged backup is refused before anything is written', async () => {
  const backup = join(directory, 'backup');
  const empty = await createTestDatabase({ migrated: false });
  try {
    const [blobDirectory] = await readdir(join(backup, 'blobs'));
    const [blob] = await readdir(join(backup, 'blobs', blobDirectory as string));
    await writeFile(join(backup, 'blobs', blobDirectory as string, blob as string), 'other bytes');
    const refused = await cli(empty, 'restore', backup);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain(String(blob));
    const client = new Postgres({ connectionString: empty.ownerUrl });
    await client.connect();
    expect((await client.query(`SELECT to_regclass('public.statement') AS found`)).rows).toEqual([{ found: null }]);
    await client.end();
  } finally {
    await empty.drop();
  }
});
