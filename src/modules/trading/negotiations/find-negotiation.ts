import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { negotiationEnded, negotiationNotFound, offerNotStanding, ownOffer } from './negotiations.errors.js';
import { fromNegotiationRow, type Negotiation, type NegotiationRow, NEGOTIATIONS, type Offer, sideOf } from './negotiation.js';

/** Finds a negotiation for one of its two parties; nobody else learns that there is one. */
@Injectable()
export class FindNegotiation {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`, also for anybody else's. */
  async execute(typed: string, accountId: string): Promise<Negotiation> {
    const id = parseWorkNumber(typed, 'NG')?.id;
    const negotiation = id === undefined ? null : await this.byId(this.dataSource, id);
    if (negotiation === null || (accountId !== negotiation.buyerId && accountId !== negotiation.sellerId)) throw negotiationNotFound();
    return negotiation;
  }

  async byId(db: Pick<DataSource, 'query'>, negotiationId: bigint): Promise<Negotiation | null> {
    const [row] = await db.query<NegotiationRow[]>(`${NEGOTIATIONS} WHERE n.negotiation_id = $1`, [negotiationId.toString()]);
    return row === undefined ? null : fromNegotiationRow(row);
  }

  /** Locked until the transaction ends, before anything else that it locks; read, and held against the clock, when the lock is had. */
  async lock(tx: Tx, { negotiationId }: Pick<Negotiation, 'negotiationId'>): Promise<Negotiation> {
    await tx.query('SELECT 1 FROM negotiation WHERE negotiation_id = $1 FOR NO KEY UPDATE', [negotiationId.toString()]);
    const negotiation = await this.byId(tx, negotiationId);
    if (negotiation === null) throw negotiationNotFound();
    return negotiation;
  }
}

/** @throws DomainError `TRADING.NEGOTIATION_ENDED`. */
export function assertOpen({ state }: Negotiation): void {
  if (state !== 'open') throw negotiationEnded(state);
}

/** The offer that the caller answers: it stands, and it is the other side's. @throws DomainError `TRADING.OFFER_NOT_STANDING`, `TRADING.OWN_OFFER`. */
export function assertAnswerable(negotiation: Negotiation, accountId: string, place: number): Offer {
  const { standing } = negotiation;
  if (standing === null || standing.place !== place || standing.state !== 'standing') throw offerNotStanding(standing?.state === 'standing' ? standing.place : null);
  if (standing.by === sideOf(negotiation, accountId)) throw ownOffer();
  return standing;
}
