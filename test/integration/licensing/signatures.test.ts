import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { hashLeaf } from '../../../src/lib/merkle/index.js';
import { parseBundle, verifyBundle } from '../../../src/lib/proof/index.js';
import { computeDisclosureDigest, createDisclosure, parseStatement, type Statement } from '../../../src/lib/statement/index.js';
import { recoverActorKeys } from '../../../src/modules/actor-keys/index.js';
import { recoverRights } from '../../../src/modules/licensing/index.js';
import { recoverWorks } from '../../../src/modules/works/index.js';
import { dataSourceOptions, transact } from '../../../src/platform/database/index.js';
import { addKey, ed25519Key, signAct, type SignedTestAct, type TestKey, walletKey } from '../../support/actor-keys.js';
import { createTestDatabase } from '../../support/index.js';
import { type Answer, type Client, joinAsPerson, type Person } from '../../support/http-client.js';
import { readPdf, squeeze } from '../../support/read-pdf.js';
import { eventually } from '../works/support.js';
import { Licensing, made, refusal } from './licensing-client.js';

interface Signer extends Client {
  readonly person: Person;
  readonly ed25519: TestKey;
  readonly wallet: TestKey;
}

let rights: Licensing;
let owner: Signer;
let licensee: Signer;
let stranger: Signer;
let work: string;
let licence: string;

/** An account with a key of each scheme. */
async function join(name: string): Promise<Signer> {
  const { program, person } = await joinAsPerson(rights.service, name);
  const [ed25519, wallet] = [ed25519Key(), walletKey()];
  for (const key of [ed25519, wallet]) made(await addKey(person, key));
  return { ...program, person, ed25519, wallet };
}

beforeAll(async () => {
  rights = await Licensing.start();
  [owner, licensee, stranger] = (await Promise.all(['owner', 'licensee', 'stranger'].map(join))) as [Signer, Signer, Signer];
}, 60_000);
afterAll(() => rights?.stop());
beforeEach(async () => {
  work = await rights.deposit(owner);
  licence = await rights.license(owner, work, licensee);
});

const sha256Of = async (number: string) => String(made(await owner.get(`/licences/${number}/contract`))['sha256']);
const disclose = (value: string, pointer = '/contractSha256') => createDisclosure(pointer, value, randomBytes(16));

async function request(who: Client, key: TestKey, number: string, change: Partial<SignedTestAct> = {}, disclosure?: string): Promise<{ signature: Record<string, unknown>; disclosure: string }> {
  const opened = disclosure ?? disclose(await sha256Of(number));
  const signature = await signAct(key, { actor: `acct:${who.accountId}`, type: 'licence.signed', subject: number, body: {}, sealed: [computeDisclosureDigest(opened)], ...change });
  return { signature: { ...signature }, disclosure: opened };
}

