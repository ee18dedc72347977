import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/index.js';

export const SERVICE = '00000000-0000-0000-0000-000000000000';

export interface Leg {
  readonly owner: string;
  readonly purpose: string;
  readonly currency: string;
  readonly amount: bigint;
}

/** The ledger's tables as the service's role may use them. */
export class LedgerRig {
  private constructor(readonly database: TestDatabase, readonly dataSource: DataSource) {}

  static async start(poolSize = 10): Promise<LedgerRig> {
    const database = await createTestDatabase();
    return new LedgerRig(database, await new DataSource(dataSourceOptions(database.serviceUrl, poolSize, () => undefined)).initialize());
  }

  async stop(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.drop();
  }

  /** All of them or none. */
  async post(...transfers: (readonly Leg[])[]): Promise<string[]> {
    const ids = transfers.map(() => randomUUID());
    await this.dataSource.query('SELECT post_transfers($1)', [
      JSON.stringify(transfers.map((legs, i) => ({ id: ids[i], kind: 'test', subject: 'test', postings: legs.map((leg) => ({ ...leg, amount: leg.amount.toString() })) }))),
    ]);
    return ids;
  }

  /** From the bank to a user. */
  async topUp(owner: string, amount: bigint, currency = 'CNY'): Promise<void> {
    await this.post([{ owner: SERVICE, purpose: 'bank', currency, amount: -amount }, { owner, purpose: 'available', currency, amount }]);
  }

  async balance(owner: string, purpose = 'available', currency = 'CNY'): Promise<bigint> {
    const [row]: { balance: string }[] = await this.dataSource.query('SELECT balance_of(money_account_id) AS balance FROM money_account WHERE owner_id = $1 AND purpose = $2 AND currency = $3', [owner, purpose, currency]);
    return BigInt(row?.balance ?? 0);
  }

  query<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.dataSource.query(text, values);
  }
}

export const pay = (from: string, to: string, amount: bigint, currency = 'CNY'): Leg[] => [{ owner: from, purpose: 'available', currency, amount: -amount }, { owner: to, purpose: 'available', currency, amount }];
