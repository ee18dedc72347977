import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, IdempotencyKey, type Page, Scopes } from '../../../platform/http/index.js';
import { OperatorsOnly } from '../../operators/index.js';
import { confirmationSchema, ConfirmMovement } from './confirm-movement.js';
import { EndMovement, rejectionSchema } from './end-movement.js';
import { ListMovements, type MovementsQuery, movementsQuery } from './list-movements.js';
import type { MovementView } from './movement-view.js';
import { RequestMovement, topUpSchema } from './request-movement.js';

const idParameter = z.uuid().toLowerCase();

@ApiTags('money')
@Controller('top-ups')
export class TopUpsController {
  constructor(private readonly request: RequestMovement, private readonly confirm: ConfirmMovement, private readonly end: EndMovement, private readonly list: ListMovements) {}

  /** Asks for money to be added that the caller has paid, or is about to pay, at the bank. */
  @Post()
  @Scopes('money:write')
  ask(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Body({ schema: topUpSchema }) body: z.output<typeof topUpSchema>): Promise<MovementView> {
    return this.request.execute('top-up', caller.accountId, body, key);
  }

  /** The caller's, the newest first. */
  @Get()
  @Scopes('money:read')
  own(@Caller() caller: Caller, @Query({ schema: movementsQuery }) query: MovementsQuery): Promise<Page<MovementView>> {
    return this.list.execute('top-up', caller.accountId, query);
  }

  /** For its owner, and for operators. */
  @Get(':id')
  @Scopes('money:read')
  one(@Caller() caller: Caller, @Param('id', { schema: idParameter }) id: string): Promise<MovementView> {
    return this.list.one('top-up', id, caller.accountId, caller.via === 'session');
  }

  /** By its owner, while no operator has done anything with it. */
  @Post(':id/cancellation')
  @Scopes('money:write')
  @HttpCode(201)
  cancel(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('id', { schema: idParameter }) id: string): Promise<MovementView> {
    return this.end.cancel('top-up', id, caller.accountId, key);
  }

  /** By an operator who has seen the money at the bank; from a threshold on by two. */
  @Post(':id/confirmation')
  @OperatorsOnly()
  confirmed(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('id', { schema: idParameter }) id: string, @Body({ schema: confirmationSchema }) { bankReference }: z.output<typeof confirmationSchema>): Promise<MovementView> {
    return this.confirm.execute('top-up', id, caller.accountId, bankReference, key);
  }

  /** By an operator: the money did not come. */
  @Post(':id/rejection')
  @OperatorsOnly()
  rejected(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('id', { schema: idParameter }) id: string, @Body({ schema: rejectionSchema }) { reason }: z.output<typeof rejectionSchema>): Promise<MovementView> {
    return this.end.reject('top-up', id, caller.accountId, reason, key);
  }
}
