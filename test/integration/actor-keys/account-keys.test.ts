import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { hashLeaf } from '../../../src/lib/merkle/index.js';
import { parseStatement } from '../../../src/lib/statement/index.js';
import { recoverActorKeys } from '../../../src/modules/actor-keys/index.js';
import { dataSourceOptions, transact } from '../../../src/platform/database/index.js';
import { createTestDatabase } from '../../support/index.js';
import { addKey, ed25519Key, keyRequest, type TestKey, walletKey } from '../../support/actor-keys.js';
import { type Answer, type Client, joinAsPerson, type Person } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { query } from '../works/support.js';

let service: TestApplication;
let person: Person;
let program: Client;

beforeAll(async () => {
  service = await startApplication();
}, 60_000);
afterAll(() => service?.stop());
beforeEach(async () => {
  ({ person, program } = await joinAsPerson(service, 'signer'));
});

const KINDS: readonly [string, () => TestKey][] = [['ed25519', ed25519Key], ['eip191', () => walletKey()]];
const refusal = ({ status, body }: Answer) => [status, body['code']];
const keysOf = async (who: Person) => ((await who.get('/account-keys')).body['items'] as { key: string }[]).map(({ key }) => key);
const revoke = (who: Person, { key }: TestKey, headers = {}) => who.post(`/account-keys/${key}/revocation`, {}, headers);
const chain = async ({ accountId }: Person) =>
  (await query<{ bytes: Buffer }>(service, 'SELECT bytes FROM statement WHERE subject = $1 ORDER BY seq', [`acct:${accountId}`])).map(({ bytes }) => parseStatement(bytes)).map(({ type, actor, body }) => [type, actor, body]);

test.each(KINDS)('%s: added by who has it, listed, revoked, added again; each is a statement of the account', async (_, make) => {
  const key = make();
  const added = await addKey(person, key);
  expect([added.status, added.body]).toEqual([201, { key: key.key, subject: `acct:${person.accountId}`, seq: 0, statement: { id: expect.any(String), leafHash: expect.stringMatching(/^[0-9a-f]{64}$/) }, receipt: expect.stringContaining('test.example/log/receipt') }]);
  expect((await person.get('/account-keys')).body).toEqual({ items: [{ scheme: key.scheme, key: key.key, addedAt: expect.any(String) }] });
  expect(refusal(await addKey(person, key))).toEqual([409, 'ACTOR_KEYS.ALREADY_ADDED']);
  expect([(await revoke(person, key)).status, await keysOf(person), refusal(await revoke(person, key))]).toEqual([201, [], [404, 'ACTOR_KEYS.UNKNOWN']]);
  expect([(await addKey(person, key)).status, await keysOf(person)]).toEqual([201, [key.key]]);
  const account = `acct:${person.accountId}`;
  const [add, end] = [['account.key-added', account, { scheme: key.scheme, key: key.key }], ['account.key-revoked', account, { key: key.key }]];
  expect(await chain(person)).toEqual([add, end, add]);
});

test.each(KINDS)('%s: not by a proof of another key, account, log, act or body', async (_, make) => {
  const [key, other] = [make(), make()];
  const stranger = `acct:${randomUUID()}`;
  const requests = [
    await keyRequest(person.accountId, key, {}, other), await keyRequest(person.accountId, key, { actor: stranger }), await keyRequest(person.accountId, key, { subject: stranger }),
    await keyRequest(person.accountId, key, { origin: 'other.example/log' }), await keyRequest(person.accountId, key, { type: 'account.key-revoked' }), await keyRequest(person.accountId, key, { body: { scheme: key.scheme, key: other.key } }),
    { ...(await keyRequest(person.accountId, key)), key: other.key },
  ];
  for (const request of requests) expect(refusal(await person.post('/account-keys', request))).toEqual([422, 'ACTOR_KEYS.INVALID_PROOF']);
  // Nor with a nonce or an end that was not signed.
  const { proof, ...rest } = await keyRequest(person.accountId, key) as { proof: object };
  for (const change of [{ nonce: 'B'.repeat(22) }, { expiresAt: '2999-01-01T00:00:00.000Z' }]) expect(refusal(await person.post('/account-keys', { ...rest, proof: { ...proof, ...change } }))).toEqual([422, 'ACTOR_KEYS.INVALID_PROOF']);
  expect([await keysOf(person), await chain(person)]).toEqual([[], []]);
});

test('what is malformed is answered as such', async () => {
  const request = await keyRequest(person.accountId, ed25519Key()) as { key: string; proof: { nonce: string } };
  for (const change of [{ key: request.key.toUpperCase() }, { key: 'ab' }, { scheme: 'eip191' }, { scheme: 'rsa' }, { proof: { ...request.proof, nonce: 'short' } }, { proof: { ...request.proof, expiresAt: '2999-01-01' } }, { proof: undefined }, { extra: 1 }]) {
    expect((await person.post('/account-keys', { ...request, ...change })).status).toBe(400);
  }
  expect((await person.post('/account-keys/none/revocation', {})).status).toBe(400);
});

