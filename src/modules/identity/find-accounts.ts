import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { AccountEntity } from './account.entity.js';

/** As many accounts are remembered; none is deleted, and none changes its name. */
const MOST_KNOWN = 100_000;

/** For other modules: which accounts there are, and what they call themselves. */
@Injectable()
export class FindAccounts {
  private readonly known = new Map<string, string>();

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** The display names of those that exist. */
  async names(accountIds: readonly string[]): Promise<Map<string, string>> {
    const unknown = [...new Set(accountIds)].filter((id) => !this.known.has(id));
    if (unknown.length > 0) {
      const found = await this.dataSource.getRepository(AccountEntity).find({ select: { accountId: true, displayName: true }, where: { accountId: In(unknown) } });
      if (this.known.size + found.length > MOST_KNOWN) this.known.clear();
      for (const { accountId, displayName } of found) this.known.set(accountId, displayName);
    }
    return new Map(accountIds.flatMap((id) => (this.known.has(id) ? [[id, this.known.get(id) as string]] : [])));
  }

  /** Those of the ids that no account has. */
  async missing(accountIds: readonly string[]): Promise<string[]> {
    const names = await this.names(accountIds);
    return accountIds.filter((id) => !names.has(id));
  }
}
