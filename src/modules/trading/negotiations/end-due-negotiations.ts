import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { transact, type Tx } from '../../../platform/database/index.js';
import { sendNotices } from '../../notices/index.js';
import { FindNegotiation } from './find-negotiation.js';
import { endNegotiation, endOffer } from './move-negotiation.js';
import type { Negotiation } from './negotiation.js';

/** So many are ended at a time. */
const MOST_AT_ONCE = 50;

/** Records what the clock and the listing have ended already for everybody who looks, and gives the money back. */
@Injectable()
export class EndDueNegotiations {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly find: FindNegotiation) {}

  /** Of offers that lapsed, negotiations that did, and listings that were closed. */
  async execute(): Promise<void> {
    await this.all(`
      SELECT n.negotiation_id AS id FROM negotiation n JOIN listing l USING (listing_id) LEFT JOIN negotiation_offer o ON o.negotiation_id = n.negotiation_id AND o.state = 'standing'
       WHERE n.state = 'open' AND n.negotiation_id > $1 AND (n.lapses_at <= now() OR o.expires_at <= now() OR l.closed_at IS NOT NULL OR l.closes_at <= now()) ORDER BY 1 LIMIT ${MOST_AT_ONCE}`, null);
  }

  /** Of listings that cannot be sold as things stand; each listing is looked at once, which is dear. */
  async endStale(): Promise<void> {
    await this.all(`
      WITH open AS MATERIALIZED (SELECT negotiation_id, listing_id FROM negotiation WHERE state = 'open' AND negotiation_id > $1),
           stale AS MATERIALIZED (SELECT l.listing_id FROM (SELECT DISTINCT listing_id FROM open) o JOIN listing l USING (listing_id) WHERE cardinality(listing_faults(l)) > 0)
      SELECT negotiation_id AS id FROM open JOIN stale USING (listing_id) ORDER BY 1 LIMIT ${MOST_AT_ONCE}`, 'stale');
  }

  private async all(due: string, closing: string | null): Promise<void> {
    const failures: unknown[] = [];
    for (let [last, rows] = ['-1', [] as { id: string }[]]; ; last = rows.at(-1)?.id ?? last) {
      rows = await this.dataSource.query<{ id: string }[]>(due, [last]);
      // One that cannot be ended holds up no other.
      for (const { id } of rows) await transact(this.dataSource, async (tx) => this.end(tx, await this.find.lock(tx, { negotiationId: BigInt(id) }), closing)).catch((error: unknown) => failures.push(error));
      if (rows.length < MOST_AT_ONCE) break;
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some negotiations could not be ended');
  }

  /** Another process, or a party, may have been quicker. */
  private async end(tx: Tx, negotiation: Negotiation, closing: string | null): Promise<void> {
    const { recorded, state, standing, number, buyerId, sellerId } = negotiation;
    if (recorded !== 'open') return;
    const tell = (kind: 'negotiation-ended' | 'offer-lapsed') => sendNotices(tx, [buyerId, sellerId].map((accountId) => ({ accountId, kind, subject: number })));
    if (state !== 'open' || closing !== null) {
      await tell('negotiation-ended');
      await endNegotiation(tx, negotiation, state === 'open' ? 'closed' : state, { reason: state === 'lapsed' ? null : (closing ?? 'listing-closed') });
    } else if (standing?.state === 'lapsed') {
      await tell('offer-lapsed');
      await endOffer(tx, negotiation, standing, 'lapsed');
    }
  }
}
