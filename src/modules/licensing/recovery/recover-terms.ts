import type { LicenceTerms } from '../../../lib/licence-terms/index.js';
import { parseWorkNumber, type Statement } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { insertTerms, withdrawTerms } from '../terms/offer-terms.js';
import { accountOf } from './open-title.js';

/** Offers to license. A price was sealed and is gone: terms that had one come back expired, or they would be free. */
export async function recoverTerms(tx: Tx, { subject, type, actor, about, body, sealed, issuedAt }: Statement): Promise<void> {
  const termsId = parseWorkNumber(subject, 'LT')?.id;
  const work = parseWorkNumber(about?.[0] ?? '');
  if (termsId === undefined || work === null) return;
  if (type === 'terms.withdrawn') {
    await withdrawTerms(tx, termsId, new Date(issuedAt));
    return;
  }
  const { preset, expiresAt, ...open } = body;
  const terms = { ...open, ...('reserved' in open ? {} : { price: null }) } as unknown as LicenceTerms;
  await insertTerms(tx, {
    termsId, workId: work.id.toString(), accountId: accountOf(actor), preset: typeof preset === 'string' ? preset : null, terms, licenceId: null, offeredAt: new Date(issuedAt),
    expiresAt: sealed.length > 0 ? issuedAt : typeof expiresAt === 'string' ? expiresAt : null,
  });
}
