import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { DomainError } from '../../../lib/errors/index.js';
import { Caller, Public, Scopes } from '../../../platform/http/index.js';
import { readerOf } from '../../works/index.js';
import { CheckRights } from './check-rights.js';
import { type Question, questionSchema, questionsSchema } from './question.js';
import { type AvailabilityView, ReadAvailability } from './read-availability.js';

const JSON_TYPE = 'application/json; charset=utf-8';

@ApiTags('rights')
@Controller()
export class CheckController {
  constructor(private readonly availability: ReadAvailability, private readonly checkRights: CheckRights) {}

  /** What of the work's rights is still free, for an exclusive grant and for a non-exclusive one, and what takes the rest until when. */
  @Get('works/:number/availability')
  @Public()
  available(@Caller() caller: Caller | null, @Param('number') number: string): Promise<AvailabilityView> {
    return this.availability.execute(number, readerOf(caller));
  }

  /** May somebody do this with a work, there and then, as far as is recorded here, and why? A signed verdict, to be kept: it verifies offline. */
  @Get('rights/check')
  @Public()
  async check(@Caller() caller: Caller | null, @Query({ schema: questionSchema }) question: Question, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const verdict = await this.checkRights.execute(question, readerOf(caller));
    reply.header('content-type', JSON_TYPE);
    return verdict;
  }

  /** The same for up to 1,000 questions, answered in their order; each verdict is signed by itself. Items are `{"verdict": …}` or `{"error": …}`. */
  @Post('rights/checks')
  @Scopes('works:read')
  @HttpCode(200)
  async checkMany(@Caller() caller: Caller, @Body({ schema: questionsSchema }) { questions }: z.output<typeof questionsSchema>, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const answers = await this.checkRights.many(questions, readerOf(caller));
    const items = answers.map((answer) => (answer instanceof Error ? JSON.stringify({ error: toFault(answer) }) : `{"verdict":${answer}}`));
    reply.header('content-type', JSON_TYPE);
    return `{"items":[${items.join()}]}`;
  }
}

function toFault(error: Error): { code: string; detail: string } {
  if (error instanceof DomainError) return { code: error.code, detail: error.detail };
  throw error;
}
