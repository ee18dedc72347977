import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Tx } from '../../../platform/database/index.js';
import { computePayloadHash, runIdempotently } from '../../../platform/http/index.js';
import { uuidv7 } from '../../../platform/random/index.js';
import { sendNotices } from '../../notices/index.js';
import { bankReferenceDiffers, ownRequest, sameOperator } from '../accounting.errors.js';
import { endHold } from '../holds.js';
import { postTransfers } from '../post-transfers.js';
import { SERVICE } from '../posting.js';
import { assertMayBecome, lockMovement, type Movement, type MovementKind, moveTo } from './movement.js';
import { type MovementView, toOperatorView } from './movement-view.js';

/** Printable ASCII without spaces, upper case: two spellings of a reference would be two. */
const reference = z.string().trim().toUpperCase().regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 letters, digits and signs without spaces').meta({ description: 'Of the entry in the bank’s statement' });
export const confirmationSchema = z.strictObject({ bankReference: reference });

/** An operator has seen the entry at the bank. From the threshold on it takes a second one, who names the same entry. */
@Injectable()
export class ConfirmMovement {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws DomainError `ACCOUNTING.NOT_FOUND`, `ACCOUNTING.OWN_REQUEST`, `ACCOUNTING.SAME_OPERATOR`, `ACCOUNTING.NOT_IN_THIS_STATE`, `ACCOUNTING.BANK_REFERENCE_USED`, `ACCOUNTING.BANK_REFERENCE_DIFFERS`. */
  async execute(kind: MovementKind, id: string, operatorId: string, bankReference: string, idempotencyKey: string | null): Promise<MovementView> {
    const payloadHash = computePayloadHash({ act: `confirm-${kind}`, subject: id, payload: { bankReference } });
    const { body } = await runIdempotently(this.dataSource, { accountId: operatorId, key: idempotencyKey, payloadHash }, async (tx) => {
      const movement = await lockMovement(tx, kind, id);
      if (movement.accountId === operatorId) throw ownRequest();
      const isSecond = movement.state === 'half-confirmed';
      if (isSecond && movement.firstBy === operatorId) throw sameOperator();
      if (isSecond && movement.bankReference !== bankReference) throw bankReferenceDiffers();
      const next = movement.operators === 2 && !isSecond ? 'half-confirmed' : 'confirmed';
      assertMayBecome(movement, next);
      return { status: 201, body: next === 'confirmed' ? await confirm(tx, movement, operatorId, bankReference) : toOperatorView(await moveTo(tx, movement, next, { firstBy: operatorId, bankReference })) };
    });
    return body;
  }
}

/** Accounts are locked last: the movement, the hold, then they. */
async function confirm(tx: Tx, movement: Movement, operatorId: string, bankReference: string): Promise<MovementView> {
  const { id, kind, accountId: owner, currency, amountMinor, holdId } = movement;
  await sendNotices(tx, [{ accountId: owner, kind: `${kind}-confirmed`, subject: id }]);
  if (kind === 'payout') {
    const confirmed = await moveTo(tx, movement, 'confirmed', { confirmedBy: operatorId, bankReference });
    await endHold(tx, holdId as string, 'posted', [{ owner: SERVICE, purpose: 'bank', currency, amountMinor }], 'payout');
    return toOperatorView(confirmed);
  }
  // The row refers to its transfer.
  const transferId = uuidv7();
  await postTransfers(tx, [{ id: transferId, kind: 'top-up', subject: id, postings: [{ owner: SERVICE, purpose: 'bank', currency, amountMinor: -amountMinor }, { owner, purpose: 'available', currency, amountMinor }] }]);
  return toOperatorView(await moveTo(tx, movement, 'confirmed', { confirmedBy: operatorId, bankReference, transferId }));
}
