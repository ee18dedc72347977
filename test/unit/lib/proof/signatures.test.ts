import * as fc from 'fast-check';
import { parseBundle, recoverEip191Address, verifyActorSignature, verifyBundle } from '../../../../src/lib/proof/index.js';
import { encodeUtf8 } from '../../../../src/lib/bytes/index.js';
import { actMessage, digestOf, ed25519Key, hex, type JsonObject, LOG, MemoryLog, signEd25519, signEip191, TITLE, WALLET, WORK } from './build-bundle.js';

const ACTOR = 'acct:01930000-0000-7000-8000-0000000000aa';
const ED25519 = hex(ed25519Key(5).publicKey);
const ADDRESS = WALLET.address.toLowerCase();
const ACT = { actor: ACTOR, type: 'work.deposited', body: { category: 'music' }, sealed: [digestOf(TITLE)], nonce: 'A'.repeat(22), expiresAt: '2026-11-20T13:00:00.000Z' };

interface Signature { scheme: string; by: string; nonce: string; expiresAt: string; value: string }
async function signature(scheme: 'ed25519' | 'eip191', subject: string | null = null, act: Partial<typeof ACT> = {}): Promise<Signature> {
  const message = actMessage({ ...ACT, ...act, subject });
  const { nonce, expiresAt } = { ...ACT, ...act };
  return scheme === 'ed25519'
    ? { scheme, by: ED25519, nonce, expiresAt, value: signEd25519(message, 5) }
    : { scheme, by: ADDRESS, nonce, expiresAt, value: await signEip191(message) };
}

/** The outcome of the check for a log in which an account's statements come first and a signed deposit after them. */
async function outcome(signatures: Signature[], account: [string, JsonObject][] = [], options: { shown?: boolean; after?: boolean } = {}): Promise<string | undefined> {
  const log = new MemoryLog();
  const addAccount = (): number[] => account.map(([type, body]) => log.append({ type, subject: ACTOR, actor: ACTOR, body }));
  const before = options.after === true ? [] : addAccount();
  const deposit = log.append({ type: ACT.type, subject: WORK, actor: ACTOR, body: ACT.body, disclosures: [TITLE], signatures: signatures.map((entry) => ({ ...entry })) });
  const accountIndexes = options.after === true ? addAccount() : before;
  const chains = [{ subject: WORK, complete: true, entries: [log.entry(deposit)] }];
  if (accountIndexes.length > 0 && options.shown !== false) chains.push({ subject: ACTOR, complete: true, entries: accountIndexes.map((index) => log.entry(index)) });
  const report = await verifyBundle(parseBundle(JSON.stringify({ format: 'zhengben-proof/1', subject: WORK, logKey: LOG.vkey, chains, anchor: null })));
  expect(report.checks.filter(({ check }) => check !== 'signatures').map(({ result }) => result)).not.toContain('fail');
  return report.checks.find(({ check }) => check === 'signatures')?.result;
}

const keyAdded = (scheme: string, key: string): [string, JsonObject] => ['account.key-added', { scheme, key }];

test.each(['ed25519', 'eip191'] as const)('%s: made for the act, with and without its subject, by a key of the actor', async (scheme) => {
  const by = scheme === 'ed25519' ? ED25519 : ADDRESS;
  expect(await outcome([await signature(scheme)], [keyAdded(scheme, by)])).toBe('pass');
  expect(await outcome([await signature(scheme, WORK)], [keyAdded(scheme, by)])).toBe('pass');
  expect(await outcome([await signature(scheme, 'ZB-ANOTHER')], [keyAdded(scheme, by)])).toBe('fail');
});

test('without the binding in the bundle: right, but whose is open', async () => {
  expect(await outcome([await signature('ed25519')])).toBe('skipped');
  expect(await outcome([await signature('ed25519')], [keyAdded('ed25519', ED25519)], { shown: false })).toBe('skipped');
  expect(await outcome([await signature('ed25519')], [keyAdded('ed25519', ED25519)], { after: true })).toBe('skipped');
  expect(await outcome([await signature('ed25519')], [keyAdded('eip191', ED25519)])).toBe('skipped');
});

test('a key that had been revoked; one that was given back', async () => {
  const added = keyAdded('ed25519', ED25519);
  const revoked: [string, JsonObject] = ['account.key-revoked', { key: ED25519 }];
  expect(await outcome([await signature('ed25519')], [added, revoked])).toBe('fail');
  expect(await outcome([await signature('ed25519')], [added, revoked, added])).toBe('pass');
  expect(await outcome([await signature('ed25519')], [added, ['account.key-revoked', { key: ADDRESS }]])).toBe('pass');
});

test('several signatures, each with its own nonce', async () => {
  const both = [await signature('ed25519'), await signature('eip191')];
  expect(await outcome(both, [keyAdded('ed25519', ED25519), keyAdded('eip191', ADDRESS)])).toBe('pass');
  expect(await outcome([await signature('ed25519'), await signature('ed25519')], [keyAdded('ed25519', ED25519)])).toBe('fail');
});

test('expired, for another body, type, actor, seal, or origin: refuted', async () => {
  for (const act of [{ body: { category: 'model' } }, { type: 'work.withdrawn' }, { actor: 'acct:other' }, { sealed: [] }]) {
    expect(await outcome([{ ...(await signature('ed25519', null, act)) }])).toBe('fail');
  }
  expect(await outcome([await signature('ed25519', null, { expiresAt: '2026-11-20T11:59:59.999Z' })])).toBe('fail');
  expect(await outcome([{ ...(await signature('ed25519')), expiresAt: '2026-11-20T14:00:00.000Z' }])).toBe('fail');
  expect(await outcome([{ ...(await signature('eip191')), by: `0x${'11'.repeat(20)}` }])).toBe('fail');
  expect(await outcome([{ ...(await signature('ed25519')), by: ED25519.toUpperCase() }])).toBe('fail');
});

test('no signature, whatever its bytes, makes the verifier throw', () => {
  const message = encodeUtf8('act');
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 130, maxLength: 130 });
  fc.assert(fc.property(digits, fc.constantFrom('00', '01', '1b', '1c', 'ff'), (value, v) => {
    expect(recoverEip191Address(message, `0x${value.slice(0, 128)}${v}`)).not.toBe(ADDRESS);
    expect(verifyActorSignature({ scheme: 'ed25519', by: value.slice(0, 64), value: value.slice(0, 128) }, message)).toBe(false);
  }), { numRuns: 100 });
  for (const part of ['00', 'ff']) {
    expect(recoverEip191Address(message, `0x${part.repeat(64)}1b`)).toBeNull();
    expect(verifyActorSignature({ scheme: 'ed25519', by: part.repeat(32), value: part.repeat(64) }, message)).toBe(false);
  }
  expect(recoverEip191Address(message, '0x')).toBeNull();
});
