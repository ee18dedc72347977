import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, boxesOverlap, describeScope, type Exclusivity, type Scope, toScope } from '../../../lib/rights/index.js';
import { formatWorkNumber, parseWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import { sqlState, type Tx } from '../../../platform/database/index.js';
import { drawRandomBytes } from '../../../platform/random/index.js';
import { FindAccounts } from '../../identity/index.js';
import { type Act, AppendStatement } from '../../log/index.js';
import { type Notice, sendNotices } from '../../notices/index.js';
import { Sealer, workWithdrawn } from '../../works/index.js';
import { type AppendedAnswer, toAnswer } from '../appended-answer.js';
import { toGrantedBox } from '../granted-box.js';
import { accountsUnknown, beyondParent, beyondTitle, consentMissing, noTitle, notParty, scopeConflict, subjectToInvalid } from '../licensing.errors.js';
import { PerformAct } from '../perform-act.js';
import { findMissingConsents } from '../title/find-missing-consents.js';
import { ReadTitle, type TitledWork } from '../title/read-title.js';
import { FindLicence, type Licence } from './find-licence.js';
import { findTaken } from './find-taken.js';
import type { Grant } from './grant-schema.js';
import { insertLicence } from './insert-licence.js';
import { insertLicenceEvent } from './licence-event.js';

export interface GrantedLicence extends AppendedAnswer {
  readonly number: WorkNumber;
  readonly work: WorkNumber;
  readonly exclusivity: Exclusivity;
  readonly scope: Scope;
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly links: { readonly self: string; readonly proof: string; readonly contract: string };
}

/** Where a grant comes from. */
export interface Source {
  readonly work: TitledWork;
  /** The licence that it is a sublicence of; null: an owner's grant. */
  readonly parent: Licence | null;
  readonly renews: Licence | null;
  /** Whether the licensee accepts in the same breath, as with an offer that was open to them. */
  readonly accepted: boolean;
}

export interface PreparedGrant {
  readonly source: Source;
  readonly accountId: string;
  readonly grant: Grant;
  readonly box: Box;
  readonly licenseeId: string | null;
  readonly subjectTo: readonly bigint[];
  /** Of the parties' accounts. */
  readonly names: ReadonlyMap<string, string>;
}

const [CONFLICT, BEYOND, NO_CONSENT] = ['23P01', 'ZB061', 'ZB064'];

/**
 * Grants licences. Whether one conflicts with another, goes beyond what its grantor holds, or needs the co-owners, the database says, not this code; what
 * is not expressly granted stays with the owner (Art. 29).
 */
@Injectable()
export class GrantLicence {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly title: ReadTitle,
    private readonly findLicence: FindLicence,
    private readonly append: AppendStatement,
    private readonly perform: PerformAct,
    private readonly accounts: FindAccounts,
  ) {}

  /**
   * An owner's grant.
   * @throws DomainError `WORKS.NOT_FOUND`, `WORKS.WITHDRAWN`, `LICENSING.SCOPE_INVALID`, `LICENSING.NO_TITLE`, `LICENSING.BEYOND_TITLE`, `LICENSING.SCOPE_CONFLICT`, `LICENSING.CONSENT_MISSING`,
   * `LICENSING.ACCOUNT_UNKNOWN`, `LICENSING.SUBJECT_TO_INVALID`.
   */
  async execute(typed: string, accountId: string, grant: Grant, idempotencyKey: string | null): Promise<GrantedLicence> {
    const work = await this.title.find(typed, accountId);
    return this.from({ work, parent: null, renews: null, accepted: false }, accountId, grant, idempotencyKey);
  }

  /** A sublicence, by the licensee of a licence that allows it. @throws DomainError as {@link execute}, `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.BEYOND_PARENT`. */
  async sublicense(typed: string, accountId: string, grant: Grant, idempotencyKey: string | null): Promise<GrantedLicence> {
    const parent = await this.findLicence.execute(typed, accountId);
    if (!parent.isLicensee) throw notParty();
    return this.from({ work: await this.title.findForInsider(parent.work), parent, renews: null, accepted: false }, accountId, grant, idempotencyKey);
  }

  /** @param callerId who asks for it, when that is not the grantor: whoever takes up an offer. */
  async from(source: Source, accountId: string, grant: Grant, idempotencyKey: string | null, callerId = accountId): Promise<GrantedLicence> {
    const prepared = await this.prepare(source, accountId, grant);
    const { work, parent } = source;
    const request = { accountId: callerId, idempotencyKey, act: parent === null ? 'grant' : 'sublicense', subject: parent?.number ?? work.number, payload: grant };
    return this.explaining(prepared, () => this.perform.execute(request, (tx) => this.insert(tx, prepared)));
  }

  /** What can be known before the transaction. @throws DomainError as {@link execute}. */
  async prepare(source: Source, accountId: string, grant: Grant): Promise<PreparedGrant> {
    const { work, parent } = source;
    if (work.slices.length === 0) throw noTitle();
    if (work.work.withdrawnAt !== null) throw workWithdrawn();
    const box = toGrantedBox(grant.scope, parent === null ? work.slices : [parent]);
    const licenseeId = grant.licensee === 'anyone' ? null : (grant.licensee ?? null);
    const names = await this.accounts.names(licenseeId === null ? [accountId] : [accountId, licenseeId]);
    if (licenseeId !== null && (licenseeId === accountId || !names.has(licenseeId))) throw accountsUnknown([licenseeId], '/licensee');
    return { source, accountId, grant, box, licenseeId, subjectTo: await this.subjectTo(grant, source), names };
  }

  /** Turns what PostgreSQL refuses into what can be done about it. */
  async explaining<T>({ source: { work, parent }, accountId, grant, box, licenseeId }: PreparedGrant, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      const { workId } = work.work;
      switch (sqlState(error)) {
        case CONFLICT: {
          const grantedFrom = parent === null ? BigInt(workId) : parent.licenceId + (1n << 60n);
          throw scopeConflict((await findTaken(this.dataSource, grantedFrom.toString(), box, grant.exclusivity)).map(toScope));
        }
        case BEYOND:
          throw parent === null ? beyondTitle() : beyondParent();
        case NO_CONSENT:
          throw consentMissing(await findMissingConsents(this.dataSource, work, box, 'licence', accountId, licenseeId));
        default:
          throw error;
      }
    }
  }

  async insert(tx: Tx, { source: { work, parent, renews, accepted }, accountId, grant, box, licenseeId, subjectTo, names }: PreparedGrant): Promise<GrantedLicence> {
    const licenceId = drawRandomBytes(8).readBigUInt64BE() >> 4n;
    const number = formatWorkNumber(licenceId, 'LC');
    const scope = toScope(box);
    const body = { ...toBody(grant, scope, { parent, renews, subjectTo }), ...(accepted && licenseeId !== null ? { accepted: true } : {}) };
    const sealer = sealAgreement(grant, work, accountId, names);
    // Who grants from a licence is that one's licensee, and sealed there.
    const actor = parent === null ? `acct:${accountId}` : `licensee:${parent.number}`;
    const type = grant.declared === undefined ? 'licence.granted' : 'licence.declared';
    const now = new Date();
    // Heads of subjects first, in their order, then holdings and licences (DESIGN invariant 10).
    const appended = await this.append.begin(tx, { type, subject: number, about: [work.number], actor, body, sealed: sealer.sealed }, sealer.disclosures, now);
    const noted = grant.exclusivity === 'non-exclusive' ? null : await this.append.execute(tx, noteOf(number, work, parent, actor, body), [], now);
    if (parent === null) await this.title.make(tx, work, work.slices);
    await insertLicence(tx, {
      licenceId, workId: work.work.workId, parentId: parent?.licenceId ?? null, exclusivity: grant.exclusivity, box, grantorId: accountId, licenseeId, toAnyone: grant.licensee === 'anyone', sublicensing: grant.sublicensing,
      declared: grant.declared !== undefined, conditions: grant.conditions, subjectTo, renewsId: renews?.licenceId ?? null, notedSeq: noted?.seq ?? null, grantedAt: now,
      // Nobody is asked who is anyone, or has no account here.
      acceptedAt: accepted || licenseeId === null || grant.declared !== undefined ? now : null,
    });
    if (parent !== null && noted !== null) await insertLicenceEvent(tx, parent.licenceId, { seq: noted.seq, kind: 'sublicence-granted', actorId: accountId, happenedAt: now, detail: { sublicence: number } });
    await sendNotices(tx, noticesOf(number, accountId, licenseeId, grant, box, parent === null ? work : null));
    const self = `/api/v1/licences/${number}`;
    return {
      ...toAnswer(appended), number, work: work.number, exclusivity: grant.exclusivity, scope,
      sentence: { zh: describeScope(box, grant.exclusivity, 'zh'), en: describeScope(box, grant.exclusivity, 'en') },
      links: { self, proof: `${self}/proof`, contract: `${self}/contract` },
    };
  }

  /** The ids of the licences that it is to be subject to. @throws DomainError `LICENSING.SUBJECT_TO_INVALID`. */
  private async subjectTo(grant: Grant, { work, parent }: Source): Promise<bigint[]> {
    if (grant.subjectTo.length === 0) return [];
    const parsed = grant.subjectTo.map((typed) => parseWorkNumber(typed, 'LC'));
    const ids = parsed.flatMap((one) => (one === null ? [] : [one.id]));
    const rows: { licence_id: string }[] = await this.dataSource.query(
      `SELECT licence_id FROM licence WHERE licence_id = ANY ($1::bigint[]) AND work_id = $2 AND parent_id IS NOT DISTINCT FROM $3 AND exclusivity = 'non-exclusive' AND voided_at IS NULL`,
      [ids.map(String), work.work.workId, parent?.licenceId.toString() ?? null]);
    const good = new Set(rows.map((row) => row.licence_id));
    const bad = grant.subjectTo.filter((_, i) => !good.has(parsed[i]?.id.toString() ?? ''));
    if (bad.length > 0) throw subjectToInvalid(bad);
    return ids;
  }
}

