import type { TitleFacts } from '../../lib/rights/index.js';
import type { DepositBody } from '../../lib/statement/index.js';

/** What of a deposit's body decides its first title. Where a confidential deposit's facts are sealed and gone, protection counts from 1970. */
export function toTitleFacts(body: Pick<DepositBody, 'category' | 'ownership' | 'rights'> & { readonly creation?: unknown; readonly publication?: unknown }): TitleFacts {
  const creation = body.creation as { completedOn?: string } | undefined;
  const publication = body.publication as { firstPublishedOn?: string } | undefined;
  return { category: body.category, ownership: body.ownership, rights: body.rights, completedOn: creation?.completedOn ?? '1970-01-01', firstPublishedOn: publication?.firstPublishedOn ?? null };
}
