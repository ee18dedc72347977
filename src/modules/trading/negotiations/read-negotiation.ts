import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { rowNumber, rowTime } from '../../../lib/api-schema/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { toRowTime } from '../../../platform/database/index.js';
import { decodeCursor, type Page, toPage } from '../../../platform/http/index.js';
import { FindListing } from '../listings/find-listing.js';
import { ReadListing } from '../listings/read-listing.js';
import { isUnheld, QuoteListing, toLineView } from '../orders/quote-listing.js';
import { FindNegotiation } from './find-negotiation.js';
import { fromNegotiationRow, fromOfferRow, IN_STATE, type NegotiationRow, NEGOTIATIONS, OFFER_COLUMNS, type OfferRow } from './negotiation.js';
import type { NegotiationsQuery, ThreadQuery } from './negotiation-schema.js';
import { type NegotiationView, type OfferView, toNegotiationView, toOfferView } from './negotiation-view.js';

const position = z.tuple([rowTime, rowNumber]);
const place = z.int().min(1);

/** Who gets what of the standing offer's price, and what is in the way of a sale at the moment: consents that are missing, rights that are taken. */
export interface NegotiationDetail extends NegotiationView {
  readonly lines: readonly ReturnType<typeof toLineView>[];
  readonly faults: readonly string[];
}

/** Negotiations as their two parties see them. */
@Injectable()
export class ReadNegotiation {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly find: FindNegotiation, private readonly findListing: FindListing, private readonly readListing: ReadListing, private readonly quote: QuoteListing) {}

  /** @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`. */
  async execute(typed: string, accountId: string): Promise<NegotiationDetail> {
    const negotiation = await this.find.execute(typed, accountId);
    const view = toNegotiationView(negotiation, accountId);
    if (negotiation.state !== 'open') return { ...view, lines: [], faults: [] };
    const listing = await this.findListing.byId(negotiation.listingId);
    const [faults, quote] = await Promise.all([this.readListing.faultsOf(listing), view.standing === null ? null : this.quote.of(listing, BigInt(view.standing.amountMinor)).catch(noLines)]);
    return { ...view, lines: quote?.lines.map(toLineView) ?? [], faults };
  }

  /** The caller's, the newest first. */
  async list(accountId: string, { cursor, limit, role, state, listing }: NegotiationsQuery): Promise<Page<NegotiationView>> {
    const [at, id] = cursor === undefined ? [null, null] : decodeCursor(position, cursor);
    const listingId = listing === undefined ? null : (parseWorkNumber(listing, 'LS')?.id ?? -1n);
    const rows = await this.dataSource.query<(NegotiationRow & { opened: string })[]>(
      `SELECT n.*, ${toRowTime('n.opened_at')} AS opened FROM (${NEGOTIATIONS} WHERE ${role === 'buyer' ? 'n.buyer_id' : 'n.seller_id'} = $1 AND ($2::text IS NULL OR ${IN_STATE}$2) AND ($3::bigint IS NULL OR n.listing_id = $3) AND ($4::timestamptz IS NULL OR (n.opened_at, n.negotiation_id) < ($4, $5::bigint))
        ORDER BY n.opened_at DESC, n.negotiation_id DESC LIMIT $6) n ORDER BY n.opened_at DESC, n.negotiation_id DESC`, [accountId, state ?? null, listingId?.toString() ?? null, at, id, limit + 1]);
    return toPage(rows, limit, (row) => toNegotiationView(fromNegotiationRow(row), accountId), (row) => [row.opened, row.negotiation_id]);
  }

  /** All that were made in it, the newest first. @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`. */
  async offers(typed: string, accountId: string, { cursor, limit }: ThreadQuery): Promise<Page<OfferView>> {
    const negotiation = await this.find.execute(typed, accountId);
    const rows = await this.dataSource.query<OfferRow[]>(
      `SELECT ${OFFER_COLUMNS} FROM negotiation_offer o WHERE o.negotiation_id = $1 AND ($2::integer IS NULL OR o.place < $2) ORDER BY o.place DESC LIMIT $3`, [negotiation.negotiationId.toString(), cursor === undefined ? null : decodeCursor(place, cursor), limit + 1]);
    return toPage(rows, limit, (row) => toOfferView(fromOfferRow(row), negotiation), (row) => row.place);
  }
}

/** Of what nobody holds any more; `faults` says so. */
function noLines(error: unknown): null {
  if (isUnheld(error)) return null;
  throw error;
}
