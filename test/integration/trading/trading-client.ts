import { randomUUID } from 'node:crypto';
import { Client as PostgresClient } from 'pg';
import { parseWorkNumber } from '../../../src/lib/statement/index.js';
import type { Answer, Client } from '../../support/http-client.js';
import { Licensing, made, SCOPE } from '../licensing/licensing-client.js';

export { made, SCOPE };

const SERVICE = '00000000-0000-0000-0000-000000000000';
export const YUAN = 100n;

/** A service with a market, and what one does in it over HTTP. */
export class Market {
  private constructor(readonly rights: Licensing) {}

  static async start(options: Parameters<typeof Licensing.start>[0] = {}): Promise<Market> {
    return new Market(await Licensing.start(options));
  }

  stop(): Promise<void> {
    return this.rights.stop();
  }

  join(...names: string[]): Promise<Client[]> {
    return this.rights.join(...names);
  }

  /** As if the bank had it; how it gets there is another test. */
  async fund(who: Client, amountMinor: bigint, currency = 'CNY'): Promise<void> {
    await this.rights.query('SELECT post_transfers($1)', [JSON.stringify([{ id: randomUUID(), kind: 'top-up', subject: 'test', postings: [
      { owner: SERVICE, purpose: 'bank', currency, amount: (-amountMinor).toString() }, { owner: who.accountId, purpose: 'available', currency, amount: amountMinor.toString() },
    ] }])]);
  }

  /** What an account has available, and what is held of it. */
  async balance(who: Client, currency = 'CNY', purpose = 'available'): Promise<bigint> {
    const [row] = await this.rights.query<{ balance: string }>('SELECT balance_of(money_account_id) AS balance FROM money_account WHERE owner_id = $1 AND purpose = $2 AND currency = $3', [who.accountId, purpose, currency]);
    return BigInt(row?.balance ?? 0);
  }

  list(seller: Client, work: string, change: Record<string, unknown> = {}): Promise<Answer> {
    return seller.post(`/works/${work}/listings`, { kind: 'licence', scope: SCOPE, price: { amountMinor: '10000', currency: 'CNY' }, ...change });
  }

  async listed(seller: Client, work: string, change: Record<string, unknown> = {}): Promise<string> {
    return String(made(await this.list(seller, work, change))['number']);
  }

  buy(buyer: Client, listing: string, change: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return buyer.post('/orders', { listing, max: { amountMinor: '10000', currency: 'CNY' }, ...change }, headers);
  }

  /** The seller changes the price after the buyer has looked at the listing and before it is taken: both wait for its row, in this order. @returns what the buyer is answered. */
  async changedMeanwhile(seller: Client, listing: string, price: { amountMinor: string; currency: string }, buy: () => Promise<Answer>): Promise<Answer> {
    const locker = new PostgresClient({ connectionString: this.rights.service.database.adminUrl });
    await locker.connect();
    const waiting = async (count: number): Promise<void> => {
      for (const until = Date.now() + 20_000; (await this.rights.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length < count; await new Promise((done) => setTimeout(done, 10))) {
        if (Date.now() > until) throw new Error(`no ${count} wait`);
      }
    };
    try {
      await locker.query('BEGIN');
      await locker.query('SELECT 1 FROM listing WHERE listing_id = $1 FOR NO KEY UPDATE', [parseWorkNumber(listing, 'LS')?.id.toString()]);
      const changed = seller.patch(`/listings/${listing}`, { price });
      await waiting(1);
      const bought = buy();
      await waiting(2);
      await locker.query('COMMIT');
      made(await changed);
      return await bought;
    } finally {
      await locker.end();
    }
  }

  /** Nothing is out of balance: transfers, balances and holds, recomputed from postings and orders. */
  async audit(): Promise<void> {
    const wrong = await this.rights.query(`
      SELECT 'transfer' AS what, transfer_id::text AS id FROM posting GROUP BY transfer_id, currency HAVING sum(amount) <> 0
      UNION ALL SELECT 'balance', a.money_account_id::text FROM money_account a WHERE is_user(a.owner_id) AND balance_of(a.money_account_id) <> (SELECT coalesce(sum(p.amount), 0) FROM posting p WHERE p.money_account_id = a.money_account_id)
      UNION ALL SELECT 'escrow', o.order_id::text FROM trade_order o LEFT JOIN hold h USING (hold_id)
        WHERE o.method = 'balance' AND (o.state IN ('funded', 'disputed')) <> (coalesce(h.state, '') = 'pending') OR (o.state = 'settled' AND coalesce(h.state, 'posted') <> 'posted') OR (o.state = 'refunded' AND h.state <> 'voided')
      UNION ALL SELECT 'paid', o.order_id::text FROM trade_order o WHERE o.method = 'balance' AND o.state = 'settled' AND o.amount <> (SELECT sum((line->>'amountMinor')::numeric) FROM jsonb_array_elements(o.breakdown) AS line)
      UNION ALL SELECT 'rights', o.order_id::text FROM trade_order o JOIN listing l USING (listing_id) WHERE o.state = 'settled' AND l.kind <> 'assignment' AND NOT EXISTS (SELECT 1 FROM licence g WHERE g.licence_id = o.licence_id AND g.licensee_id = o.buyer_id AND g.accepted_at IS NOT NULL)`);
    if (wrong.length > 0) throw new Error(`out of balance: ${JSON.stringify(wrong.slice(0, 5))}`);
  }
}

export const outcomeOf = ({ status, body }: Answer): string => (status < 300 ? String(body['state'] ?? status) : `${status} ${String(body['code'])}`);
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[outcomeOf(answer)] = (counts[outcomeOf(answer)] ?? 0) + 1;
  return counts;
}
