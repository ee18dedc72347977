import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, runIdempotently } from '../../../platform/http/index.js';
import { uuidv7 } from '../../../platform/random/index.js';
import { FindAccounts } from '../../identity/index.js';
import { correctionInvalid, ownRequest } from '../accounting.errors.js';
import { CORRECTION_COLUMNS, type CorrectionRow, type CorrectionView, type NewCorrection, toStored, toView } from './correction.js';

/** What was posted is never changed: an operator proposes a further transfer that names the one it corrects. */
@Injectable()
export class ProposeCorrection {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly accounts: FindAccounts) {}

  /** @throws DomainError `ACCOUNTING.CORRECTION_INVALID`; `ACCOUNTING.OWN_REQUEST` when it moves the operator's own money. */
  async execute(operatorId: string, proposed: NewCorrection, idempotencyKey: string | null): Promise<CorrectionView> {
    const owners = proposed.postings.flatMap(({ account }) => (account === undefined ? [] : [account]));
    if (owners.includes(operatorId)) throw ownRequest();
    const [unknown] = await this.accounts.missing(owners);
    if (unknown !== undefined) throw correctionInvalid(`There is no account ${unknown}.`, `/postings/${proposed.postings.findIndex(({ account }) => account === unknown)}/account`);
    const payloadHash = computePayloadHash({ act: 'propose-correction', subject: proposed.transferId, payload: proposed });
    const { body } = await runIdempotently(this.dataSource, { accountId: operatorId, key: idempotencyKey, payloadHash }, async (tx) => ({ status: 201, body: await propose(tx, operatorId, proposed) }));
    return body;
  }
}

async function propose(tx: Tx, operatorId: string, { transferId, reason, postings }: NewCorrection): Promise<CorrectionView> {
  const rows = await tx.query<{ currency: string }[]>('SELECT DISTINCT currency FROM posting WHERE transfer_id = $1', [transferId]);
  if (rows.length === 0) throw correctionInvalid('There is no such transfer.', '/transferId');
  const foreign = postings.findIndex(({ currency }) => !rows.some((row) => row.currency === currency));
  if (foreign >= 0) throw correctionInvalid('A correction is in the currencies of what it corrects.', `/postings/${foreign}/currency`);
  const [row] = await writePoint('accounting.propose-correction', () => tx.query<CorrectionRow[]>(
    `INSERT INTO correction (correction_id, corrects, postings, reason, proposed_by) VALUES ($1, $2, $3, $4, $5) RETURNING ${CORRECTION_COLUMNS}`, [uuidv7(), transferId, JSON.stringify(toStored(postings)), reason, operatorId]));
  return toView(row as CorrectionRow);
}