test('a proof ends, and is used once: also after the key was revoked', async () => {
  const key = ed25519Key();
  expect(refusal(await person.post('/account-keys', await keyRequest(person.accountId, key, { expiresAt: new Date(Date.now() - 1_000).toISOString() })))).toEqual([422, 'ACTOR_KEYS.EXPIRED']);
  const request = await keyRequest(person.accountId, key);
  expect((await person.post('/account-keys', request)).status).toBe(201);
  expect((await revoke(person, key)).status).toBe(201);
  expect(refusal(await person.post('/account-keys', request))).toEqual([409, 'ACTOR_KEYS.NONCE_USED']);
  expect(await keysOf(person)).toEqual([]);
});

test('a refused request uses no nonce up', async () => {
  const key = ed25519Key();
  expect((await addKey(person, key)).status).toBe(201);
  const request = await keyRequest(person.accountId, key);
  expect(refusal(await person.post('/account-keys', request))).toEqual([409, 'ACTOR_KEYS.ALREADY_ADDED']);
  expect([(await revoke(person, key)).status, (await person.post('/account-keys', request)).status]).toEqual([201, 201]);
});

test('for a signed-in person only: an API key of every scope neither adds nor lists nor revokes', async () => {
  const key = ed25519Key();
  expect((await addKey(person, key)).status).toBe(201);
  for (const answer of [await addKey(program, walletKey()), await program.get('/account-keys'), await revoke(program, key)]) expect(refusal(answer)).toEqual([403, 'HTTP.SESSION_REQUIRED']);
});

test('of other accounts nobody revokes or lists; one key may be two accounts’', async () => {
  const { person: other } = await joinAsPerson(service, 'other');
  const key = ed25519Key();
  expect((await addKey(person, key)).status).toBe(201);
  expect([refusal(await revoke(other, key)), await keysOf(other)]).toEqual([[404, 'ACTOR_KEYS.UNKNOWN'], []]);
  expect([(await addKey(other, key)).status, (await revoke(other, key)).status, await keysOf(person)]).toEqual([201, 201, [key.key]]);
});

test('at most 20 stand, also when they come at once', async () => {
  const keys = Array.from({ length: 23 }, ed25519Key);
  const answers = await Promise.all(keys.map((key) => addKey(person, key)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
  expect(answers.filter(({ status }) => status !== 201).map(refusal)).toEqual(Array.from({ length: 3 }, () => [409, 'ACTOR_KEYS.TOO_MANY']));
  const standing = await keysOf(person);
  expect((await person.post(`/account-keys/${standing[0]}/revocation`, {})).status).toBe(201);
  expect((await addKey(person, ed25519Key())).status).toBe(201);
});

test('the same proof sent at once adds one key; asked again with an idempotency key it is answered as before', async () => {
  const key = ed25519Key();
  const request = await keyRequest(person.accountId, key);
  const both = await Promise.all([person.post('/account-keys', request), person.post('/account-keys', request)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  const [again, headers] = [await keyRequest(person.accountId, walletKey()), { 'idempotency-key': randomUUID() }];
  const [first, second] = [await person.post('/account-keys', again, headers), await person.post('/account-keys', again, headers)];
  expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
  expect(refusal(await person.post('/account-keys', await keyRequest(person.accountId, ed25519Key()), headers))).toEqual([422, 'HTTP.IDEMPOTENCY_KEY_REUSED']);
  const revoked = { 'idempotency-key': randomUUID() };
  expect((await revoke(person, key, revoked)).body).toEqual((await revoke(person, key, revoked)).body);
});

test('from the log alone the keys come back', async () => {
  const [standing, revoked, back] = [ed25519Key(), walletKey(), walletKey()];
  for (const key of [standing, revoked, back]) expect((await addKey(person, key)).status).toBe(201);
  for (const key of [revoked, back]) expect((await revoke(person, key)).status).toBe(201);
  expect((await addKey(person, back)).status).toBe(201);
  const rows = await query<{ bytes: Buffer }>(service, 'SELECT bytes FROM statement WHERE subject = $1 ORDER BY ordinal', [`acct:${person.accountId}`]);
  const database = await createTestDatabase();
  const dataSource = await new DataSource(dataSourceOptions(database.serviceUrl, 2, () => undefined)).initialize();
  try {
    const apply = await recoverActorKeys()(rows.map(({ bytes }, leafIndex) => ({ statement: parseStatement(bytes), bytes, leafHash: Buffer.from(hashLeaf(bytes)), leafIndex })));
    await transact(dataSource, (tx) => apply(tx, true));
    const sql = 'SELECT * FROM account_key WHERE account_id = $1 ORDER BY added_seq';
    const there: unknown[] = await dataSource.query(sql, [person.accountId]);
    expect(there).toHaveLength(4);
    expect(there).toEqual(await query(service, sql, [person.accountId]));
  } finally {
    await dataSource.destroy();
    await database.drop();
  }
});
