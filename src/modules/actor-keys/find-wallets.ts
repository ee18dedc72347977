import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

/** Which wallets are whose: each was shown to be its account's by a signature (EIP-191) when it was added. */
@Injectable()
export class FindWallets {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @returns by account the address, in lower case, that it added last and did not revoke; who has none is left out. */
  async execute(accountIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows: { account: string; address: string }[] = await this.dataSource.query(
      `SELECT DISTINCT ON (account_id) account_id AS account, key AS address FROM account_key WHERE account_id = ANY ($1::uuid[]) AND scheme = 'eip191' AND revoked_at IS NULL ORDER BY account_id, added_seq DESC`, [accountIds]);
    return new Map(rows.map(({ account, address }) => [account, address]));
  }
}
