import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { Wallet } from 'ethers';
import { naiveLeaf, naivePath, naiveRoot } from '../merkle/naive-tree.js';

// Makes logs and bundles from the specifications with node:crypto and the naive tree alone: nothing here comes from the code under test.

/** JSON as a test writes it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** RFC 8785 for what these tests contain: integers and strings that JSON.stringify escapes as the RFC does. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.keys(value).toSorted().map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** An Ed25519 key from a seed, by way of its PKCS #8 form (RFC 8410). */
export function ed25519Key(seed: number): { privateKey: KeyObject; publicKey: Buffer } {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32) };
}

export interface LogKey {
  vkey: string;
  signText(text: string): string;
}

export function logKey(name: string, seed: number): LogKey {
  const { privateKey, publicKey } = ed25519Key(seed);
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(1), publicKey])).subarray(0, 4);
  return {
    vkey: `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.of(1), publicKey]).toString('base64')}`,
    signText: (text) => `\u2014 ${name} ${Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString('base64')}\n`,
  };
}

export const ORIGIN = 'log.example/zhengben';
export const LOG = logKey(ORIGIN, 1);

export function disclosure(pointer: string, value: Json, salt = 7): string {
  return Buffer.from(JSON.stringify([Buffer.alloc(16, salt).toString('base64url'), pointer, value])).toString('base64url');
}
export const digestOf = (text: string): string => sha256(text).toString('base64url');

export interface Act {
  type: string;
  subject: string;
  actor?: string;
  about?: string[];
  body: JsonObject;
  disclosures?: string[];
  signatures?: JsonObject[];
  issuedAt?: string;
}

/** A log in memory: appends acts as statements with their places, seq and prev. */
export class MemoryLog {
  readonly statements: JsonObject[] = [];
  readonly leaves: Uint8Array[] = [];
  private readonly heads = new Map<string, { seq: number; leaf: Uint8Array }>();

  append(act: Act): number {
    const head = this.heads.get(act.subject);
    const index = this.statements.length;
    const statement: JsonObject = {
      zhengben: 1, type: act.type, id: `01930000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`, subject: act.subject,
      seq: head === undefined ? 0 : head.seq + 1, prev: head === undefined ? null : hex(head.leaf),
      issuedAt: act.issuedAt ?? '2026-11-20T12:00:00.000Z', actor: act.actor ?? 'acct:01930000-0000-7000-8000-00000000aaaa', body: act.body,
      sealed: (act.disclosures ?? []).map(digestOf).toSorted(),
      ...(act.about === undefined ? {} : { about: act.about }), ...(act.signatures === undefined ? {} : { signatures: act.signatures }),
    };
    return this.appendRaw(statement);
  }

  appendRaw(statement: JsonObject): number {
    const leaf = naiveLeaf(Buffer.from(canonical(statement)));
    this.heads.set(String(statement['subject']), { seq: Number(statement['seq']), leaf });
    this.leaves.push(leaf);
    return this.statements.push(statement) - 1;
  }

  root(): Uint8Array {
    return naiveRoot(this.leaves);
  }

  checkpoint(keys: LogKey[] = [LOG], origin = ORIGIN): string {
    const text = `${origin}\n${this.leaves.length}\n${Buffer.from(this.root()).toString('base64')}\n`;
    return `${text}\n${keys.map((key) => key.signText(text)).join('')}`;
  }

  entry(index: number, disclosures: string[] = [], checkpoint = this.checkpoint()): JsonObject {
    const hashes = naivePath(index, this.leaves).map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
    return { statement: structuredClone(this.statements[index] as JsonObject), disclosures, proof: `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes}\n${checkpoint}` };
  }
}

export const WORK = 'ZB-7K3M-9Q4D-W2XC-V';
export const OTHER_WORK = 'ZB-0000-0000-0000-0';
export const FILE = Buffer.from('a photograph of the Pearl River at night');
export const FILE_DIGEST = { name: 'night.jpg', byteLength: FILE.length, sha256: hex(sha256(FILE)), sm3: createHash('sm3').update(FILE).digest('hex') };
export const TITLE = disclosure('/title', '珠江夜航', 1);
export const NAME = disclosure('/owners/0/name', '林舟', 2);

