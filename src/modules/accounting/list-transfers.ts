import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { moment, rowNumber } from '../../lib/api-schema/index.js';
import { decodeCursor, type Page, pageQuery, toPage } from '../../platform/http/index.js';
import { anyCurrency } from './money-schemas.js';
import type { Purpose, TransferKind } from './posting.js';

export const transfersQuery = z.strictObject({
  ...pageQuery.shape, currency: anyCurrency.optional(),
  from: moment.optional().meta({ description: 'Made at this moment or later' }), to: moment.optional().meta({ description: 'Made before this moment' }),
});
export type TransfersQuery = z.output<typeof transfersQuery>;

/** One posting to an account of the caller's. */
export interface TransferView {
  readonly transferId: string;
  readonly kind: TransferKind;
  /** What it is about: the id of a top-up, a payout, an order. */
  readonly subject: string;
  readonly madeAt: string;
  readonly purpose: Purpose;
  /** The purposes of the accounts on the other side; whose they are is not said. */
  readonly counterPurposes: readonly Purpose[];
  readonly currency: string;
  /** A credit is positive, a debit negative. */
  readonly amountMinor: string;
  readonly corrects: string | null;
}

interface Row extends Omit<TransferView, 'madeAt'> {
  readonly madeAt: Date;
  readonly ordinal: string;
}

/** Of each of the caller's accounts at most a page, so that one that is credited all day costs no more than another. */
const TRANSFERS = `
  SELECT p.ordinal, t.transfer_id AS "transferId", t.kind, t.subject, t.made_at AS "madeAt", t.corrects, a.purpose, p.currency, p.amount AS "amountMinor",
         ARRAY(SELECT DISTINCT o.purpose FROM posting q JOIN money_account o USING (money_account_id) WHERE q.transfer_id = p.transfer_id AND q.leg <> p.leg AND q.currency = p.currency AND sign(q.amount) <> sign(p.amount) ORDER BY 1) AS "counterPurposes"
    FROM money_account a
   CROSS JOIN LATERAL (SELECT p.* FROM posting p JOIN transfer t USING (transfer_id)
                        WHERE p.money_account_id = a.money_account_id AND ($3::bigint IS NULL OR p.ordinal < $3) AND ($4::timestamptz IS NULL OR t.made_at >= $4) AND ($5::timestamptz IS NULL OR t.made_at < $5)
                        ORDER BY p.ordinal DESC LIMIT $6) p
    JOIN transfer t USING (transfer_id)
   WHERE a.owner_id = $1 AND ($2::text IS NULL OR a.currency = $2) ORDER BY p.ordinal DESC LIMIT $6`;

/** What moved on an account's balances, the newest first. */
@Injectable()
export class ListTransfers {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async execute(accountId: string, { cursor, limit, currency, from, to }: TransfersQuery): Promise<Page<TransferView>> {
    const before = cursor === undefined ? null : decodeCursor(rowNumber, cursor);
    const rows: Row[] = await this.dataSource.query(TRANSFERS, [accountId, currency ?? null, before, from ?? null, to ?? null, limit + 1]);
    return toPage(rows, limit, ({ ordinal: _, madeAt, ...row }) => ({ ...row, madeAt: madeAt.toISOString() }), (row) => row.ordinal);
  }
}
