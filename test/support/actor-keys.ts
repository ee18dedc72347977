import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { HDNodeWallet, Wallet } from 'ethers';
import { canonicalBytes, type JsonValue } from '../../src/lib/canonical-json/index.js';
import type { ActorSignature } from '../../src/lib/statement/index.js';
import type { Answer, Person } from './http-client.js';

/** The log's origin in {@link startApplication}. */
const ORIGIN = 'test.example/log';

/** A key that somebody signs with, outside of the service and without its code. */
export interface TestKey {
  readonly scheme: ActorSignature['scheme'];
  readonly key: string;
  sign(message: Uint8Array): string | Promise<string>;
}

export function ed25519Key(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { scheme: 'ed25519', key: Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url').toString('hex'), sign: (message) => sign(null, message, privateKey).toString('hex') };
}

export function walletKey(wallet: HDNodeWallet = Wallet.createRandom()): TestKey {
  return { scheme: 'eip191', key: wallet.address.toLowerCase(), sign: (message) => wallet.signMessage(message) };
}

export interface SignedTestAct {
  readonly actor: string;
  readonly type: string;
  readonly subject: string;
  readonly body: JsonValue;
  readonly sealed: string[];
  readonly origin?: string;
  readonly nonce?: string;
  readonly expiresAt?: string;
}

export async function signAct({ scheme, key, sign: by }: TestKey, act: SignedTestAct): Promise<ActorSignature> {
  const { origin = ORIGIN, nonce = randomBytes(16).toString('base64url'), expiresAt = new Date(Date.now() + 60_000).toISOString(), actor, type, subject, body, sealed } = act;
  const value = await by(canonicalBytes({ 'zhengben-signature': 1, origin, actor, type, subject, nonce, expiresAt, body, sealed }));
  return { scheme, by: key, nonce, expiresAt, value };
}

/** What POST /account-keys takes. */
export async function keyRequest(accountId: string, key: TestKey, change: Partial<SignedTestAct> = {}, prover: TestKey = key): Promise<Record<string, unknown>> {
  const subject = `acct:${accountId}`;
  const { nonce, expiresAt, value } = await signAct(prover, { actor: subject, type: 'account.key-added', subject, body: { scheme: key.scheme, key: key.key }, sealed: [], ...change });
  return { scheme: key.scheme, key: key.key, proof: { nonce, expiresAt, value } };
}

export async function addKey(who: Person, key: TestKey, headers: Record<string, string> = {}): Promise<Answer> {
  return who.post('/account-keys', await keyRequest(who.accountId, key), headers);
}
