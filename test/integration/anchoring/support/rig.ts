import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Anchorer, type TickResult } from '../../../../src/modules/anchoring/anchorer.js';
import type { AnchorerOptions } from '../../../../src/modules/anchoring/anchorer-options.js';
import { ChainClient, deployCheckpointAnchor, TransactionSigner } from '../../../../src/platform/chain/index.js';
import { dataSourceOptions } from '../../../../src/platform/database/index.js';
import { createTestDatabase } from '../../../support/index.js';
import { MemoryLog } from './memory-log.js';
import { rpc } from './rpc-proxy.js';

// Hardhat's and anvil's well-known accounts.
export const DEPLOYER_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
export const OWNER = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
export const ANCHORER_KEY = '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a';
export const ANCHORER = new TransactionSigner(ANCHORER_KEY).address;
export const ORIGIN = 'log.test/anchoring';

export interface AnchorState {
  readonly id: number;
  readonly instance: number;
  readonly size: number;
  readonly status: string;
  readonly nonce: number | null;
  readonly block: number | null;
}

/** A database, a log, a contract, and anchorers over them. */
export class Rig {
  readonly #clients: ChainClient[] = [];
  readonly #anchorers: Anchorer[] = [];

  private constructor(
    readonly dataSource: DataSource,
    readonly log: MemoryLog,
    readonly urls: readonly string[],
    readonly contract: string,
    private readonly options: Partial<AnchorerOptions>,
    readonly databaseUrl: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  /** @param nodeUrl the node itself; `urls` are what the anchorer is given (proxies before it), the node when not given. */
  static async open(nodeUrl: string, { urls = [nodeUrl], ...options }: Partial<AnchorerOptions> & { urls?: readonly string[] } = {}): Promise<Rig> {
    Logger.overrideLogger(false);
    const { address } = await deploy(nodeUrl);
    const database = await createTestDatabase();
    const dataSource = await new DataSource(dataSourceOptions(database.serviceUrl, 6, () => undefined)).initialize();
    return new Rig(dataSource, new MemoryLog(), urls, address, options, database.serviceUrl, () => database.drop());
  }

  /** As another process would have it: its own client and its own name in the lease. */
  anchorer({ urls = this.urls, key = ANCHORER_KEY, log = this.log, ...options }: Partial<AnchorerOptions> & { urls?: readonly string[]; key?: string; log?: MemoryLog } = {}): Anchorer {
    const client = new ChainClient(urls, options.chainId ?? 31_337, { timeoutMs: 1_000, attempts: 2, backoffMs: 5 });
    this.#clients.push(client);
    const all: AnchorerOptions = {
      chainId: 31_337, contract: this.contract, origin: ORIGIN, intervalSeconds: 0.2, confirmations: 12, leaseSeconds: 5, rebroadcastSeconds: 0, stuckSeconds: 60,
      staleSeconds: 0, maxFeePerGas: 10n ** 12n, ...this.options, ...options,
    };
    const anchorer = new Anchorer({ dataSource: this.dataSource, log, signer: new TransactionSigner(key), options: all }, client, randomUUID());
    this.#anchorers.push(anchorer);
    return anchorer;
  }

  async anchors(): Promise<AnchorState[]> {
    return this.dataSource.query<AnchorState[]>(
      `SELECT id::int, instance_id AS instance, tree_size::int AS size, status, nonce::int, block_number::int AS block FROM anchor ORDER BY id`);
  }

  async statuses(): Promise<string[]> {
    return (await this.anchors()).map(({ size, status }) => `${size} ${status}`);
  }

  /** What became of one anchor, from its first status on. */
  async historyOf(size: number): Promise<string[]> {
    const rows = await this.dataSource.query<{ to_status: string }[]>(
      'SELECT to_status FROM anchor_status_change c JOIN anchor a ON a.id = c.anchor_id WHERE a.tree_size = $1 ORDER BY c.id', [size]);
    return rows.map((row) => row.to_status);
  }

  async transactions(): Promise<{ nonce: number; kind: string; hash: string; fee: bigint; tip: bigint; replaced: boolean }[]> {
    const rows = await this.dataSource.query<{ nonce: string; kind: string; hash: string; fee: string; tip: string; replaced: boolean }[]>(
      `SELECT t.nonce, t.kind, '0x' || encode(t.transaction_hash, 'hex') AS hash, t.max_fee_per_gas AS fee, t.max_priority_fee_per_gas AS tip,
              EXISTS (SELECT 1 FROM anchor_transaction r WHERE r.instance_id = t.instance_id AND r.replaces = t.transaction_hash) AS replaced
         FROM anchor_transaction t ORDER BY t.nonce, t.max_fee_per_gas`);
    return rows.map((row) => ({ ...row, nonce: Number(row.nonce), fee: BigInt(row.fee), tip: BigInt(row.tip) }));
  }

  async problem(): Promise<string | null> {
    const [row] = await this.dataSource.query<{ problem_code: string | null }[]>('SELECT problem_code FROM anchor_lease');
    return row?.problem_code ?? null;
  }

  async close(): Promise<void> {
    for (const anchorer of this.#anchorers) await anchorer.stop();
    for (const client of this.#clients) client.close();
    await this.dataSource.destroy();
    await this.dropDatabase();
  }
}

export function deploy(url: string): ReturnType<typeof deployCheckpointAnchor> {
  return deployCheckpointAnchor({ rpcUrl: url, deployerKey: DEPLOYER_KEY, owner: OWNER, anchorer: ANCHORER, origin: ORIGIN, logKey: new Uint8Array(32).fill(7) });
}

/** Ticks until nothing is left to look at soon; `between` runs before every tick but the first. @throws when it does not come to rest. */
export async function settle(anchorer: Anchorer, between: () => Promise<unknown> = async () => undefined, mostTicks = 20): Promise<TickResult> {
  let last: TickResult | undefined;
  for (let i = 0; i < mostTicks; i++) {
    if (i > 0) await between();
    const result = (last = await anchorer.tick());
    if (result.role === 'leader' && !result.lookAgainSoon && result.problem === null) return result;
  }
  throw new Error(`the anchorer does not come to rest: ${JSON.stringify(last)}`);
}

/** What the contract itself says, asked past every proxy. */
export async function headOf(url: string, contract: string): Promise<number> {
  const answer = await rpc<string>(url, 'eth_call', { to: contract, data: '0x8f7dcfa3' }, 'latest');
  return Number(BigInt(answer.slice(0, 66)));
}
