import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ChainClient, type ChainOrderState, RightsSettlementContract } from '../../../platform/chain/index.js';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import type { Order } from '../orders/find-order.js';
import { toHex } from './evm-hex.js';
import { unlessChainError } from './unless-chain-error.js';

/** A buyer waits for it, and gets on without it. */
const SOON = { timeoutMs: 2_000, attempts: 1 };

/** What the contract says of an order at the newest block, by one node: a hint to its buyer, and no ground to move anything. */
@Injectable()
export class AskContract implements OnModuleDestroy {
  private readonly chain: ChainClient | null;

  constructor(@Inject(CONFIG) { settlement, chain }: Pick<Config, 'chain' | 'settlement'>, @InjectDataSource() private readonly dataSource: DataSource) {
    this.chain = settlement === null ? null : new ChainClient(chain.rpcUrls, chain.chainId, SOON);
  }

  onModuleDestroy(): void {
    this.chain?.close();
  }

  /** @returns null when no node says it soon. */
  async stateOf({ orderId }: Pick<Order, 'orderId'>): Promise<ChainOrderState | null> {
    const [row] = await this.dataSource.query<{ chain_order_id: Buffer; contract: Buffer; chain_id: string; genesis_hash: Buffer }[]>(
      'SELECT p.chain_order_id, i.contract, i.chain_id, i.genesis_hash FROM chain_payment p JOIN settlement_instance i ON i.id = p.instance_id WHERE p.order_id = $1', [orderId.toString()]);
    if (this.chain === null || row === undefined || Number(row.chain_id) !== this.chain.chainId) return null;
    return this.ask(this.chain, toHex(row.genesis_hash), toHex(row.contract), toHex(row.chain_order_id)).catch(unlessChainError);
  }

  private async ask(chain: ChainClient, genesisHash: string, contract: string, chainOrderId: string): Promise<ChainOrderState | null> {
    const session = await chain.connect(genesisHash);
    if (session.genesisHash !== genesisHash) return null;
    try {
      return await new RightsSettlementContract(session, contract).stateOf(chainOrderId, (await session.latestBlock()).number);
    } catch (error) {
      chain.giveUpOn(session);
      throw error;
    }
  }
}
