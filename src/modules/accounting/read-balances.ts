import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

export interface Balance {
  readonly currency: string;
  /** To spend. */
  readonly availableMinor: string;
  /** Set aside for orders, offers and payouts that are not decided yet. */
  readonly heldMinor: string;
  /** In the settlement contract, to be withdrawn there. */
  readonly onChainMinor: string;
}

const BALANCES = `
  SELECT currency, coalesce(sum(b) FILTER (WHERE purpose = 'available'), 0) AS "availableMinor", coalesce(sum(b) FILTER (WHERE purpose = 'held'), 0) AS "heldMinor", coalesce(sum(b) FILTER (WHERE purpose = 'on-chain'), 0) AS "onChainMinor"
    FROM (SELECT currency, purpose, balance_of(money_account_id) AS b FROM money_account WHERE owner_id = $1) a GROUP BY currency ORDER BY currency`;

/** What an account has, of each currency that it ever had. */
@Injectable()
export class ReadBalances {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async execute(accountId: string): Promise<{ items: Balance[] }> {
    return { items: await this.dataSource.query<Balance[]>(BALANCES, [accountId]) };
  }
}
