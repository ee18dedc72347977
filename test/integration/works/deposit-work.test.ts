import { randomBytes, randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { hexToBytes } from '../../../src/lib/bytes/index.js';
import type { DomainError } from '../../../src/lib/errors/index.js';
import { openNote, parseReceipt, parseVerifierKey } from '../../../src/lib/note/index.js';
import { formatSignerKey } from '../../../src/lib/note/index.js';
import { parseStatement } from '../../../src/lib/statement/index.js';
import { LogKeys, LogReader } from '../../../src/modules/log/index.js';
import { DepositWork, type DepositedWork } from '../../../src/modules/works/index.js';
import { dataSourceOptions } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/index.js';
import { contentOf, parsedForm } from '../../support/work-forms.js';

let database: TestDatabase;
let dataSource: DataSource;
let keys: LogKeys;
let reader: LogReader;
let deposit: DepositWork;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await new DataSource(dataSourceOptions(database.serviceUrl, 10, () => undefined)).initialize();
  const origin = 'test.example/log';
  keys = new LogKeys({ log: { origin, signerKey: formatSignerKey(origin, randomBytes(32)), previousSignerKey: null, mergeDelaySeconds: 86_400, sequenceIntervalMs: 50 } } as never);
  reader = new LogReader(dataSource);
  deposit = new DepositWork(dataSource, keys, reader, new Registry());
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

interface Given { accountId?: string; form?: Record<string, unknown>; contents?: ReturnType<typeof contentOf>[]; idempotencyKey?: string | null }

function give({ accountId = randomUUID(), form = {}, contents = [contentOf(randomUUID())], idempotencyKey = null }: Given = {}): Promise<DepositedWork> {
  return deposit.execute({ accountId, form: parsedForm(form), contents, idempotencyKey });
}

async function codeOf(act: Promise<unknown>): Promise<string> {
  return act.then(() => 'accepted', (error: DomainError) => error.code ?? String(error));
}

/** As the foreign key demands: a held file has its blob's row. */
async function hold(seed: string): Promise<ReturnType<typeof contentOf>> {
  const content = contentOf(seed, 'held');
  await dataSource.query(`INSERT INTO blob (sha256, byte_length) VALUES (decode($1, 'hex'), 10) ON CONFLICT DO NOTHING`, [content.sha256]);
  return content;
}

test('a deposit is a statement with nothing personal in it, its disclosures, and a receipt that the log key signed', async () => {
  const accountId = randomUUID();
  const work = await give({ accountId });
  const [entry, ...more] = await reader.chain(work.number);
  expect(more).toEqual([]);
  const statement = parseStatement(entry!.bytes);
  expect(statement).toMatchObject({ type: 'work.deposited', subject: work.number, seq: 0, prev: null, actor: `acct:${accountId}`, id: work.statement.id });
  expect(Buffer.from(entry!.bytes).toString('utf8')).not.toMatch(/珠江|林舟|阿舟|night/);
  expect(statement.sealed).toHaveLength(5);
  expect(entry!.disclosures).toHaveLength(5);
  expect(Buffer.from(entry!.leafHash).toString('hex')).toBe(work.statement.leafHash);
  const receipt = parseReceipt(openNote(work.receipt, [parseVerifierKey(keys.vkey)]).text);
  expect(receipt.leafHash).toEqual(hexToBytes(work.statement.leafHash));
  expect(Date.parse(receipt.mergeBy) - Date.parse(receipt.acceptedAt)).toBe(86_400_000);
});

describe('first claims', () => {
  test('a public digest claimed by another account is a conflict that names work and time; a rival claim is kept', async () => {
    const seed = randomUUID();
    const first = await give({ contents: [contentOf(seed)] });
    const error = await give({ contents: [contentOf(seed)] }).catch((caught: DomainError) => caught);
    expect(error).toMatchObject({ code: 'WORKS.ALREADY_CLAIMED', members: { claims: [{ work: first.number, claimedAt: expect.stringMatching(/Z$/) }] } });
    expect(await codeOf(give({ contents: [contentOf(seed)], form: { claim: 'rival' } }))).toBe('accepted');
    // The rival did not take the claim over.
    expect(await give({ contents: [contentOf(seed)] }).catch((caught: DomainError) => caught.members)).toMatchObject({ claims: [{ work: first.number }] });
  });

  test('one\'s own files, one new file among known ones, and empty files never conflict', async () => {
    const [seed, accountId] = [randomUUID(), randomUUID()];
    await give({ accountId, contents: [contentOf(seed)] });
    expect(await codeOf(give({ accountId, contents: [contentOf(seed)] }))).toBe('accepted');
    expect(await codeOf(give({ contents: [contentOf(seed), contentOf(randomUUID())] }))).toBe('accepted');
    expect(await codeOf(give({ contents: [contentOf('', 'declared', 0), contentOf(randomUUID())] }))).toBe('accepted');
    expect(await codeOf(give({ contents: [contentOf('', 'declared', 0), contentOf(seed)] }))).toBe('WORKS.ALREADY_CLAIMED');
  });

  test('a rival\'s own files do not conflict with it either, until the rival work is withdrawn', async () => {
    const [seed, rival] = [randomUUID(), randomUUID()];
    await give({ contents: [contentOf(seed)] });
    expect(await codeOf(give({ accountId: rival, contents: [contentOf(seed)], form: { visibility: 'confidential' } }))).toBe('accepted');
    expect(await codeOf(give({ accountId: rival, contents: [contentOf(seed)] }))).toBe('WORKS.ALREADY_CLAIMED');
    const work = await give({ accountId: rival, contents: [contentOf(seed)], form: { claim: 'rival' } });
    const again = await give({ accountId: rival, contents: [contentOf(seed)] });
    expect(await codeOf(give({ accountId: rival, contents: [contentOf(seed), contentOf('', 'declared', 0)] }))).toBe('accepted');
    expect(await codeOf(give({ contents: [contentOf(seed)] }))).toBe('WORKS.ALREADY_CLAIMED');
    await dataSource.query('UPDATE work SET withdrawn_at = now() WHERE account_id = $1', [rival]);
    expect(await codeOf(give({ accountId: rival, contents: [contentOf(seed)] }))).toBe('WORKS.ALREADY_CLAIMED');
    expect(new Set([work.number, again.number]).size).toBe(2);
  });

  test('a declared digest never blocks a held file; a held one blocks both', async () => {
    const seed = randomUUID();
    await give({ contents: [contentOf(seed)] });
    expect(await codeOf(give({ contents: [await hold(seed)] }))).toBe('accepted');
    expect(await codeOf(give({ contents: [await hold(seed)] }))).toBe('WORKS.ALREADY_CLAIMED');
    expect(await codeOf(give({ contents: [contentOf(seed)] }))).toBe('WORKS.ALREADY_CLAIMED');
  });

  test('a loser leaves nothing behind that could block others', async () => {
    const seed = randomUUID();
    await give({ contents: [await hold(seed)] });
    expect(await codeOf(give({ contents: [contentOf(seed)], idempotencyKey: 'lost' }))).toBe('WORKS.ALREADY_CLAIMED');
    const claims = await dataSource.query(`SELECT held FROM first_claim WHERE sha256 = decode($1, 'hex')`, [contentOf(seed).sha256]);
    expect(claims).toEqual([{ held: true }]);
    expect(await dataSource.query(`SELECT 1 FROM idempotency WHERE key = 'lost'`)).toEqual([]);
  });

  test('confidential works neither claim nor conflict', async () => {
    const seed = randomUUID();
    expect(await codeOf(give({ contents: [contentOf(seed)], form: { visibility: 'confidential' } }))).toBe('accepted');
    expect(await codeOf(give({ contents: [contentOf(seed)] }))).toBe('accepted');
    expect(await codeOf(give({ contents: [contentOf(seed)], form: { visibility: 'confidential' } }))).toBe('accepted');
  });

  test('of many accounts that claim one digest at the same moment exactly one is first', async () => {
    const seed = randomUUID();
    const codes = await Promise.all(Array.from({ length: 40 }, () => codeOf(give({ contents: [contentOf(seed)] }))));
    expect(codes.filter((code) => code === 'accepted')).toHaveLength(1);
    expect(codes.filter((code) => code === 'WORKS.ALREADY_CLAIMED')).toHaveLength(39);
  });
});

describe('in tables of 100,000 rows of which PostgreSQL has no statistics', () => {
  const TABLES = ['work', 'content', 'first_claim', 'idempotency'];
  const ROWS = 100_000;
  let own: TestDatabase;
  let single: DataSource;

  beforeAll(async () => {
    own = await createTestDatabase();
    // One connection, so that plans and counters are those of this test.
    single = await new DataSource(dataSourceOptions(own.serviceUrl, 1, () => undefined)).initialize();
  });
  afterAll(async () => {
    await single.destroy();
    await own.drop();
  });

  async function rowsScanned(): Promise<Record<string, number>> {
    await single.query('SELECT pg_stat_force_next_flush()');
    const rows: { relname: string; seq_tup_read: string }[] = await single.query('SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY ($1)', [TABLES]);
    return Object.fromEntries(rows.map(({ relname, seq_tup_read }) => [relname, Number(seq_tup_read)]));
  }

  test.each(['when the tables were empty', 'when they were full'])('a batch that is refused reads none of them whole, by plans that were made %s', async (when) => {
    const act = new DepositWork(single, keys, new LogReader(single), new Registry());
    const loseOnce = async (): Promise<void> => {
      const seed = randomUUID();
      await act.execute({ accountId: randomUUID(), form: parsedForm(), contents: [contentOf(seed)], idempotencyKey: randomUUID() });
      const lost = Array.from({ length: 5 }, () => codeOf(act.execute({ accountId: randomUUID(), form: parsedForm(), contents: [contentOf(seed)], idempotencyKey: randomUUID() })));
      expect(new Set(await Promise.all(lost))).toEqual(new Set(['WORKS.ALREADY_CLAIMED']));
    };
    if (when === 'when the tables were empty') {
      await loseOnce();
      const filler = await new DataSource(dataSourceOptions(own.adminUrl, 1, () => undefined)).initialize();
      for (const table of TABLES) await filler.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
      await filler.query(`INSERT INTO work SELECT i, gen_random_uuid(), 'photography', 'public', NULL, now() FROM generate_series(1, ${ROWS}) i`);
      await filler.query(`INSERT INTO content SELECT i, 0, sha256(i::text::bytea), NULL, 10, 'image/jpeg', NULL FROM generate_series(1, ${ROWS}) i`);
      await filler.query(`INSERT INTO first_claim SELECT sha256(i::text::bytea), false, i, gen_random_uuid(), now() FROM generate_series(1, ${ROWS}) i`);
      await filler.query(`INSERT INTO idempotency SELECT gen_random_uuid(), i::text, sha256('x'), 201, NULL, i FROM generate_series(1, ${ROWS}) i`);
      await filler.destroy();
    } else {
      await single.query('DISCARD PLANS');
    }
    const before = await rowsScanned();
    await loseOnce();
    expect(await rowsScanned()).toEqual(before);
  }, 60_000);
});

describe('idempotency', () => {
  test('the same key and payload give the same answer once, another payload is refused', async () => {
    const [accountId, idempotencyKey] = [randomUUID(), randomUUID()];
    const contents = [contentOf(randomUUID())];
    const first = await give({ accountId, idempotencyKey, contents });
    const again = await give({ accountId, idempotencyKey, contents });
    expect(again).toEqual({ ...first, replayed: true });
    expect(await codeOf(give({ accountId, idempotencyKey, contents: [contentOf(randomUUID())] }))).toBe('HTTP.IDEMPOTENCY_KEY_REUSED');
    // A key belongs to its account.
    expect(await codeOf(give({ idempotencyKey }))).toBe('accepted');
  });
});

test('what cannot be stored fails alone; the rest of its batch is accepted', async () => {
  // A held file without its blob: the foreign key refuses it, as after the sweeper.
  const outcomes = await Promise.all([give(), give(), codeOf(give({ contents: [contentOf(randomUUID(), 'held')] })), give(), give()]);
  expect(outcomes[2]).toBe('WORKS.UPLOAD_EXPIRED');
  expect(outcomes.filter((outcome) => typeof outcome !== 'string')).toHaveLength(4);
});
