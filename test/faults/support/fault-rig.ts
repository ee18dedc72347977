import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { DataSource } from 'typeorm';
import { formatSignerKey, formatVerifierKey, parseSignerKey } from '../../../src/lib/note/index.js';
import { deployCheckpointAnchor } from '../../../src/platform/chain/index.js';
import { dataSourceOptions } from '../../../src/platform/database/index.js';
import { type Client, clientOf, joinAs } from '../../support/http-client.js';
import { fundDirectly } from './fund-directly.js';
import { ServiceProcess } from './service-process.js';

/** Where the service of a rig stores and anchors. */
export interface Surroundings {
  readonly serviceUrl: string;
  /** As superuser, in the same database. */
  readonly adminUrl: string;
  readonly chainUrl: string;
}

export type Depositor = Client & { readonly partner: Client };

const HARDHAT_ACCOUNT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const PUBLIC_URL = 'http://service.test';
export const ORIGIN = 'faults.example/log';

/** One installation of the service (database, data directory, keys, contract), whose processes are started, killed and started again. */
export class FaultRig {
  private readonly services = new Set<ServiceProcess>();
  private accounts: { apiKey: string; accountId: string }[] = [];

  private constructor(
    readonly directory: string,
    readonly dataDir: string,
    readonly surroundings: Surroundings,
    readonly environment: Record<string, string>,
    /** As superuser: sees everything. */
    readonly database: DataSource,
    readonly vkey: string,
    private readonly keys: { readonly signer: string; readonly anchorer: string },
  ) {}

  static async open(surroundings: Surroundings, environment: Record<string, string> = {}): Promise<FaultRig> {
    const directory = await mkdtemp(join(tmpdir(), 'zhengben-faults-'));
    const signer = formatSignerKey(ORIGIN, randomBytes(32));
    const anchorer = `0x${randomBytes(32).toString('hex')}`;
    await writeFile(join(directory, 'log.key'), signer);
    await writeFile(join(directory, 'anchor.key'), anchorer);
    const dataDir = join(directory, 'data');
    const database = await new DataSource(dataSourceOptions(surroundings.adminUrl, 4, () => undefined)).initialize();
    const { verifierKey } = parseSignerKey(signer);
    const rig = new FaultRig(directory, dataDir, surroundings, {
      NODE_ENV: 'test', PORT: '0', PUBLIC_URL, DATA_DIR: dataDir, DATABASE_URL: surroundings.serviceUrl, EVM_RPC_URL: surroundings.chainUrl,
      LOG_ORIGIN: ORIGIN, LOG_LEVEL: 'warn', LOG_KEY_FILE: join(directory, 'log.key'), ANCHOR_KEY_FILE: join(directory, 'anchor.key'),
      ANCHOR_INTERVAL: '0.3', ANCHOR_CONFIRMATIONS: '0', SEQUENCE_INTERVAL_MS: '50', RATE_LIMIT_PER_MINUTE: '1000000', ...environment,
    }, database, verifierKeyOf(signer), { signer, anchorer });
    await callChain(surroundings.chainUrl, 'hardhat_setBalance', [new Wallet(anchorer).address, '0x3635c9adc5dea00000']);
    await rig.deployContract(verifierKey.publicKey);
    return rig;
  }

  /** The address that the service anchors with. */
  get anchorer(): string {
    return new Wallet(this.keys.anchorer).address;
  }

  /** A new contract: to the service another chain instance. */
  async deployContract(logKey = parseSignerKey(this.keys.signer).verifierKey.publicKey): Promise<void> {
    const { address } = await deployCheckpointAnchor({
      rpcUrl: this.surroundings.chainUrl, unlocked: HARDHAT_ACCOUNT, owner: HARDHAT_ACCOUNT, anchorer: this.anchorer, origin: ORIGIN, logKey,
    });
    this.environment['ANCHOR_CONTRACT'] = address;
  }

  /** Starts a process; `url()` of it waits until it listens. */
  async spawn(extra: Readonly<Record<string, string>> = {}, wrapper: readonly string[] = []): Promise<ServiceProcess> {
    const service = await ServiceProcess.spawn({ ...this.environment, ...extra }, wrapper);
    this.services.add(service);
    void service.exited.then(() => this.services.delete(service));
    return service;
  }

  /** The one depositor of the rig, over HTTP, and the one who shares and is licensed their works. */
  async client(url: string): Promise<Depositor> {
    const isNew = this.accounts.length < 2;
    for (const name of ['depositor', 'partner'].slice(this.accounts.length)) {
      const { apiKey, accountId } = await joinAs({ url, config: { publicUrl: PUBLIC_URL } }, name);
      this.accounts.push({ apiKey, accountId });
    }
    const [own, partner] = this.accounts.map(({ apiKey, accountId }) => clientOf(url, apiKey, accountId)) as [Client, Client];
    if (isNew) await this.fund(10n ** 12n);
    return { ...own, partner };
  }

  /** Gives each of the two so much money, so many times; the other one is the operator who confirms it. */
  async fund(amount: bigint, times = 1): Promise<void> {
    const [one, other] = this.accounts;
    if (!one || !other) return;
    for (const [owner, operator] of [[one, other], [other, one]] as const) await fundDirectly(this.database, { owner: owner.accountId, operator: operator.accountId, amount: amount.toString(), times });
  }

  /** What the file holds, or an empty string. */
  async read(name: string): Promise<string> {
    return readFile(join(this.directory, name), 'utf8').catch(() => '');
  }

  async close(): Promise<void> {
    await Promise.all([...this.services].map((service) => service.kill()));
    await this.database.destroy();
    await rm(this.directory, { recursive: true, force: true });
  }
}

export async function callChain<T>(url: string, method: string, params: readonly unknown[]): Promise<T> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  const { result, error } = (await response.json()) as { result: T; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

/** Tries until it holds; says what did not when it never does. */
export async function eventually(what: string, holds: () => Promise<boolean>, patienceMs = 30_000): Promise<void> {
  let problem = '';
  for (const since = Date.now(); Date.now() - since < patienceMs;) {
    try {
      if (await holds()) return;
      problem = '';
    } catch (error) {
      problem = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    await new Promise((done) => setTimeout(done, 40));
  }
  throw new Error(`in ${patienceMs} ms it did not come to pass that ${what}${problem}`);
}

function verifierKeyOf(signerKey: string): string {
  return formatVerifierKey(parseSignerKey(signerKey).verifierKey);
}
