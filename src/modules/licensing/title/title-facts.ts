import type { TitleFacts } from '../../../lib/rights/index.js';
import type { DepositBody } from '../../../lib/statement/index.js';
import type { Holder } from './insert-holding.js';

type Facts = Pick<DepositBody, 'category' | 'ownership' | 'rights'> & { readonly creation?: unknown; readonly publication?: unknown };

/** What of a deposit's body decides its first title. Where a confidential deposit's facts are sealed and gone, protection counts from 1970. */
export function toTitleFacts(body: Facts): TitleFacts {
  const creation = body.creation as { completedOn?: string } | undefined;
  const publication = body.publication as { firstPublishedOn?: string } | undefined;
  return { category: body.category, ownership: body.ownership, rights: body.rights, completedOn: creation?.completedOn ?? '1970-01-01', firstPublishedOn: publication?.firstPublishedOn ?? null };
}

/** Who holds at first: the owners' accounts by their shares; for an owner without one, the account that deposited the work. */
export function toFirstHolders(owners: DepositBody['owners'], depositor: string): Holder[] {
  const shares = new Map<string, number>();
  for (const { account, shareBps } of owners ?? [{ shareBps: 10_000 }]) {
    const accountId = account?.slice('acct:'.length) ?? depositor;
    shares.set(accountId, (shares.get(accountId) ?? 0) + shareBps);
  }
  return [...shares].map(([accountId, shareBps]) => ({ accountId, shareBps })).toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
}
