import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { line } from '../../../lib/api-schema/index.js';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, runIdempotently } from '../../../platform/http/index.js';
import { uuidv7 } from '../../../platform/random/index.js';
import { placeHold } from '../holds.js';
import { amountMinor, balanceCurrency } from '../money-schemas.js';
import { fromRow, MOVEMENT_COLUMNS, type MovementKind, type MovementRow } from './movement.js';
import { type MovementView, toOwnerView } from './movement-view.js';

export const topUpSchema = z.strictObject({ amountMinor, currency: balanceCurrency, note: line(200).optional().meta({ description: 'What the operator finds your payment at the bank by' }) });
export const payoutSchema = z.strictObject({ amountMinor, currency: balanceCurrency, destination: line(300).meta({ description: 'The account at the bank that the money is to be sent to, and its holder' }), note: line(200).optional() });
export type MovementRequest = z.output<typeof topUpSchema> & { readonly destination?: string };

/** Asks for money to be added that was paid at the bank, or to be sent by the bank: then it is held at once. */
@Injectable()
export class RequestMovement {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) private readonly config: Pick<Config, 'accounting'>) {}

  /** @throws DomainError `ACCOUNTING.INSUFFICIENT_FUNDS` for a payout of more than is available. */
  async execute(kind: MovementKind, accountId: string, request: MovementRequest, idempotencyKey: string | null): Promise<MovementView> {
    const payloadHash = computePayloadHash({ act: `request-${kind}`, subject: accountId, payload: request });
    const { body } = await runIdempotently(this.dataSource, { accountId, key: idempotencyKey, payloadHash }, async (tx) => ({ status: 201, body: await this.request(tx, kind, accountId, request) }));
    return body;
  }

  private async request(tx: Tx, kind: MovementKind, accountId: string, { amountMinor: text, currency, note, destination }: MovementRequest): Promise<MovementView> {
    const [id, amount] = [uuidv7(), BigInt(text)];
    const from = this.config.accounting.fourEyesFrom[currency];
    const holdId = kind === 'payout' ? await placeHold(tx, { owner: accountId, currency, amountMinor: amount, subject: id }) : null;
    const [row] = await writePoint('accounting.request', () => tx.query<MovementRow[]>(
      `INSERT INTO bank_movement (movement_id, kind, account_id, currency, amount, note, destination, operators, state, hold_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'requested', $9) RETURNING ${MOVEMENT_COLUMNS}`,
      [id, kind, accountId, currency, text, note ?? null, destination ?? null, from === undefined || amount >= from ? 2 : 1, holdId]));
    return toOwnerView(fromRow(row as MovementRow));
  }
}
