import { type Box, computeTitle } from '../../../lib/rights/index.js';
import type { DepositBody } from '../../../lib/statement/index.js';
import type { ChainEntry } from '../../log/index.js';
import { projectWork, toTitleFacts } from '../../works/index.js';
import type { Holder } from './insert-holding.js';

export { toTitleFacts };

/** A statement of a work's chain with what still opens it. */
export type TitleEntry = Pick<ChainEntry, 'type' | 'bytes' | 'disclosures'>;

export interface FirstTitle {
  readonly box: Box;
  readonly holders: Holder[];
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

/**
 * The first holding, as the deposit and the amendments after it say; null when no economic right was deposited. Of a confidential work the facts are sealed:
 * where nothing opens them any more the title is open, never a date computed from nothing.
 * @param entries of the work's chain, in order; others than deposit and amendments do not matter.
 */
export function readFirstTitle(entries: readonly TitleEntry[], depositor: string): FirstTitle | null {
  const body = projectWork(entries as readonly ChainEntry[], true) as unknown as DepositBody;
  const title = computeTitle(toTitleFacts(body));
  return title === null ? null : { box: title.box, holders: toFirstHolders(body.owners, depositor) };
}
