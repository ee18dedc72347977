import type { TitleFacts } from '../../lib/rights/index.js';
import type { DepositBody } from '../../lib/statement/index.js';

type Facts = Pick<DepositBody, 'category' | 'ownership' | 'rights'> & { readonly creation?: unknown; readonly publication?: unknown };

/** What of a deposit's body decides its first title. Creation and publication are in every deposit: where one is not, it was sealed and cannot be opened any more. */
export function toTitleFacts(body: Facts): TitleFacts {
  const creation = body.creation as { completedOn?: string } | undefined;
  const publication = body.publication as { firstPublishedOn?: string } | undefined;
  return {
    category: body.category, ownership: body.ownership, rights: body.rights,
    completedOn: creation?.completedOn ?? null, firstPublishedOn: publication === undefined ? 'unknown' : (publication.firstPublishedOn ?? null),
  };
}
