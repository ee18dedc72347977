import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PRESET_TEXTS, PRESETS, toOdrlProfile, TRAINING_MINING_FAMILIES, type TrainingMiningAssertion } from '../../../lib/licence-terms/index.js';
import { Caller, IdempotencyKey, Public, Scopes } from '../../../platform/http/index.js';
import { readerOf } from '../../works/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import type { GrantedLicence } from '../licences/compose-grant.js';
import { ExportOdrl } from './export-odrl.js';
import { FindTerms, toTermsView } from './find-terms.js';
import { agreementSchema, ImportOdrl } from './import-odrl.js';
import { JSON_LD, wantsJsonLd } from './json-ld.js';
import { type Offer, type OfferedAnswer, offerSchema, OfferTerms } from './offer-terms.js';
import { TakeTerms } from './take-terms.js';

const familyQuery = z.strictObject({ family: z.enum(TRAINING_MINING_FAMILIES).default('c2pa') });

@ApiTags('licence terms')
@Controller()
export class TermsController {
  constructor(private readonly offerTerms: OfferTerms, private readonly takeTerms: TakeTerms, private readonly findTerms: FindTerms, private readonly odrl: ExportOdrl, private readonly importOdrl: ImportOdrl) {}

  /** What a creator chooses from, in Chinese and English. */
  @Get('licence-presets')
  @Public()
  presets(): { items: Record<string, unknown>[] } {
    return { items: PRESETS.map((preset) => ({ preset, ...PRESET_TEXTS[preset] })) };
  }

  /** The ODRL profile that exported policies use. */
  @Get('odrl-profile')
  @Public()
  @ApiProduces(JSON_LD)
  profile(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.header('content-type', JSON_LD);
    return JSON.stringify(toOdrlProfile());
  }

  /** Offers to license a work, by a preset, by whole terms, or by an ODRL Offer. Open terms license anyone at once. */
  @Post('works/:number/licence-terms')
  @Scopes('rights:write')
  offer(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: offerSchema }) offer: Offer): Promise<OfferedAnswer> {
    return this.offerTerms.execute(number, caller.accountId, offer, key);
  }

  /** The offers and reservations of a work that stand. */
  @Get('works/:number/licence-terms')
  @Public()
  async list(@Caller() caller: Caller | null, @Param('number') number: string): Promise<{ items: Record<string, unknown>[] }> {
    const reader = readerOf(caller);
    return { items: (await this.findTerms.standing(number, reader)).terms.map((terms) => toTermsView(terms, reader)) };
  }

  /** Imports a licence that the caller grants: an ODRL 2.2 Agreement (JSON-LD) of this work, by the caller, `urn:uuid:` and the account's id, to another account or to anyone. */
  @Post('works/:number/licences/odrl')
  @Scopes('rights:write')
  importAgreement(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: agreementSchema }) agreement: Record<string, unknown>): Promise<GrantedLicence> {
    return this.importOdrl.execute(number, caller.accountId, agreement, key);
  }

  /** What a file of the work may say of training AI with it: a C2PA assertion, or its CAWG successor. */
  @Get('works/:number/training-mining')
  @Public()
  trainingMining(@Caller() caller: Caller | null, @Param('number') number: string, @Query({ schema: familyQuery }) { family }: z.output<typeof familyQuery>): Promise<TrainingMiningAssertion> {
    return this.odrl.trainingMining(number, readerOf(caller), family);
  }

  /** One offer; as an ODRL 2.2 Offer with `Accept: application/ld+json`. */
  @Get('licence-terms/:number')
  @Public()
  @ApiProduces('application/json', JSON_LD)
  async read(@Caller() caller: Caller | null, @Param('number') number: string, @Headers('accept') accept: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    reply.header('vary', 'accept');
    if (!wantsJsonLd(accept)) return toTermsView(await this.findTerms.execute(number, readerOf(caller)), readerOf(caller));
    reply.header('content-type', JSON_LD);
    return JSON.stringify(await this.odrl.terms(number, readerOf(caller)));
  }

  /** Takes up an offer without a price: the licence is granted and accepted at once. */
  @Post('licence-terms/:number/licences')
  @Scopes('rights:write')
  take(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string): Promise<GrantedLicence> {
    return this.takeTerms.execute(number, caller.accountId, key);
  }

  /** Withdraws an offer; licences that were granted by it stay. */
  @Post('licence-terms/:number/withdrawal')
  @Scopes('rights:write')
  withdraw(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string): Promise<AppendedAnswer> {
    return this.offerTerms.withdraw(number, caller.accountId, key);
  }
}
