import type { Answer, Client } from '../../support/http-client.js';
import { Market, made } from './trading-client.js';

export const WEEK_MS = 7 * 24 * 3_600_000;

/** A market in which prices are negotiated, over HTTP. */
export class Bazaar {
  private constructor(readonly market: Market) {}

  static async start(): Promise<Bazaar> {
    return new Bazaar(await Market.start());
  }

  async stop(): Promise<void> {
    await this.market?.stop();
  }

  /** A negotiable listing at 100 yuan. @returns its number. */
  listed(seller: Client, work: string, change: Record<string, unknown> = {}): Promise<string> {
    return this.market.listed(seller, work, { pricing: 'negotiable', ...change });
  }

  open(buyer: Client, listing: string, amount: number, change: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return buyer.post(`/listings/${listing}/negotiations`, { offer: yuan(amount), expiresAt: inMs(WEEK_MS), ...change }, headers);
  }

  async opened(buyer: Client, listing: string, amount: number, change: Record<string, unknown> = {}): Promise<string> {
    return String(made(await this.open(buyer, listing, amount, change))['number']);
  }

  offer(who: Client, number: string, amount: number, change: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return who.post(`/negotiations/${number}/offers`, { offer: yuan(amount), expiresAt: inMs(WEEK_MS), ...change }, headers);
  }

  accept(who: Client, number: string, offer: number, headers: Record<string, string> = {}): Promise<Answer> {
    return who.post(`/negotiations/${number}/acceptance`, { offer }, headers);
  }

  reject(who: Client, number: string, offer: number): Promise<Answer> {
    return who.post(`/negotiations/${number}/rejection`, { offer });
  }

  leave(who: Client, number: string): Promise<Answer> {
    return who.post(`/negotiations/${number}/withdrawal`, {});
  }

  async read(who: Client, number: string): Promise<Record<string, unknown>> {
    return made(await who.get(`/negotiations/${number}`));
  }

  async offers(who: Client, number: string): Promise<{ id: number; state: string; by: string }[]> {
    return made(await who.get(`/negotiations/${number}/offers?limit=100`))['items'] as { id: number; state: string; by: string }[];
  }

  /** What the buyer has available and held. */
  async purse(who: Client): Promise<[bigint, bigint]> {
    return [await this.market.balance(who), await this.market.balance(who, 'CNY', 'held')];
  }

  /** As if so long had passed since the offers of a negotiation were made. */
  async age(number: string, ms: number): Promise<void> {
    const by = `interval '${ms} milliseconds'`;
    const id = await this.idOf(number);
    await this.market.rights.pretend(`UPDATE negotiation SET opened_at = opened_at - ${by}, lapses_at = lapses_at - ${by} WHERE negotiation_id = ${id};
      UPDATE negotiation_offer SET made_at = made_at - ${by}, expires_at = expires_at - ${by} WHERE negotiation_id = ${id}`);
  }

  async idOf(number: string): Promise<bigint> {
    const { parseWorkNumber } = await import('../../../src/lib/statement/index.js');
    return (parseWorkNumber(number, 'NG') as { id: bigint }).id;
  }

  /** What the market's own audit asks, and that all money that offers had held is where it belongs. */
  async audit(): Promise<void> {
    await this.market.audit();
    const wrong = await this.market.rights.query(`
      SELECT 'hold' AS what, h.subject AS id FROM hold h WHERE h.state = 'pending' AND h.subject LIKE 'NG-%'
        AND NOT EXISTS (SELECT 1 FROM negotiation_offer o JOIN negotiation n USING (negotiation_id) WHERE o.hold_id = h.hold_id AND o.state = 'standing' AND n.state = 'open')
        AND NOT EXISTS (SELECT 1 FROM trade_order r WHERE r.hold_id = h.hold_id AND r.state IN ('funded', 'disputed'))
      UNION ALL SELECT 'standing', n.negotiation_id::text FROM negotiation n JOIN negotiation_offer o USING (negotiation_id) WHERE n.state <> 'open' AND o.state = 'standing'
      UNION ALL SELECT 'order', n.negotiation_id::text FROM negotiation n JOIN negotiation_offer o USING (negotiation_id) JOIN trade_order r USING (order_id) WHERE o.state = 'accepted' AND (r.amount <> o.amount OR r.hold_id IS DISTINCT FROM o.hold_id AND o.hold_id IS NOT NULL)`);
    if (wrong.length > 0) throw new Error(`out of balance: ${JSON.stringify(wrong.slice(0, 5))}`);
  }
}

export const yuan = (amount: number): { amountMinor: string; currency: string } => ({ amountMinor: String(Math.round(amount * 100)), currency: 'CNY' });
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
