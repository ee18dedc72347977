import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, IdempotencyKey, type Page, Scopes } from '../../../platform/http/index.js';
import { OperatorsOnly } from '../../operators/index.js';
import { confirmationSchema, ConfirmMovement } from './confirm-movement.js';
import { EndMovement, rejectionSchema } from './end-movement.js';
import { ListMovements, type MovementsQuery, movementsQuery } from './list-movements.js';
import type { MovementView } from './movement-view.js';
import { payoutSchema, RequestMovement } from './request-movement.js';

const idParameter = z.uuid().toLowerCase();

@ApiTags('money')
@Controller('payouts')
export class PayoutsController {
  constructor(private readonly request: RequestMovement, private readonly confirm: ConfirmMovement, private readonly end: EndMovement, private readonly list: ListMovements) {}

  /** Asks for money to be sent by the bank; it is held at once. */
  @Post()
  @Scopes('money:write')
  ask(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Body({ schema: payoutSchema }) body: z.output<typeof payoutSchema>): Promise<MovementView> {
    return this.request.execute('payout', caller.accountId, body, key);
  }

  /** The caller's, the newest first. */
  @Get()
  @Scopes('money:read')
  own(@Caller() caller: Caller, @Query({ schema: movementsQuery }) query: MovementsQuery): Promise<Page<MovementView>> {
    return this.list.execute('payout', caller.accountId, query);
  }

  /** For its owner, and for operators. */
  @Get(':id')
  @Scopes('money:read')
  one(@Caller() caller: Caller, @Param('id', { schema: idParameter }) id: string): Promise<MovementView> {
    return this.list.one('payout', id, caller.accountId, caller.via === 'session');
  }

  /** By its owner, while no operator has done anything with it: the money is available again. */
  @Post(':id/cancellation')
  @Scopes('money:write')
  @HttpCode(201)
  cancel(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('id', { schema: idParameter }) id: string): Promise<MovementView> {
    return this.end.cancel('payout', id, caller.accountId, key);
  }

  /** By the operator who is about to send the money: its owner cannot cancel it any more. */
  @Post(':id/taking-up')
  @OperatorsOnly()
  @HttpCode(201)
  takenUp(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('id', { schema: idParameter }) id: string): Promise<MovementView> {
    return this.end.takeUp(id, caller.accountId, key);
  }

  /** By an operator: the bank has sent it; from a threshold on by two. */
  @Post(':id/confirmation')
  @OperatorsOnly()
  confirmed(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('id', { schema: idParameter }) id: string, @Body({ schema: confirmationSchema }) { bankReference }: z.output<typeof confirmationSchema>): Promise<MovementView> {
    return this.confirm.execute('payout', id, caller.accountId, bankReference, key);
  }

  /** By an operator: it cannot be sent, or the bank sent it back. The money is available again. */
  @Post(':id/rejection')
  @OperatorsOnly()
  rejected(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('id', { schema: idParameter }) id: string, @Body({ schema: rejectionSchema }) { reason }: z.output<typeof rejectionSchema>): Promise<MovementView> {
    return this.end.reject('payout', id, caller.accountId, reason, key);
  }
}
