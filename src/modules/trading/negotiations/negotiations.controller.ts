import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Caller, IdempotencyKey, type Page, Scopes } from '../../../platform/http/index.js';
import { type AcceptanceView, AcceptOffer } from './accept-offer.js';
import { LeaveNegotiation } from './leave-negotiation.js';
import { MakeOffer } from './make-offer.js';
import { answerSchema, leavingSchema, messageSchema, type NegotiationsQuery, negotiationsQuery, type NewOffer, type OfferAnswer, offerSchema, type Opening, openingSchema, type ThreadQuery, threadQuery } from './negotiation-schema.js';
import type { NegotiationView, OfferView } from './negotiation-view.js';
import { OpenNegotiation } from './open-negotiation.js';
import { type NegotiationDetail, ReadNegotiation } from './read-negotiation.js';
import { type EntryView, ReadThread } from './read-thread.js';
import { SendMessage, type SentEntry } from './send-message.js';

@ApiTags('trading')
@Controller()
export class NegotiationsController {
  constructor(
    private readonly open: OpenNegotiation, private readonly makeOffer: MakeOffer, private readonly acceptOffer: AcceptOffer, private readonly leave: LeaveNegotiation, private readonly readNegotiation: ReadNegotiation,
    private readonly readThread: ReadThread, private readonly send: SendMessage,
  ) {}

  /** By a buyer: an offer for what is listed as negotiable, with the money held until it lapses or is answered. */
  @Post('listings/:number/negotiations')
  @Scopes('money:write')
  begin(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: openingSchema }) opening: Opening): Promise<NegotiationView> {
    return this.open.execute(number, caller.accountId, opening, key);
  }

  /** The caller's negotiations, the newest first. */
  @Get('negotiations')
  @Scopes('money:read')
  list(@Caller() caller: Caller, @Query({ schema: negotiationsQuery }) query: NegotiationsQuery): Promise<Page<NegotiationView>> {
    return this.readNegotiation.list(caller.accountId, query);
  }

  /** A negotiation, who would get what of the offer that stands, and what is in the way of a sale, for its two parties. */
  @Get('negotiations/:number')
  @Scopes('money:read')
  read(@Caller() caller: Caller, @Param('number') number: string): Promise<NegotiationDetail> {
    return this.readNegotiation.execute(number, caller.accountId);
  }

  /** Every offer that was made, the newest first. */
  @Get('negotiations/:number/offers')
  @Scopes('money:read')
  offers(@Caller() caller: Caller, @Param('number') number: string, @Query({ schema: threadQuery }) query: ThreadQuery): Promise<Page<OfferView>> {
    return this.readNegotiation.offers(number, caller.accountId, query);
  }

  /** A counter-offer, a better one, or a new one when none stands. It binds its maker until its expiry. */
  @Post('negotiations/:number/offers')
  @Scopes('money:write', 'rights:write')
  offer(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: offerSchema }) offer: NewOffer): Promise<NegotiationView> {
    return this.makeOffer.execute(number, caller.accountId, offer, key);
  }

  /** Accepts the other side's offer: it is sold at that price at once; or the negotiation ends as failed, and the money goes back. */
  @Post('negotiations/:number/acceptance')
  @HttpCode(200)
  @Scopes('money:write', 'rights:write')
  accept(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: answerSchema }) answer: OfferAnswer): Promise<AcceptanceView> {
    return this.acceptOffer.execute(number, caller.accountId, answer, key);
  }

  /** Says no to the other side's offer; either may make another. */
  @Post('negotiations/:number/rejection')
  @HttpCode(200)
  @Scopes('money:write')
  reject(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: answerSchema }) answer: OfferAnswer): Promise<NegotiationView> {
    return this.leave.reject(number, caller.accountId, answer, key);
  }

  /** Leaves the negotiation, which ends it. Whose own offer stands is bound by it. */
  @Post('negotiations/:number/withdrawal')
  @HttpCode(200)
  @Scopes('money:write')
  withdraw(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: leavingSchema }) { reason }: z.output<typeof leavingSchema>): Promise<NegotiationView> {
    return this.leave.withdraw(number, caller.accountId, reason ?? null, key);
  }

  /** Messages and documents, the newest first. */
  @Get('negotiations/:number/thread')
  @Scopes('money:read')
  thread(@Caller() caller: Caller, @Param('number') number: string, @Query({ schema: threadQuery }) query: ThreadQuery): Promise<Page<EntryView>> {
    return this.readThread.execute(number, caller.accountId, query);
  }

  @Post('negotiations/:number/messages')
  @Scopes('money:write')
  message(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: messageSchema }) { text }: z.output<typeof messageSchema>): Promise<SentEntry> {
    return this.send.execute(number, caller.accountId, text, key);
  }

  /** Sends a document: a PDF, a picture or plain text, at most 20 MiB, as part `file`. */
  @Post('negotiations/:number/documents')
  @Scopes('money:write')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } } })
  attach(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Req() request: FastifyRequest): Promise<SentEntry> {
    return this.send.document(request.raw, number, caller.accountId, key);
  }

  /** A document of the thread, for the two parties. */
  @Get('negotiations/:number/documents/:position')
  @Scopes('money:read')
  @ApiProduces('application/octet-stream')
  async document(@Caller() caller: Caller, @Param('number') number: string, @Param('position') position: string, @Res() reply: FastifyReply): Promise<void> {
    const { stream, byteLength, sha256, name } = await this.readThread.document(number, position, caller.accountId);
    // Never rendered: what the other side sent may be hostile.
    void reply
      .header('content-type', 'application/octet-stream')
      .header('content-length', byteLength)
      .header('content-disposition', `attachment; filename="document-${position}"; filename*=UTF-8''${encodeName(name)}`)
      .header('etag', `"${sha256}"`)
      .header('cache-control', 'private, no-store')
      .send(stream);
  }
}

/** An ext-value (RFC 8187, section 3.2.1), in which some that a URI may have are not allowed. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
