import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Tx } from '../../../platform/database/index.js';
import { faultPoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, runIdempotently } from '../../../platform/http/index.js';
import { sendNotices } from '../../notices/index.js';
import { assertAnswerable, assertOpen, FindNegotiation } from './find-negotiation.js';
import { endNegotiation, endOffer } from './move-negotiation.js';
import { type Negotiation, otherParty, sideOf } from './negotiation.js';
import type { OfferAnswer } from './negotiation-schema.js';
import { type NegotiationView, toNegotiationView } from './negotiation-view.js';
import { offerBinding } from './negotiations.errors.js';

/** Saying no: to one offer, after which another may be made, or to the whole negotiation. The money of what stood goes back. */
@Injectable()
export class LeaveNegotiation {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly find: FindNegotiation) {}

  /** To the other side's standing offer. @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`, `TRADING.NEGOTIATION_ENDED`, `TRADING.OFFER_NOT_STANDING`, `TRADING.OWN_OFFER`. */
  reject(typed: string, accountId: string, { offer: place }: OfferAnswer, idempotencyKey: string | null): Promise<NegotiationView> {
    return this.once('reject-offer', typed, accountId, { offer: place }, idempotencyKey, async (tx, negotiation) => {
      const offer = assertAnswerable(negotiation, accountId, place);
      await sendNotices(tx, [{ accountId: otherParty(negotiation, accountId), kind: 'offer-rejected', subject: negotiation.number }]);
      await endOffer(tx, negotiation, offer, 'rejected');
    });
  }

  /** By whoever is not bound by an offer of their own. @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`, `TRADING.NEGOTIATION_ENDED`, `TRADING.OFFER_BINDING`. */
  withdraw(typed: string, accountId: string, reason: string | null, idempotencyKey: string | null): Promise<NegotiationView> {
    return this.once('leave-negotiation', typed, accountId, { reason }, idempotencyKey, async (tx, negotiation) => {
      const { standing } = negotiation;
      if (standing?.state === 'standing' && standing.by === sideOf(negotiation, accountId)) throw offerBinding(standing.expiresAt);
      await sendNotices(tx, [{ accountId: otherParty(negotiation, accountId), kind: 'negotiation-ended', subject: negotiation.number }]);
      await endNegotiation(tx, negotiation, 'withdrawn', { reason, standing: 'rejected' });
    });
  }

  private async once(act: string, typed: string, accountId: string, payload: unknown, key: string | null, perform: (tx: Tx, negotiation: Negotiation) => Promise<void>): Promise<NegotiationView> {
    const found = await this.find.execute(typed, accountId);
    const payloadHash = computePayloadHash({ act, subject: found.number, payload });
    const { body } = await runIdempotently(this.dataSource, { accountId, key, payloadHash }, async (tx) => {
      const negotiation = await this.find.lock(tx, found);
      assertOpen(negotiation);
      await perform(tx, negotiation);
      return { status: 200, body: toNegotiationView((await this.find.byId(tx, found.negotiationId)) as Negotiation, accountId) };
    });
    faultPoint('negotiation.answer');
    return body;
  }
}
