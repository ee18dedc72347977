import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { toScope } from '../../../lib/rights/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { Coalescer } from '../../../platform/coalesce/index.js';
import { retrying, sqlState, transact, type Tx } from '../../../platform/database/index.js';
import { faultPoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, findStoredResponse, keyReused } from '../../../platform/http/index.js';
import { FindAccounts } from '../../identity/index.js';
import { workWithdrawn } from '../../works/index.js';
import { toGrantedBox } from '../granted-box.js';
import { accountsUnknown, beyondParent, beyondTitle, consentMissing, noTitle, notParty, scopeConflict, subjectToInvalid } from '../licensing.errors.js';
import type { ActRequest } from '../perform-act.js';
import { AskForConsent } from '../title/ask-for-consent.js';
import { findMissingConsents } from '../title/find-missing-consents.js';
import { readSlices } from '../title/read-slices.js';
import { ReadTitle } from '../title/read-title.js';
import { type Asked, type ComposedGrant, ComposeGrant, type GrantedLicence, type PreparedGrant, type Source } from './compose-grant.js';
import { FindLicence } from './find-licence.js';
import { findTaken } from './find-taken.js';
import type { Grant } from './grant-schema.js';
import { insertLicenceEvent } from './licence-event.js';
import { type GrantOutcome, storeGrants } from './store-grants.js';

const [CONFLICT, BEYOND, NO_CONSENT, WITHDRAWN] = ['23P01', 'ZB061', 'ZB064', 'ZB065'];
/** Each is a subtransaction; beyond 64 of them PostgreSQL keeps their list on disk. */
const MOST_AT_ONCE = 32;

/** PostgreSQL refused one grant of a batch. */
class RefusedGrant extends Error {
  constructor(readonly code: string) {
    super(`the grant was refused (${code})`);
  }
}

/**
 * Grants licences. Whether one conflicts with another, goes beyond what its grantor holds, or needs the co-owners, the database says, not this code; what
 * is not expressly granted stays with the owner (Art. 29).
 */