const send = (who: Client, number: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => who.post(`/licences/${number}/signature`, body, headers);
const signs = async (who: Client, key: TestKey, number: string, change: Partial<SignedTestAct> = {}, disclosure?: string) => send(who, number, await request(who, key, number, change, disclosure));

interface Item { readonly type: string; readonly disclosures: readonly string[]; readonly statement: Statement }
const history = async (who: Client, number: string) => made(await who.get(`/licences/${number}/history`))['items'] as Item[];
const signed = async (who: Client, number: string) => (await history(who, number)).filter(({ type }) => type === 'licence.signed');

interface Entry { statement: { type: string; seq: number; subject: string; signatures?: { value: string; by: string }[] }; disclosures: string[] }
interface Bundle { chains: { subject: string; complete: boolean; entries: Entry[] }[] }

/** With everything that was said so far. */
async function bundleOf(who: Client, number: string, parties = 'sealed'): Promise<Bundle> {
  const length = (await history(who, number)).length;
  return eventually(async () => {
    const { status, body } = await who.get(`/licences/${number}/proof?at=newest&parties=${parties}`);
    const bundle = body as unknown as Bundle;
    return status === 200 && bundle.chains[0]?.entries.length === length ? bundle : null;
  });
}

function bundleWithRevocation(signer: Signer, number: string): Promise<Bundle> {
  return eventually(async () => {
    const bundle = await bundleOf(signer, number);
    const types = bundle.chains.find(({ subject }) => subject === `acct:${signer.accountId}`)?.entries.map(({ statement }) => statement.type);
    return types?.join() === 'account.key-added,account.key-revoked' ? bundle : null;
  });
}

async function verify(bundle: Bundle): Promise<{ verdict: string; signatures: string | undefined; failed: string[] }> {
  const { verdict, checks } = await verifyBundle(parseBundle(JSON.stringify(bundle)), { trust: { logKeys: [rights.logKey] } });
  return { verdict, signatures: checks.find(({ check }) => check === 'signatures')?.result, failed: checks.filter(({ result }) => result === 'fail').map(({ check }) => check) };
}

test('both parties sign, each with their own kind of key: the bundle shows by whose keys, to anyone', async () => {
  const disclosure = disclose(await sha256Of(licence));
  made(await signs(owner, owner.ed25519, licence));
  made(await signs(licensee, licensee.wallet, licence, {}, disclosure));
  const [first, second] = await signed(licensee, licence) as [Item, Item];
  expect([first.statement.actor, second.statement.actor]).toEqual([`acct:${owner.accountId}`, `acct:${licensee.accountId}`]);
  expect([second.statement.body, second.statement.sealed, second.disclosures, second.statement.about]).toEqual([{}, [computeDisclosureDigest(disclosure)], [disclosure], [work]]);
  expect([first, second].map(({ statement }) => statement.signatures?.map(({ by }) => by))).toEqual([[owner.ed25519.key], [licensee.wallet.key]]);
  // What was signed only the parties are told.
  expect((await signed(stranger, licence)).map(({ disclosures }) => disclosures)).toEqual([[], []]);
  for (const bundle of [await bundleOf(stranger, licence), await bundleOf(licensee, licence, 'open')]) {
    expect(await verify(bundle)).toEqual({ verdict: 'unconfirmed', signatures: 'pass', failed: [] });
    // Of the accounts only how the keys that signed came to them.
    const accounts = bundle.chains.filter(({ subject }) => subject.startsWith('acct:'));
    expect(accounts.map(({ subject, complete, entries }) => [subject, complete, entries.map(({ statement }) => [statement.type, (statement as unknown as Statement).body['key']])])).toEqual([
      [`acct:${owner.accountId}`, false, [['account.key-added', owner.ed25519.key]]], [`acct:${licensee.accountId}`, false, [['account.key-added', licensee.wallet.key]]],
    ]);
  }
  expect(await rights.notices(licensee, licence)).toContain('licence-signed');
});

test('the written contract says who has signed', async () => {
  const signedIn = async (): Promise<number> => {
    const response = await fetch(`${rights.service.url}/api/v1/licences/${licence}/contract.pdf`, { headers: { authorization: `Bearer ${owner.apiKey}` } });
    return squeeze(readPdf(new Uint8Array(await response.arrayBuffer())).pages.join('')).split('是yes').length - 1;
  };
  expect(await signedIn()).toBe(0);
  made(await signs(licensee, licensee.wallet, licence));
  expect(await signedIn()).toBe(1);
  made(await signs(owner, owner.ed25519, licence));
  expect(await signedIn()).toBe(2);
});

test('a flipped signature and another key refute the bundle; without the account’s chain it stays open whose the key is', async () => {
  made(await signs(owner, owner.ed25519, licence));
  made(await signs(licensee, licensee.wallet, licence));
  const bundle = await bundleOf(owner, licence);
  const changed = (change: (signature: { value: string; by: string }) => void): Bundle => {
    const copy = structuredClone(bundle);
    copy.chains[0]?.entries.flatMap(({ statement }) => statement.signatures ?? []).forEach(change);
    return copy;
  };
  const flip = (text: string): string => text.slice(0, 20) + (text[20] === '0' ? '1' : '0') + text.slice(21);
  for (const wrong of [changed((one) => { one.value = flip(one.value); }), changed((one) => { one.by = one.by.startsWith('0x') ? stranger.wallet.key : stranger.ed25519.key; })]) {
    expect(await verify(wrong)).toMatchObject({ verdict: 'refuted', signatures: 'fail' });
  }
  const without = (subject: string): Bundle => ({ ...bundle, chains: bundle.chains.filter((chain) => chain.subject !== subject) });
  expect(await verify(without(`acct:${licensee.accountId}`))).toEqual({ verdict: 'unconfirmed', signatures: 'skipped', failed: [] });
});

test('what was signed stays signed when the key is revoked afterwards; a revoked key signs nothing', async () => {
  const signer = await join('revoker');
  const number = await rights.license(owner, work, signer);
  const other = await rights.license(owner, work, signer);
  made(await signs(signer, signer.ed25519, number));
  made(await signer.person.post(`/account-keys/${signer.ed25519.key}/revocation`, {}));
  expect(refusal(await signs(signer, signer.ed25519, other))).toEqual([404, 'ACTOR_KEYS.UNKNOWN']);
  expect(await verify(await bundleWithRevocation(signer, number))).toEqual({ verdict: 'unconfirmed', signatures: 'pass', failed: [] });
});

test('no other key, account, licence, log, act or nonce will do, and none that has expired; nothing of it is kept', async () => {
  const UNKNOWN = [404, 'ACTOR_KEYS.UNKNOWN'];
  const INVALID = [422, 'ACTOR_KEYS.INVALID_PROOF'];
  expect(refusal(await signs(licensee, ed25519Key(), licence))).toEqual(UNKNOWN);
  expect(refusal(await signs(licensee, stranger.ed25519, licence))).toEqual(UNKNOWN);
  const other = await rights.license(owner, work, licensee);
  for (const change of [{ actor: `acct:${owner.accountId}` }, { subject: other }, { origin: 'other.example/log' }, { type: 'licence.accepted' }, { body: { more: 1 } }, { sealed: [] }]) {
    for (const key of [licensee.ed25519, licensee.wallet]) expect(refusal(await signs(licensee, key, licence, change))).toEqual(INVALID);
  }
  const { signature, disclosure } = await request(licensee, licensee.ed25519, licence);
  for (const change of [{ nonce: 'C'.repeat(22) }, { expiresAt: '2999-01-01T00:00:00.000Z' }]) expect(refusal(await send(licensee, licence, { signature: { ...signature, ...change }, disclosure }))).toEqual(INVALID);
  expect(refusal(await signs(licensee, licensee.ed25519, licence, { expiresAt: new Date(Date.now() - 1_000).toISOString() }))).toEqual([422, 'ACTOR_KEYS.EXPIRED']);
  expect((await send(licensee, licence, { signature: { ...signature, scheme: 'rsa' }, disclosure })).status).toBe(400);
  expect(await signed(licensee, licence)).toEqual([]);
  // The same request still does, since nothing used its nonce up; for the other licence the nonce is gone.
  made(await send(licensee, licence, { signature, disclosure }));
  expect(refusal(await signs(licensee, licensee.ed25519, other, { nonce: String(signature['nonce']) }))).toEqual([409, 'ACTOR_KEYS.NONCE_USED']);
  made(await signs(licensee, licensee.wallet, other, { nonce: String(signature['nonce']) }));
});

test('what is sealed is the digest of this contract, and nothing else', async () => {
  const sha256 = await sha256Of(licence);
  const others = await rights.license(owner, work, licensee);
  for (const disclosure of [disclose(await sha256Of(others)), disclose(sha256, '/agreement'), disclose(sha256.toUpperCase()), 'bm9uZQ']) {
    expect(refusal(await signs(owner, owner.ed25519, licence, {}, disclosure))).toEqual([422, 'LICENSING.DISCLOSURE_INVALID']);
  }
  // One that the signature does not cover.
  const { signature } = await request(owner, owner.ed25519, licence);
  expect(refusal(await send(owner, licence, { signature, disclosure: disclose(sha256) }))).toEqual([422, 'ACTOR_KEYS.INVALID_PROOF']);
  expect(await signed(owner, licence)).toEqual([]);
});

test('once an account and licence, by parties, of what is not void', async () => {
  expect(refusal(await signs(stranger, stranger.ed25519, licence))).toEqual([403, 'LICENSING.NOT_PARTY']);
  const headers = { 'idempotency-key': randomUUID() };
  const body = await request(licensee, licensee.ed25519, licence);
  const [first, again] = [await send(licensee, licence, body, headers), await send(licensee, licence, body, headers)];
  expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
  expect(refusal(await signs(licensee, licensee.wallet, licence))).toEqual([409, 'LICENSING.NOT_IN_THIS_STATE']);
  const both = await Promise.all([signs(owner, owner.ed25519, licence), signs(owner, owner.wallet, licence)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);

  const offered = String(made(await rights.offer(owner, work, licensee))['number']);
  made(await signs(licensee, licensee.ed25519, offered));
  expect(made(await licensee.get(`/licences/${offered}`))['standing']).toBe('offered');
  made(await licensee.post(`/licences/${offered}/termination`, { ground: 'declined' }));
  expect(refusal(await signs(owner, owner.ed25519, offered))).toEqual([409, 'LICENSING.NOT_IN_THIS_STATE']);
  await rights.end(owner, licensee, licence);
});

test('signing and revoking at once: either the licence is signed before the revocation in the log, or not at all', async () => {
  const signer = await join('racer');
  const keys = [signer.ed25519, signer.wallet, ...Array.from({ length: 4 }, ed25519Key)];
  for (const key of keys.slice(2)) made(await addKey(signer.person, key));
  const licences = await Promise.all(keys.map(() => rights.license(owner, work, signer)));
  const requests = await Promise.all(keys.map((key, i) => request(signer, key, licences[i] ?? '')));
  const answers = await Promise.all(keys.flatMap((key, i) => [send(signer, licences[i] ?? '', requests[i]), signer.person.post(`/account-keys/${key.key}/revocation`, {})]));
  expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 404)).toEqual([]);
  for (const [i, number] of licences.entries()) {
    if (answers[2 * i]?.status !== 201) continue;
    expect(await verify(await bundleWithRevocation(signer, number))).toEqual({ verdict: 'unconfirmed', signatures: 'pass', failed: [] });
  }
});

