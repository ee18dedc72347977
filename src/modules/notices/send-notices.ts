import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';

/** What a notice can be about; closed, since clients word it. */
export const NOTICE_KINDS = [
  'licence-offered', 'licence-accepted', 'licence-signed', 'licence-by-co-owner', 'licence-objected', 'licence-objection-withdrawn', 'licence-termination-proposed', 'licence-terminated',
  'licence-breach-notified', 'licence-breach-cured', 'licence-breach-disputed', 'licence-breach-dispute-withdrawn', 'licence-parent-ended', 'consent-wanted', 'consent-given', 'consent-withdrawn', 'work-assigned', 'work-term-fixed',
  'order-settled', 'order-share-paid', 'order-funded', 'order-unfunded', 'order-disputed', 'order-refunded', 'order-expired',
  'offer-made', 'offer-rejected', 'offer-lapsed', 'negotiation-message', 'negotiation-agreed', 'negotiation-ended',
  'top-up-confirmed', 'top-up-rejected', 'payout-taken-up', 'payout-confirmed', 'payout-rejected', 'money-corrected',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface Notice {
  readonly accountId: string;
  readonly kind: NoticeKind;
  /** The work or licence number whose chain says more; of money, the id of what was requested or corrected. */
  readonly subject: string;
}

/** Tells accounts of an act, in its own transaction. */
export async function sendNotices(tx: Tx, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await writePoint('notice.insert', () =>
    tx.query('INSERT INTO notice (account_id, kind, subject) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])',
      [notices.map(({ accountId }) => accountId), notices.map(({ kind }) => kind), notices.map(({ subject }) => subject)]));
}
