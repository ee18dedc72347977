import { z } from 'zod';
import { accountId, line } from '../../../lib/api-schema/index.js';
import { parseAmountMinor } from '../../../lib/money/index.js';
import { anyCurrency } from '../money-schemas.js';
import { type Posting, type Purpose, SERVICE, SERVICE_PURPOSES } from '../posting.js';

/** What is held moves with its hold only, and what a contract holds with the chain only. */
const PURPOSES = ['available', ...SERVICE_PURPOSES.filter((purpose) => purpose !== 'contract')] as const;

/** Of up to 78 digits, as what a contract can hold. */
const AMOUNT = /^-?[1-9]\d{0,77}$/;

const posting = z.strictObject({
  account: accountId.optional().meta({ description: 'Whose available money it is; without one it is the service’s own account' }),
  purpose: z.enum(PURPOSES),
  currency: anyCurrency,
  amountMinor: z.string().regex(AMOUNT, 'must be a whole number of minor units, not 0, as text').meta({ description: 'A credit is positive, a debit negative' }),
}).refine(({ currency, amountMinor }) => parseAmountMinor(amountMinor.replace('-', ''), currency) !== null, { path: ['amountMinor'], message: 'is more than the currency can have' })
  .refine(({ account, purpose }) => (account !== undefined) === (purpose === 'available'), { path: ['purpose'], message: 'an account’s is available, the service’s are the others' });

export const correctionSchema = z.strictObject({
  transferId: z.uuid().toLowerCase().meta({ description: 'The transfer that it corrects' }),
  reason: line(500),
  postings: z.array(posting).min(2).max(50).refine(sumsToZero, 'must sum to zero in each currency'),
});
export type NewCorrection = z.output<typeof correctionSchema>;

function sumsToZero(postings: readonly z.output<typeof posting>[]): boolean {
  const sums = new Map<string, bigint>();
  for (const { currency, amountMinor } of postings) if (/^-?\d+$/.test(amountMinor)) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amountMinor));
  return [...sums.values()].every((sum) => sum === 0n);
}

/** As they are stored, and posted when a second operator agrees. */
export interface StoredPosting {
  readonly owner: string;
  readonly purpose: Purpose;
  readonly currency: string;
  readonly amountMinor: string;
}

export interface CorrectionRow {
  readonly id: string;
  readonly ordinal: string;
  readonly corrects: string;
  readonly postings: readonly StoredPosting[];
  readonly reason: string;
  readonly state: 'proposed' | 'posted' | 'rejected';
  readonly proposedBy: string;
  readonly decidedBy: string | null;
  readonly transferId: string | null;
  readonly proposedAt: Date;
  readonly decidedAt: Date | null;
}

export const CORRECTION_COLUMNS = `correction_id AS id, ordinal, corrects, postings, reason, state, proposed_by AS "proposedBy", decided_by AS "decidedBy", transfer_id AS "transferId", proposed_at AS "proposedAt", decided_at AS "decidedAt"`;

export interface CorrectionView {
  readonly id: string;
  readonly state: CorrectionRow['state'];
  readonly corrects: string;
  readonly postings: readonly { readonly account: string | null; readonly purpose: Purpose; readonly currency: string; readonly amountMinor: string }[];
  readonly reason: string;
  readonly proposedBy: string;
  readonly decidedBy: string | null;
  readonly transferId: string | null;
  readonly proposedAt: string;
  readonly decidedAt: string | null;
}

export function toView({ id, state, corrects, postings, reason, proposedBy, decidedBy, transferId, proposedAt, decidedAt }: CorrectionRow): CorrectionView {
  return {
    id, state, corrects, postings: postings.map(({ owner, ...posted }) => ({ account: owner === SERVICE ? null : owner, ...posted })), reason, proposedBy, decidedBy, transferId,
    proposedAt: proposedAt.toISOString(), decidedAt: decidedAt?.toISOString() ?? null,
  };
}

export function toStored(postings: NewCorrection['postings']): StoredPosting[] {
  return postings.map(({ account, purpose, currency, amountMinor }) => ({ owner: account ?? SERVICE, purpose, currency, amountMinor }));
}

export function toPostings(stored: readonly StoredPosting[]): Posting[] {
  return stored.map(({ amountMinor, ...rest }) => ({ ...rest, amountMinor: BigInt(amountMinor) }));
}
