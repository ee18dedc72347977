import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { SettlementEvent } from '../../../platform/chain/index.js';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { transact, type Tx } from '../../../platform/database/index.js';
import { uuidv7 } from '../../../platform/random/index.js';
import { type Posting, postTransfers, SERVICE } from '../../accounting/index.js';
import { fromTokenAddress } from './chain-currencies.js';
import { fromHex } from './evm-hex.js';
import type { FoundEvent } from './find-events.js';
import { insertEvent } from './payment-records.js';
import type { SettlementInstance } from './settlement-instance.js';

type Withdrawn = Extract<SettlementEvent, { kind: 'withdrawn' }>;

/** Somebody has fetched from the contract what it owed them: it owes them less. What the house fetched is in its own hands, as if in a bank. */
@Injectable()
export class RecordWithdrawal {
  private readonly logger = new Logger('Settlement');

  constructor(@InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) private readonly config: Pick<Config, 'chain'>) {}

  async execute(instance: SettlementInstance, found: FoundEvent): Promise<void> {
    const event = found.event as Withdrawn;
    const postings = await transact(this.dataSource, async (tx) => {
      const of = await this.postingsOf(tx, event, 1n);
      const transferId = of === null ? null : uuidv7();
      // The transfer comes first, since the event names it; both, or none, when the event was there.
      const [known] = await tx.query<unknown[]>('SELECT 1 FROM chain_event WHERE instance_id = $1 AND transaction_hash = $2 AND log_index = $3 AND undone_at IS NULL', [instance.id, fromHex(found.transactionHash), found.logIndex]);
      if (known) return of;
      if (of !== null && transferId !== null) await postTransfers(tx, [{ id: transferId, kind: 'withdrawal', subject: found.transactionHash, postings: of }]);
      if ((await insertEvent(tx, instance, found, transferId)) === null) throw new Error(`the withdrawal ${found.transactionHash} was recorded by another process`);
      return of;
    });
    if (postings === null) this.logger.error(`SETTLEMENT.UNEXPECTED_EVENT: ${event.account} withdrew ${event.amount} of ${event.token}, which is not in the ledger`);
  }

  /** Its block is gone. @param transferId what the ledger was told; null: nothing. */
  async undo(tx: Tx, event: Withdrawn, transactionHash: string, transferId: string | null): Promise<void> {
    const postings = transferId === null ? null : await this.postingsOf(tx, event, -1n);
    if (postings !== null) await postTransfers(tx, [{ id: uuidv7(), kind: 'withdrawal', subject: transactionHash, postings }]);
  }

  /** @param sign −1: of one that is taken back. @returns null when the address is nobody's here, or the ledger does not know of so much. */
  private async postingsOf(tx: Tx, { account, token, amount }: Withdrawn, sign: 1n | -1n): Promise<Posting[] | null> {
    const currency = fromTokenAddress(token, this.config.chain.chainId);
    const [owner] = await tx.query<{ account_id: string; balance: string | null }[]>(
      `SELECT p.account_id, (SELECT balance_of(a.money_account_id) FROM money_account a WHERE a.owner_id = p.account_id AND a.purpose = 'on-chain' AND a.currency = $2) AS balance FROM payout_address p WHERE p.address = $1`, [fromHex(account), currency]);
    if (owner === undefined) return null;
    const isService = owner.account_id === SERVICE;
    if (!isService && sign === 1n && BigInt(owner.balance ?? 0) < amount) return null;
    return [
      { owner: owner.account_id, purpose: isService ? 'bank' : 'on-chain', currency, amountMinor: -amount * sign },
      { owner: SERVICE, purpose: 'contract', currency, amountMinor: amount * sign },
    ];
  }
}
