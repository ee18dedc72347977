import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { rowNumber } from '../../../lib/api-schema/index.js';
import { decodeCursor, type Page, pageQuery, toPage } from '../../../platform/http/index.js';
import { FindOperators } from '../../operators/index.js';
import { movementNotFound } from '../accounting.errors.js';
import { fromRow, MOVEMENT_COLUMNS, MOVEMENT_STATES, type MovementKind, type MovementRow } from './movement.js';
import { type MovementView, toOperatorView, toOwnerView } from './movement-view.js';

export const movementsQuery = z.strictObject({ ...pageQuery.shape, state: z.enum(MOVEMENT_STATES).optional() });
export type MovementsQuery = z.output<typeof movementsQuery>;
export const queueQuery = z.strictObject({ ...pageQuery.shape, kind: z.enum(['top-up', 'payout']).optional(), state: z.enum([...MOVEMENT_STATES, 'open']).default('open').meta({ description: 'open: whatever still waits for an operator' }) });
export type QueueQuery = z.output<typeof queueQuery>;

/** Top-ups and payouts: an owner's, the newest first; and everybody's for operators, the oldest first. */
@Injectable()
export class ListMovements {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly operators: FindOperators) {}

  async execute(kind: MovementKind, accountId: string, { cursor, limit, state }: MovementsQuery): Promise<Page<MovementView>> {
    const before = cursor === undefined ? null : decodeCursor(rowNumber, cursor);
    const rows: MovementRow[] = await this.dataSource.query(
      `SELECT ${MOVEMENT_COLUMNS} FROM bank_movement WHERE account_id = $1 AND kind = $2 AND ($3::text IS NULL OR state = $3) AND ($4::bigint IS NULL OR ordinal < $4) ORDER BY ordinal DESC LIMIT $5`,
      [accountId, kind, state ?? null, before, limit + 1]);
    return toPage(rows, limit, (row) => toOwnerView(fromRow(row)), (row) => row.ordinal);
  }

  async queue({ cursor, limit, kind, state }: QueueQuery): Promise<Page<MovementView>> {
    const after = cursor === undefined ? null : decodeCursor(rowNumber, cursor);
    const rows: MovementRow[] = await this.dataSource.query(
      `SELECT ${MOVEMENT_COLUMNS} FROM bank_movement WHERE ($1::text IS NULL OR kind = $1) AND ${state === 'open' ? '$2 = $2 AND ended_at IS NULL' : 'state = $2'} AND ($3::bigint IS NULL OR ordinal > $3) ORDER BY ordinal LIMIT $4`,
      [kind ?? null, state, after, limit + 1]);
    return toPage(rows, limit, (row) => toOperatorView(fromRow(row)), (row) => row.ordinal);
  }

  /** For its owner, and for operators. @throws DomainError `ACCOUNTING.NOT_FOUND`. */
  async one(kind: MovementKind, id: string, accountId: string, isSession: boolean): Promise<MovementView> {
    const [row] = await this.dataSource.query<MovementRow[]>(`SELECT ${MOVEMENT_COLUMNS} FROM bank_movement WHERE movement_id = $1 AND kind = $2`, [id, kind]);
    if (row?.accountId === accountId) return toOwnerView(fromRow(row));
    if (!row || !isSession || !(await this.operators.isOperator(accountId))) throw movementNotFound();
    return toOperatorView(fromRow(row));
  }
}
