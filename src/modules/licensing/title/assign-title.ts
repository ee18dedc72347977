import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { accountId, line, paragraphs } from '../../../lib/api-schema/index.js';
import { priceSchema } from '../../../lib/licence-terms/index.js';
import { type Box, scopeSchema, toScope } from '../../../lib/rights/index.js';
import { sqlState, type Tx } from '../../../platform/database/index.js';
import { FindAccounts } from '../../identity/index.js';
import { AppendStatement } from '../../log/index.js';
import { sendNotices } from '../../notices/index.js';
import { Sealer } from '../../works/index.js';
import { type AppendedAnswer, toAnswer } from '../appended-answer.js';
import { accountsUnknown, beyondTitle, consentMissing, noTitle } from '../licensing.errors.js';
import { PerformAct } from '../perform-act.js';
import { toGrantedBox } from '../granted-box.js';
import { AskForConsent } from './ask-for-consent.js';
import { assertNotWithdrawn } from './assert-not-withdrawn.js';
import { cutHolding, lockHoldings, slicesOf } from './cut-holding.js';
import { findMissingConsents } from './find-missing-consents.js';
import type { Holder } from './insert-holding.js';
import { ReadTitle, type TitledWork } from './read-title.js';

/** Art. 27: the work and the rights, the territory, the price, how it is paid and delivered, and what follows a breach. */
export const assignmentSchema = z.strictObject({
  scope: scopeSchema,
  to: z.array(z.strictObject({ account: accountId, shareBps: z.int().min(1).max(10_000) })).min(1).max(50)
    .refine((holders) => holders.reduce((sum, { shareBps }) => sum + shareBps, 0) === 10_000, 'the shares must sum to 10000 basis points')
    .refine((holders) => new Set(holders.map(({ account }) => account)).size === holders.length, 'names an account twice'),
  price: priceSchema.omit({ per: true }).optional(),
  payment: paragraphs(2_000).optional(),
  delivery: paragraphs(2_000).optional(),
  breach: paragraphs(2_000).optional(),
  /** Of the written contract (Art. 27), when it was made outside. */
  paper: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), signedOn: z.iso.date(), note: line(200).optional() }).optional(),
});
export type Assignment = z.output<typeof assignmentSchema>;

/** An assignment with all that was looked up for it. */
export interface PreparedAssignment {
  readonly known: TitledWork;
  readonly accountId: string;
  readonly assignment: Assignment;
  readonly box: Box;
  readonly holders: readonly Holder[];
}

/** Assigns a slice of a work, or all of it (Copyright Law Art. 27). Licences that were granted before stay in force. */
@Injectable()
export class AssignTitle {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, private readonly title: ReadTitle, private readonly append: AppendStatement, private readonly perform: PerformAct, private readonly accounts: FindAccounts,
    private readonly ask: AskForConsent,
  ) {}

  /** @throws DomainError `WORKS.NOT_FOUND`, `WORKS.WITHDRAWN`, `LICENSING.SCOPE_INVALID`, `LICENSING.NO_TITLE`, `LICENSING.BEYOND_TITLE`, `LICENSING.CONSENT_MISSING`, `LICENSING.ACCOUNT_UNKNOWN`. */
  async execute(typed: string, accountId: string, assignment: Assignment, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const known = await this.title.find(typed, accountId);
    const prepared = await this.prepare(known, accountId, assignment);
    return this.explaining(prepared, () => this.perform.execute({ accountId, idempotencyKey, act: 'assign', subject: known.number, payload: assignment }, (tx) => this.within(tx, prepared)))
      .catch((error: unknown) => this.ask.refused(error, known, 'assignment', accountId));
  }

  /** What can be known before the transaction. @throws DomainError as {@link execute}. */
  async prepare(known: TitledWork, accountId: string, assignment: Assignment): Promise<PreparedAssignment> {
    if (known.slices.length === 0) throw noTitle();
    const box = toGrantedBox(assignment.scope, known.slices);
    const missing = await this.accounts.missing(assignment.to.map(({ account }) => account));
    if (missing.length > 0) throw accountsUnknown(missing, '/to');
    const holders = assignment.to.map(({ account, shareBps }) => ({ accountId: account, shareBps })).toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
    return { known, accountId, assignment, box, holders };
  }

  /** Within a transaction, as part of a wider act. @throws DomainError `LICENSING.BEYOND_TITLE`, `WORKS.WITHDRAWN`; as PostgreSQL refuses it: see {@link explaining}. */
  async within(tx: Tx, { known, accountId, assignment, box, holders }: PreparedAssignment): Promise<AppendedAnswer> {
    const sealer = new Sealer();
    for (const member of ['price', 'payment', 'delivery', 'breach', 'paper'] as const) sealer.seal(`/${member}`, assignment[member]);
    const body = { scope: toScope(box), holders: holders.map((holder) => ({ account: `acct:${holder.accountId}`, shareBps: holder.shareBps })) };
    await this.append.lock(tx, [known.number]);
    const slices = slicesOf(await this.title.open(tx, known, known.slices), box, accountId);
    if (slices === null) throw beyondTitle();
    // Whoever grants from them now is committed, and in the log, before this is said.
    await lockHoldings(tx, slices);
    const appended = await this.append.execute(tx, { type: 'work.assigned', subject: known.number, actor: `acct:${accountId}`, body, sealed: sealer.sealed }, sealer.disclosures);
    await assertNotWithdrawn(tx, known.work.workId);
    await cutHolding(tx, slices, { workId: known.work.workId, box, holders, actorId: accountId, seq: appended.seq, at: appended.acceptedAt });
    const told = new Set([...slices.flatMap((slice) => slice.holders.map((holder) => holder.accountId)), ...holders.map((holder) => holder.accountId)]);
    told.delete(accountId);
    await sendNotices(tx, [...told].map((id) => ({ accountId: id, kind: 'work-assigned', subject: known.number })));
    return toAnswer(appended);
  }

  /** Turns what PostgreSQL refuses into what can be done about it. */
  async explaining<T>({ known, accountId, box, holders }: PreparedAssignment, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (sqlState(error) !== 'ZB064') throw error;
      const party = holders.length === 1 ? (holders[0]?.accountId ?? null) : null;
      throw consentMissing(await findMissingConsents(this.dataSource, known, box, 'assignment', accountId, party));
    }
  }
}
