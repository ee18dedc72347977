import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Coalescer } from '../../platform/coalesce/index.js';
import { queryPrepared } from '../../platform/database/index.js';

/** As many accounts are remembered; none is deleted, and none changes its name. */
const MOST_KNOWN = 100_000;
const MOST_AT_ONCE = 64;
/** Each looked up by key: as JSON the planner guesses the same of any number, and keeps one plan. */
const NAMES = `
  SELECT a.account_id AS id, a.display_name AS name
    FROM jsonb_array_elements_text($1::jsonb) AS q(id) CROSS JOIN LATERAL (SELECT * FROM account a WHERE a.account_id = q.id::uuid OFFSET 0) a`;

/** For other modules: which accounts there are, and what they call themselves. */
@Injectable()
export class FindAccounts {
  private readonly known = new Map<string, string>();
  /** Those that are asked for together are found together. */
  private readonly coalescer = new Coalescer<string, string | null>((ids) => this.find(ids), { maxItems: MOST_AT_ONCE, maxBatches: 4, isItemFault: () => false });

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** The display names of those that exist. */
  async names(accountIds: readonly string[]): Promise<Map<string, string>> {
    const unique = [...new Set(accountIds)];
    const names = await Promise.all(unique.map((id) => this.known.get(id) ?? this.coalescer.submit(id)));
    return new Map(unique.flatMap((id, i) => (typeof names[i] === 'string' ? [[id, names[i]]] : [])));
  }

  /** Those of the ids that no account has. */
  async missing(accountIds: readonly string[]): Promise<string[]> {
    const names = await this.names(accountIds);
    return accountIds.filter((id) => !names.has(id));
  }

  /** What everyone may know of who deals in public: what they call themselves, and since when they are here. Null: no such account. */
  async profile(accountId: string): Promise<{ readonly name: string; readonly since: Date } | null> {
    const [row] = await this.dataSource.query<{ name: string; since: Date }[]>('SELECT display_name AS name, created_at AS since FROM account WHERE account_id = $1', [accountId]);
    return row ?? null;
  }

  private async find(ids: readonly string[]): Promise<(string | null)[]> {
    const found = new Map((await queryPrepared<{ id: string; name: string }>(this.dataSource, 'account-names', NAMES, [JSON.stringify([...new Set(ids)])])).map(({ id, name }) => [id, name]));
    if (this.known.size + found.size > MOST_KNOWN) this.known.clear();
    for (const [id, name] of found) this.known.set(id, name);
    return ids.map((id) => found.get(id) ?? null);
  }
}
