import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, IdempotencyKey, type Page } from '../../platform/http/index.js';
import { OperatorsOnly } from '../operators/index.js';
import { ListMovements, type QueueQuery, queueQuery } from './bank/list-movements.js';
import type { MovementView } from './bank/movement-view.js';
import { correctionSchema, type CorrectionView, type NewCorrection } from './corrections/correction.js';
import { correctionsQuery, DecideCorrection } from './corrections/decide-correction.js';
import { ProposeCorrection } from './corrections/propose-correction.js';
import { ReadTrialBalance, type TrialBalance } from './read-trial-balance.js';

const idParameter = z.uuid().toLowerCase();

/** For operators, signed in. */
@ApiTags('ledger')
@Controller('ledger')
@OperatorsOnly()
export class LedgerController {
  constructor(private readonly trialBalance: ReadTrialBalance, private readonly movements: ListMovements, private readonly propose: ProposeCorrection, private readonly decide: DecideCorrection) {}

  /** What all accounts of each purpose and currency come to. Reads every posting. */
  @Get('trial-balance')
  balance(): Promise<TrialBalance> {
    return this.trialBalance.execute();
  }

  /** Top-ups and payouts of everybody, the oldest first. */
  @Get('movements')
  queue(@Query({ schema: queueQuery }) query: QueueQuery): Promise<Page<MovementView>> {
    return this.movements.queue(query);
  }

  /** Proposes a transfer that corrects an earlier one; a second operator has to agree. */
  @Post('corrections')
  correct(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Body({ schema: correctionSchema }) proposed: NewCorrection): Promise<CorrectionView> {
    return this.propose.execute(caller.accountId, proposed, key);
  }

  /** The newest first. */
  @Get('corrections')
  corrections(@Query({ schema: correctionsQuery }) query: z.output<typeof correctionsQuery>): Promise<Page<CorrectionView>> {
    return this.decide.list(query);
  }

  /** Posts it. */
  @Post('corrections/:id/approval')
  @HttpCode(201)
  approve(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('id', { schema: idParameter }) id: string): Promise<CorrectionView> {
    return this.decide.approve(id, caller.accountId, key);
  }

  @Post('corrections/:id/rejection')
  @HttpCode(201)
  reject(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('id', { schema: idParameter }) id: string): Promise<CorrectionView> {
    return this.decide.reject(id, caller.accountId, key);
  }
}
