import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { seqParameter } from '../../../lib/api-schema/index.js';
import { Caller, IdempotencyKey, Public, Scopes } from '../../../platform/http/index.js';
import { readerOf } from '../../works/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { type Assignment, assignmentSchema, AssignTitle } from './assign-title.js';
import { type FixedTerm, FixTerm, termSchema } from './fix-term.js';
import { type Consent, consentSchema, GiveConsent } from './give-consent.js';
import { ReadHoldings } from './read-holdings.js';

@ApiTags('title')
@Controller('works/:number')
export class TitleController {
  constructor(private readonly holdings: ReadHoldings, private readonly assign: AssignTitle, private readonly consent: GiveConsent, private readonly fixTerm: FixTerm) {}

  /** Who holds which slice of the work's rights, and by which statements. */
  @Get('holdings')
  @Public()
  read(@Caller() caller: Caller | null, @Param('number') number: string): ReturnType<ReadHoldings['execute']> {
    return this.holdings.execute(number, readerOf(caller));
  }

  /** Assigns a slice of the work, or all of it (Copyright Law Art. 27). */
  @Post('assignments')
  @Scopes('rights:write')
  assignSlice(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: assignmentSchema }) assignment: Assignment): Promise<AppendedAnswer> {
    return this.assign.execute(number, caller.accountId, assignment, key);
  }

  /** The consents that co-owners gave, for who holds or held of the work. */
  @Get('consents')
  @Scopes('works:read')
  consents(@Caller() caller: Caller, @Param('number') number: string): ReturnType<ReadHoldings['consents']> {
    return this.holdings.consents(number, caller.accountId);
  }

  /** Agrees beforehand to what a co-owner does (Copyright Law Art. 14). */
  @Post('consents')
  @Scopes('rights:write')
  giveConsent(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: consentSchema }) consent: Consent): Promise<AppendedAnswer> {
    return this.consent.execute(number, caller.accountId, consent, key);
  }

  /** Withdraws a consent; what was done by it stays done. */
  @Post('consents/:seq/withdrawal')
  @Scopes('rights:write')
  withdrawConsent(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Param('seq', { schema: seqParameter }) seq: number): Promise<AppendedAnswer> {
    return this.consent.withdraw(number, caller.accountId, seq, key);
  }

  /** Fills in the end of protection, once the last author has died (Copyright Law Art. 23). */
  @Post('term')
  @Scopes('rights:write')
  fix(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: termSchema }) fixed: FixedTerm): Promise<AppendedAnswer> {
    return this.fixTerm.execute(number, caller.accountId, fixed, key);
  }
}