test('from the log alone the signatures come back: the same account cannot sign again, nor with the same nonce', async () => {
  made(await signs(owner, owner.ed25519, licence));
  made(await signs(licensee, licensee.wallet, licence));
  const mine = [work, licence, `acct:${owner.accountId}`, `acct:${licensee.accountId}`];
  const rows = await rights.query<{ subject: string; seq: number; type: string; prev: Buffer | null; bytes: Buffer; accepted_at: Date; receipt: string }>(
    'SELECT subject, seq, type, prev, bytes, accepted_at, receipt FROM statement WHERE subject = ANY ($1) ORDER BY ordinal', [mine]);
  const database = await createTestDatabase();
  const dataSource = await new DataSource(dataSourceOptions(database.serviceUrl, 2, () => undefined)).initialize();
  try {
    const statements = rows.map(({ bytes }, leafIndex) => ({ statement: parseStatement(bytes), bytes, leafHash: Buffer.from(hashLeaf(bytes)), leafIndex }));
    const apply = await Promise.all([recoverWorks(async () => null), recoverActorKeys(), recoverRights()].map((projection) => projection(statements)));
    await transact(dataSource, async (tx) => {
      for (const row of rows) await tx.query('INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt) VALUES ($1, $2, $3, $4, $5, $6, $7)', Object.values(row));
      for (const one of apply) await one(tx, true);
    });
    const events = `SELECT seq, kind, happened_at, actor_id FROM licence_event WHERE kind = 'signed' AND licence_id = (SELECT licence_id FROM licence_event WHERE actor_id = $1 AND kind = 'signed' ORDER BY happened_at DESC LIMIT 1) ORDER BY seq`;
    const there: unknown[] = await dataSource.query(events, [licensee.accountId]);
    expect(there).toHaveLength(2);
    expect(there).toEqual(await rights.query(events, [licensee.accountId]));
    const nonces = 'SELECT key, nonce, used_at FROM used_nonce WHERE (key, nonce) IN (SELECT k, n FROM unnest($1::text[], $2::text[]) AS u(k, n)) ORDER BY key';
    const used = statements.flatMap(({ statement }) => statement.signatures ?? []);
    const again: unknown[] = await dataSource.query(nonces, [used.map(({ by }) => by), used.map(({ nonce }) => nonce)]);
    expect(again).toHaveLength(2);
    expect(again).toEqual(await rights.query(nonces, [used.map(({ by }) => by), used.map(({ nonce }) => nonce)]));
  } finally {
    await dataSource.destroy();
    await database.drop();
  }
});