@Injectable()
export class GrantLicence {
  /** Non-exclusive grants wait for nobody, and share the round trips of those that arrive at the same time. */
  private readonly coalescer = new Coalescer<ComposedGrant, GrantOutcome>((composed) => retrying(() => storeGrants(this.dataSource, composed.map(({ grant }) => grant))), {
    maxItems: MOST_AT_ONCE,
    isItemFault: (error) => /^(22|23)/.test(sqlState(error) ?? ''),
  });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, private readonly title: ReadTitle, private readonly findLicence: FindLicence, private readonly compose: ComposeGrant, private readonly accounts: FindAccounts,
    private readonly ask: AskForConsent,
  ) {}

  /**
   * An owner's grant.
   * @throws DomainError `WORKS.NOT_FOUND`, `WORKS.WITHDRAWN`, `LICENSING.SCOPE_INVALID`, `LICENSING.NO_TITLE`, `LICENSING.BEYOND_TITLE`, `LICENSING.SCOPE_CONFLICT`, `LICENSING.CONSENT_MISSING`,
   * `LICENSING.ACCOUNT_UNKNOWN`, `LICENSING.SUBJECT_TO_INVALID`.
   */
  async execute(typed: string, accountId: string, grant: Grant, idempotencyKey: string | null): Promise<GrantedLicence> {
    // The accounts are remembered, and asked for again below: at once with the work, which saves a round trip.
    const [work] = await Promise.all([this.title.find(typed, accountId), this.accounts.names(partiesOf(accountId, grant))]);
    return this.from({ work, parent: null, renews: null, accepted: false }, accountId, grant, idempotencyKey).catch((error: unknown) => this.ask.refused(error, work, 'licence', accountId));
  }

  /** A sublicence, by the licensee of a licence that allows it. @throws DomainError as {@link execute}, `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.BEYOND_PARENT`. */
  async sublicense(typed: string, accountId: string, grant: Grant, idempotencyKey: string | null): Promise<GrantedLicence> {
    const parent = await this.findLicence.execute(typed, accountId);
    if (!parent.isLicensee) throw notParty();
    return this.from({ work: await this.title.findForInsider(parent.work), parent, renews: null, accepted: false }, accountId, grant, idempotencyKey);
  }

  /**
   * @param callerId who asks for it, when that is not the grantor: whoever takes up an offer.
   * @param request what they sent, when that is not the grant: a renewal, taking up an offer.
   * @param first what comes first in the transaction, e.g. that the offer stands.
   */
  async from(source: Source, accountId: string, grant: Grant, idempotencyKey: string | null, callerId = accountId, request: Pick<ActRequest, 'act' | 'subject' | 'payload'> | null = null, first: ((tx: Tx) => Promise<void>) | null = null): Promise<GrantedLicence> {
    const { work, parent } = source;
    const act = request ?? { act: parent === null ? 'grant' : 'sublicense', subject: parent?.number ?? work.number, payload: grant };
    const asked = idempotencyKey === null ? null : { callerId, key: idempotencyKey, payloadHash: computePayloadHash(act) };
    try {
      const answer = await this.grant(source, accountId, grant, asked, first);
      faultPoint('licensing.answer');
      return answer;
    } catch (error) {
      // How things stand may be otherwise since it was done.
      const stored = asked && (await findStoredResponse<GrantedLicence>(this.dataSource, { accountId: callerId, ...asked }));
      if (stored) return stored.body;
      throw error;
    }
  }

  private async grant(source: Source, accountId: string, grant: Grant, asked: Asked | null, first: ((tx: Tx) => Promise<void>) | null): Promise<GrantedLicence> {
    const prepared = await this.prepare(source, accountId, grant);
    return this.explaining(prepared, async () => {
      if (grant.exclusivity !== 'non-exclusive' || grant.licensee === 'anyone' || first !== null) {
        return transact(this.dataSource, async (tx) => {
          await first?.(tx);
          return this.within(tx, prepared, asked);
        });
      }
      const composed = await this.compose.execute(null, prepared, asked);
      return readOutcome(await this.coalescer.submit(composed), composed);
    });
  }

  /** Within a transaction, as part of a wider act. @throws as PostgreSQL refuses it: see {@link explaining}. */
  async within(tx: Tx, prepared: PreparedGrant, asked: Asked | null): Promise<GrantedLicence> {
    const { source: { work, parent }, accountId, grant, box } = prepared;
    const composed = await this.compose.execute(tx, prepared, asked);
    const [outcome] = await storeGrants(tx, [composed.grant]);
    const answer = readOutcome(outcome, composed);
    const { notedSeq, grantedAt } = composed.grant.licence;
    // What everybody has, nobody can be granted alone any more: it bars others as an exclusive licence does, so the co-owners agree to it (Art. 14). By now their slices are locked.
    if (parent === null && grant.licensee === 'anyone' && outcome?.outcome === 'granted') {
      const missing = await findMissingConsents(tx, { ...work, slices: await readSlices(tx, work.work.workId) }, box, 'licence', accountId, null);
      if (missing.length > 0) throw consentMissing(missing);
    }
    if (parent !== null && notedSeq !== null && outcome?.outcome === 'granted') {
      await insertLicenceEvent(tx, parent.licenceId, { seq: notedSeq, kind: 'sublicence-granted', actorId: accountId, happenedAt: grantedAt, detail: { sublicence: answer.number } });
    }
    return answer;
  }

  /** What can be known before the transaction. @throws DomainError as {@link execute}. */
  async prepare(source: Source, accountId: string, grant: Grant): Promise<PreparedGrant> {
    const { work, parent } = source;
    if (work.slices.length === 0) throw noTitle();
    if (work.work.withdrawnAt !== null) throw workWithdrawn();
    const box = toGrantedBox(grant.scope, parent === null ? work.slices : [parent]);
    const licenseeId = grant.licensee === 'anyone' ? null : (grant.licensee ?? null);
    const names = await this.accounts.names(partiesOf(accountId, grant));
    if (licenseeId !== null && (licenseeId === accountId || !names.has(licenseeId))) throw accountsUnknown([licenseeId], '/licensee');
    if (parent === null) await this.title.make(work, work.slices);
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
        case WITHDRAWN:
          throw workWithdrawn();
        default:
          throw error;
      }
    }
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

/** Those with accounts here. */
function partiesOf(grantorId: string, { licensee }: Grant): string[] {
  return licensee === undefined || licensee === 'anyone' ? [grantorId] : [grantorId, licensee];
}

/** @throws RefusedGrant, DomainError `HTTP.IDEMPOTENCY_KEY_REUSED`. */
function readOutcome(row: GrantOutcome | undefined, { answer }: ComposedGrant): GrantedLicence {
  switch (row?.outcome) {
    case 'granted':
      return answer;
    case 'replayed':
      return row.response as GrantedLicence;
    case 'key-reused':
      throw keyReused();
    default:
      throw new RefusedGrant(row?.outcome ?? '');
  }
}