function toBody(grant: Grant, scope: Scope, { parent, renews, subjectTo }: { parent: Licence | null; renews: Licence | null; subjectTo: readonly bigint[] }): Act['body'] {
  return {
    exclusivity: grant.exclusivity, scope, sublicensing: grant.sublicensing,
    ...(grant.licensee === 'anyone' ? { toAnyone: true } : {}),
    ...(grant.conditions.length === 0 ? {} : { conditions: [...grant.conditions] }),
    ...(parent === null ? {} : { parent: parent.number }),
    ...(renews === null ? {} : { renews: renews.number }),
    ...(subjectTo.length === 0 ? {} : { subjectTo: subjectTo.map((id) => formatWorkNumber(id, 'LC')) }),
    ...(grant.declared === undefined ? {} : { declared: { kind: grant.declared.kind, paperSha256: grant.declared.paperSha256, signedOn: grant.declared.signedOn } }),
  };
}

/** The parties and what they agreed besides the scope, as the written contract has it. */
function sealAgreement({ licensee, declared, price, payment, attribution, revenueShareBps, curePeriodDays, governingLaw }: Grant, { work }: TitledWork, accountId: string, names: ReadonlyMap<string, string>): Sealer {
  const sealer = new Sealer();
  if (licensee !== 'anyone') sealer.seal('/licensee', licensee === undefined ? undefined : `acct:${licensee}`);
  // Together: what one of them is, only the parties need to know, and who opens one opens all.
  sealer.seal('/agreement', JSON.parse(JSON.stringify({
    title: work.title ?? undefined, category: work.category, grantor: `acct:${accountId}`, grantorName: names.get(accountId), licenseeName: declared?.licenseeName ?? names.get(licensee ?? ''),
    price, payment, attribution, revenueShareBps, curePeriodDays, governingLaw,
  })));
  return sealer;
}

/** What bars others stands in the chain that it is granted from as well; a non-exclusive grant adds nothing there, so that a best-seller is not one queue. */
function noteOf(number: WorkNumber, work: TitledWork, parent: Licence | null, actor: string, body: Act['body']): Act {
  return parent === null
    ? { type: 'work.licence-granted', subject: work.number, about: [number], actor, body, sealed: [] }
    : { type: 'licence.sublicence-granted', subject: parent.number, about: [number, work.number], actor, body, sealed: [] };
}

/** The licensee is offered it; the co-owners of a non-exclusive grant learn of it, and may object (Art. 14). */
function noticesOf(number: WorkNumber, accountId: string, licenseeId: string | null, grant: Grant, box: Box, work: TitledWork | null): Notice[] {
  const owners = new Set((work?.slices ?? []).filter((slice) => boxesOverlap(slice.box, box)).flatMap(({ holders }) => holders.map((holder) => holder.accountId)));
  owners.delete(accountId);
  return [
    ...(licenseeId === null || grant.declared !== undefined ? [] : [{ accountId: licenseeId, kind: 'licence-offered', subject: number } as const]),
    ...[...owners].map((id) => ({ accountId: id, kind: 'licence-by-co-owner', subject: number }) as const),
  ];
}
