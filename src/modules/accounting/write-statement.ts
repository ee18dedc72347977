import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { moment } from '../../lib/api-schema/index.js';
import { toDecimal } from '../../lib/money/index.js';
import { toCsvRecord } from './csv.js';
import { anyCurrency } from './money-schemas.js';
import { type Purpose, USER_PURPOSES } from './posting.js';

export const statementQuery = z.strictObject({
  currency: anyCurrency, from: moment.optional().meta({ description: 'Made at this moment or later' }), to: moment.optional().meta({ description: 'Made before this moment; now when left out' }),
});
export type StatementQuery = z.output<typeof statementQuery>;

const HEADER = ['time', 'entry', 'transfer', 'subject', 'account', 'currency', 'amountMinor', 'amount', 'balanceMinor', 'balance'];
const LINES_AT_ONCE = 1_000;

interface Line {
  ordinal: string;
  transfer: string;
  kind: string;
  subject: string;
  purpose: Purpose;
  amount: string;
  at: Date;
}

const OPENING = `
  SELECT a.purpose, coalesce((SELECT sum(p.amount) FROM posting p JOIN transfer t USING (transfer_id) WHERE p.money_account_id = a.money_account_id AND t.made_at < $3), 0) AS balance
    FROM money_account a WHERE a.owner_id = $1 AND a.currency = $2`;

const LINES = `
  SELECT p.ordinal, p.transfer_id AS transfer, t.kind, t.subject, a.purpose, p.amount, t.made_at AS at
    FROM money_account a JOIN posting p USING (money_account_id) JOIN transfer t USING (transfer_id)
   WHERE a.owner_id = $1 AND a.currency = $2 AND ($3::timestamptz IS NULL OR t.made_at >= $3) AND t.made_at < $4 AND p.ordinal > $5 ORDER BY p.ordinal LIMIT ${LINES_AT_ONCE}`;

/** The statement of one currency's accounts as CSV (RFC 4180), piece by piece: a slow reader holds neither a connection nor the whole of it. Its last lines are the closing balances: a statement without them was cut off. */
@Injectable()
export class WriteStatement {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async *execute(accountId: string, { currency, from, to = new Date().toISOString() }: StatementQuery): AsyncGenerator<string> {
    const balances = new Map<Purpose, bigint>();
    if (from !== undefined) for (const { purpose, balance } of await this.dataSource.query<{ purpose: Purpose; balance: string }[]>(OPENING, [accountId, currency, from])) balances.set(purpose, BigInt(balance));
    const totals = (entry: string, at: string): string =>
      USER_PURPOSES.map((purpose) => toCsvRecord([at, entry, '', '', purpose, currency, '', '', ...both(balances.get(purpose) ?? 0n, currency)])).join('');
    yield toCsvRecord(HEADER) + totals('opening-balance', from ?? '');
    for (let after = '0'; ;) {
      const lines: Line[] = await this.dataSource.query(LINES, [accountId, currency, from ?? null, to, after]);
      yield lines.map(({ at, kind, transfer, subject, purpose, amount }) => {
        const balance = (balances.get(purpose) ?? 0n) + BigInt(amount);
        balances.set(purpose, balance);
        return toCsvRecord([at.toISOString(), kind, transfer, subject, purpose, currency, ...both(BigInt(amount), currency), ...both(balance, currency)]);
      }).join('');
      if (lines.length < LINES_AT_ONCE) break;
      after = lines.at(-1)?.ordinal as string;
    }
    yield totals('closing-balance', to);
  }
}

/** In minor units, and as people write it where the currency's digits are known here. */
function both(amountMinor: bigint, currency: string): [string, string] {
  return [amountMinor.toString(), toDecimal(amountMinor, currency) ?? ''];
}
