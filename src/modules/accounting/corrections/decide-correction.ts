import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { rowNumber } from '../../../lib/api-schema/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, decodeCursor, type Page, pageQuery, runIdempotently, toPage } from '../../../platform/http/index.js';
import { uuidv7 } from '../../../platform/random/index.js';
import { sendNotices } from '../../notices/index.js';
import { movementNotFound, notInThisState, ownRequest, sameOperator } from '../accounting.errors.js';
import { postTransfers } from '../post-transfers.js';
import { SERVICE } from '../posting.js';
import { CORRECTION_COLUMNS, type CorrectionRow, type CorrectionView, toPostings, toView } from './correction.js';

export const correctionsQuery = z.strictObject({ ...pageQuery.shape, state: z.enum(['proposed', 'posted', 'rejected']).optional() });

/** A second operator agrees, or any operator rejects; also whoever proposed it. */
@Injectable()
export class DecideCorrection {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws DomainError `ACCOUNTING.NOT_FOUND`, `ACCOUNTING.SAME_OPERATOR`, `ACCOUNTING.OWN_REQUEST`, `ACCOUNTING.NOT_IN_THIS_STATE`, `ACCOUNTING.INSUFFICIENT_FUNDS` when it takes what an account no longer has. */
  approve(id: string, operatorId: string, idempotencyKey: string | null): Promise<CorrectionView> {
    return this.decide('approve', { id, operatorId, idempotencyKey }, async (tx, { corrects, postings, proposedBy }) => {
      if (proposedBy === operatorId) throw sameOperator();
      const owners = [...new Set(postings.map(({ owner }) => owner))].filter((owner) => owner !== SERVICE);
      if (owners.includes(operatorId)) throw ownRequest();
      await sendNotices(tx, owners.map((accountId) => ({ accountId, kind: 'money-corrected', subject: id })));
      const transferId = uuidv7();
      await postTransfers(tx, [{ id: transferId, kind: 'correction', subject: id, corrects, postings: toPostings(postings) }]);
      return { state: 'posted', transferId };
    });
  }

  /** @throws DomainError `ACCOUNTING.NOT_FOUND`, `ACCOUNTING.NOT_IN_THIS_STATE`. */
  reject(id: string, operatorId: string, idempotencyKey: string | null): Promise<CorrectionView> {
    return this.decide('reject', { id, operatorId, idempotencyKey }, async () => ({ state: 'rejected', transferId: null }));
  }

  /** For operators, the newest first. */
  async list({ cursor, limit, state }: z.output<typeof correctionsQuery>): Promise<Page<CorrectionView>> {
    const before = cursor === undefined ? null : decodeCursor(rowNumber, cursor);
    const rows: CorrectionRow[] = await this.dataSource.query(
      `SELECT ${CORRECTION_COLUMNS} FROM correction WHERE ($1::text IS NULL OR state = $1) AND ($2::bigint IS NULL OR ordinal < $2) ORDER BY ordinal DESC LIMIT $3`, [state ?? null, before, limit + 1]);
    return toPage(rows, limit, toView, (row) => row.ordinal);
  }

  private async decide(
    act: 'approve' | 'reject', { id, operatorId, idempotencyKey }: { id: string; operatorId: string; idempotencyKey: string | null },
    perform: (tx: Tx, correction: CorrectionRow) => Promise<{ state: 'posted' | 'rejected'; transferId: string | null }>,
  ): Promise<CorrectionView> {
    const payloadHash = computePayloadHash({ act: `${act}-correction`, subject: id, payload: null });
    const { body } = await runIdempotently(this.dataSource, { accountId: operatorId, key: idempotencyKey, payloadHash }, async (tx) => {
      const [correction] = await tx.query<CorrectionRow[]>(`SELECT ${CORRECTION_COLUMNS} FROM correction WHERE correction_id = $1 FOR UPDATE`, [id]);
      if (!correction) throw movementNotFound();
      if (correction.state !== 'proposed') throw notInThisState('correction', correction.state);
      const { state, transferId } = await perform(tx, correction);
      const [[decided]]: [CorrectionRow[], number] = await writePoint('accounting.decide-correction', () =>
        tx.query(`UPDATE correction SET state = $2, transfer_id = $3, decided_by = $4, decided_at = now() WHERE correction_id = $1 RETURNING ${CORRECTION_COLUMNS}`, [id, state, transferId, operatorId]));
      return { status: 201, body: toView(decided as CorrectionRow) };
    });
    return body;
  }
}