export function depositBody(): JsonObject {
  return {
    category: 'photography', owners: [{ kind: 'person', shareBps: 10_000 }], acquisition: 'original', ownership: 'individual', rights: 'all', visibility: 'public',
    aiGenerated: 'none',
    contents: [{ mediaType: 'image/jpeg', byteLength: FILE_DIGEST.byteLength, sha256: FILE_DIGEST.sha256, sm3: FILE_DIGEST.sm3, deposit: 'held' }],
  };
}

/** What an actor signs (docs/spec/proof-bundle.md), as text. */
export function actMessage(act: { actor: string; type: string; subject: string | null; body: JsonObject; sealed: string[]; nonce: string; expiresAt: string }): string {
  return canonical({ 'zhengben-signature': 1, origin: ORIGIN, ...act });
}
export function signEd25519(message: string, seed: number): string {
  return sign(null, Buffer.from(message), ed25519Key(seed).privateKey).toString('hex');
}
export const WALLET = new Wallet(`0x${'42'.repeat(32)}`);
export async function signEip191(message: string): Promise<string> {
  return WALLET.signMessage(message);
}

export const CONTRACT = '0x00000000000000000000000000000000000000cc';
export const GENESIS = `0x${'ee'.repeat(32)}`;

export interface Scene {
  log: MemoryLog;
  bundle: JsonObject;
  chain: FakeChain;
}

/** A work with two statements among others, in a tree of 11, anchored in block 7 of chain 31338. */
export function buildScene({ chainId = 31338 }: { chainId?: number } = {}): Scene {
  const log = new MemoryLog();
  const other = (n: number): void => void log.append({ type: 'work.deposited', subject: `ZB-OTHER-${n}`, body: { n } });
  for (let n = 0; n < 4; n++) other(n);
  const first = log.append({ type: 'work.deposited', subject: WORK, body: depositBody(), disclosures: [TITLE, NAME] });
  for (let n = 4; n < 8; n++) other(n);
  const second = log.append({ type: 'future.happened', subject: WORK, body: { what: 'nobody knows yet' } });
  other(8);
  const chain = new FakeChain(chainId, log);
  const bundle: JsonObject = {
    format: 'zhengben-proof/1', subject: WORK, logKey: LOG.vkey,
    chains: [{ subject: WORK, complete: true, entries: [log.entry(first, [TITLE, NAME]), log.entry(second)] }],
    anchor: chain.anchor(),
  };
  return { log, bundle, chain };
}

/** A chain as its reader would see it, with one contract that anchored one root. The CLI's tests ask a real node. */
export class FakeChain {
  readonly time = Date.parse('2026-11-20T12:00:10.000Z') / 1000;
  readonly hash = `0x${'bb'.repeat(32)}`;
  readonly transactionHash = `0x${'77'.repeat(32)}`;
  origin = ORIGIN;
  genesis = GENESIS;

  constructor(readonly id: number, private readonly log: MemoryLog) {}

  anchor(): JsonObject {
    return {
      chainId: this.id, genesisHash: GENESIS, contract: CONTRACT, treeSize: this.log.leaves.length, rootHash: hex(this.log.root()), transactionHash: this.transactionHash,
      blockNumber: 7, blockHash: this.hash, blockTime: '2026-11-20T12:00:10.000Z',
    };
  }

  chainId = async (): Promise<number> => this.id;
  genesisHash = async (): Promise<string> => this.genesis;
  contractOrigin = async (): Promise<string> => this.origin;
  anchoredAt = async (contract: string, treeSize: number, rootHash: string): Promise<number> =>
    contract === CONTRACT && treeSize === this.log.leaves.length && rootHash === hex(this.log.root()) ? this.time : 0;
  block = async (number: number): Promise<{ hash: string; timestamp: number } | null> => (number === 7 ? { hash: this.hash, timestamp: this.time } : null);
  transaction = async (hash: string) => {
    if (hash !== this.transactionHash) return null;
    // The topic is keccak-256 of the event's signature, written out.
    const topics = [TOPIC, `0x${this.log.leaves.length.toString(16).padStart(64, '0')}`, `0x${hex(this.log.root())}`];
    return { blockNumber: 7, blockHash: this.hash, succeeded: true, logs: [{ address: CONTRACT, topics }] };
  };
}
export const TOPIC = '0x031af2ea7f6de84bdca3583762e907ac3bb3b1092e7b71ca4fa616a2eae67303';
