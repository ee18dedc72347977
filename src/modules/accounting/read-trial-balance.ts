import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Purpose, SERVICE } from './posting.js';

export interface TrialBalance {
  readonly asOf: string;
  readonly rows: readonly { readonly owner: 'users' | 'service'; readonly purpose: Purpose; readonly currency: string; readonly accounts: number; readonly debitMinor: string; readonly creditMinor: string; readonly balanceMinor: string }[];
  /** Of each currency: debits are as much as credits, and what users' accounts say is what was posted to them. */
  readonly totals: readonly { readonly currency: string; readonly debitMinor: string; readonly creditMinor: string; readonly balances: boolean }[];
}

interface Row {
  at: Date;
  users: boolean;
  purpose: Purpose;
  currency: string;
  accounts: string;
  debit: string;
  credit: string;
  kept: string;
}

/** Every account of each purpose and currency, from the postings. One statement: one snapshot. */
const TRIAL_BALANCE = `
  SELECT now() AS at, a.owner_id <> $1::uuid AS users, a.purpose, a.currency, count(*) AS accounts, coalesce(sum(p.debit), 0) AS debit, coalesce(sum(p.credit), 0) AS credit, sum(balance_of(a.money_account_id)) AS kept
    FROM money_account a
    LEFT JOIN (SELECT money_account_id, -coalesce(sum(amount) FILTER (WHERE amount < 0), 0) AS debit, coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS credit FROM posting GROUP BY money_account_id) p USING (money_account_id)
   GROUP BY 2, 3, 4 ORDER BY 4, 2 DESC, 3`;

@Injectable()
export class ReadTrialBalance {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Reads every posting. */
  async execute(): Promise<TrialBalance> {
    const rows: Row[] = await this.dataSource.query(TRIAL_BALANCE, [SERVICE]);
    const totals = [...new Set(rows.map((row) => row.currency))].map((currency) => {
      const own = rows.filter((row) => row.currency === currency);
      const [debit, credit] = [sum(own.map((row) => row.debit)), sum(own.map((row) => row.credit))];
      return { currency, debitMinor: `${debit}`, creditMinor: `${credit}`, balances: debit === credit && own.every((row) => !row.users || BigInt(row.kept) === BigInt(row.credit) - BigInt(row.debit)) };
    });
    return {
      asOf: (rows[0]?.at ?? new Date()).toISOString(),
      rows: rows.map(({ users, purpose, currency, accounts, debit, credit }) => ({
        owner: users ? 'users' : 'service', purpose, currency, accounts: Number(accounts), debitMinor: debit, creditMinor: credit, balanceMinor: (BigInt(credit) - BigInt(debit)).toString(),
      })),
      totals,
    };
  }
}

function sum(amounts: readonly string[]): bigint {
  return amounts.reduce((total, amount) => total + BigInt(amount), 0n);
}
