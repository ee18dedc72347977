import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { line } from '../../../lib/api-schema/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { computePayloadHash, runIdempotently } from '../../../platform/http/index.js';
import { sendNotices } from '../../notices/index.js';
import { movementNotFound, ownRequest } from '../accounting.errors.js';
import { endHold } from '../holds.js';
import { assertMayBecome, lockMovement, type Movement, type MovementKind, moveTo } from './movement.js';
import { type MovementView, toOperatorView, toOwnerView } from './movement-view.js';

export const rejectionSchema = z.strictObject({ reason: line(300).meta({ description: 'Told to the owner' }) });

/** Everything but a confirmation that becomes of a top-up or payout. What a payout had held goes back to its owner. */
@Injectable()
export class EndMovement {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** By its owner, as long as no operator has done anything with it. @throws DomainError `ACCOUNTING.NOT_FOUND`, `ACCOUNTING.NOT_IN_THIS_STATE`. */
  cancel(kind: MovementKind, id: string, accountId: string, idempotencyKey: string | null): Promise<MovementView> {
    return this.once(`cancel-${kind}`, { kind, id, accountId, idempotencyKey }, null, async (tx, movement) => {
      if (movement.accountId !== accountId) throw movementNotFound();
      assertMayBecome(movement, 'cancelled');
      const cancelled = await moveTo(tx, movement, 'cancelled', {});
      await giveBack(tx, movement);
      return toOwnerView(cancelled);
    });
  }

  /** By an operator: the money did not come, or cannot be sent. @throws DomainError `ACCOUNTING.NOT_FOUND`, `ACCOUNTING.OWN_REQUEST`, `ACCOUNTING.NOT_IN_THIS_STATE`. */
  reject(kind: MovementKind, id: string, operatorId: string, reason: string, idempotencyKey: string | null): Promise<MovementView> {
    return this.once(`reject-${kind}`, { kind, id, accountId: operatorId, idempotencyKey }, { reason }, async (tx, movement) => {
      if (movement.accountId === operatorId) throw ownRequest();
      assertMayBecome(movement, 'rejected');
      const rejected = await moveTo(tx, movement, 'rejected', { rejectedBy: operatorId, reason });
      await sendNotices(tx, [{ accountId: movement.accountId, kind: `${kind}-rejected`, subject: id }]);
      await giveBack(tx, movement);
      return toOperatorView(rejected);
    });
  }

  /** By an operator who is about to send the money of a payout. @throws DomainError as {@link reject}. */
  takeUp(id: string, operatorId: string, idempotencyKey: string | null): Promise<MovementView> {
    return this.once('take-up-payout', { kind: 'payout', id, accountId: operatorId, idempotencyKey }, null, async (tx, movement) => {
      if (movement.accountId === operatorId) throw ownRequest();
      assertMayBecome(movement, 'taken-up');
      await sendNotices(tx, [{ accountId: movement.accountId, kind: 'payout-taken-up', subject: id }]);
      return toOperatorView(await moveTo(tx, movement, 'taken-up', { takenUpBy: operatorId }));
    });
  }

  private async once(
    act: string, { kind, id, accountId, idempotencyKey }: { kind: MovementKind; id: string; accountId: string; idempotencyKey: string | null }, payload: unknown, perform: (tx: Tx, movement: Movement) => Promise<MovementView>,
  ): Promise<MovementView> {
    const payloadHash = computePayloadHash({ act, subject: id, payload });
    return (await runIdempotently(this.dataSource, { accountId, key: idempotencyKey, payloadHash }, async (tx) => ({ status: 201, body: await perform(tx, await lockMovement(tx, kind, id)) }))).body;
  }
}

async function giveBack(tx: Tx, { holdId }: Movement): Promise<void> {
  if (holdId !== null) await endHold(tx, holdId, 'voided', [], 'hold-voided');
}
