import type { MarketModel } from './market-model.js';
import type { Market } from './trading-client.js';

/** Holds what some accounts have against a model of their market, again and again. */
export class CompareBalances {
  private lastPosting = '0';

  constructor(private readonly market: Market, private readonly owners: readonly string[]) {}

  /** All that everybody has is as the model has it, and every transfer that touched them since the last time sums to zero. @throws Error that begins with `when`. */
  async execute(model: MarketModel, when: string): Promise<void> {
    const rows = await this.market.rights.query<{ account: string; balance: string }>(
      `SELECT owner_id || '/' || purpose || '/' || currency AS account, balance_of(money_account_id)::text AS balance FROM money_account WHERE owner_id = ANY ($1)`, [this.owners]);
    const stored = new Map(rows.map(({ account, balance }) => [account, BigInt(balance)]));
    for (const account of new Set([...stored.keys(), ...model.balances.keys()])) {
      const [has, is] = [stored.get(account) ?? 0n, model.balances.get(account) ?? 0n];
      if (has !== is) throw new Error(`${when}: ${account} has ${has}, and not ${is}`);
    }
    const [fresh] = await this.market.rights.query<{ last: string | null; odd: string[] | null }>(
      `WITH fresh AS (SELECT p.transfer_id, p.ordinal FROM money_account a CROSS JOIN LATERAL (SELECT * FROM posting p WHERE p.money_account_id = a.money_account_id AND p.ordinal > $2) p WHERE a.owner_id = ANY ($1))
       SELECT max(ordinal)::text AS last, (SELECT array_agg(o.transfer_id) FROM (SELECT transfer_id FROM posting WHERE transfer_id IN (SELECT transfer_id FROM fresh) GROUP BY transfer_id, currency HAVING sum(amount) <> 0) o) AS odd FROM fresh`,
      [this.owners, this.lastPosting]);
    if (fresh?.odd) throw new Error(`${when}: ${String(fresh.odd)} does not sum to zero`);
    this.lastPosting = fresh?.last ?? this.lastPosting;
  }
}
