import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { applyPreset, applyReservation, type Fault, fromOdrl, type LicencePreset, type LicenceTerms, licenceTermsSchema, parseTerms, PRESETS, presetOptionsSchema, type Reservation, RESERVATION_PRESETS, type ReservationPreset } from '../../../lib/licence-terms/index.js';
import { type Category, formatWorkNumber, parseWorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { drawRandomBytes } from '../../../platform/random/index.js';
import { AppendStatement } from '../../log/index.js';
import { Sealer, workWithdrawn } from '../../works/index.js';
import { type AppendedAnswer, toAnswer } from '../appended-answer.js';
import { GrantLicence } from '../licences/grant-licence.js';
import { toGrantedBox } from '../granted-box.js';
import { beyondTitle, notHolder, notInThisState, notParty, termsInvalid } from '../licensing.errors.js';
import { PerformAct } from '../perform-act.js';
import { slicesOf } from '../title/cut-holding.js';
import { isHolder } from '../title/read-slices.js';
import { ReadTitle } from '../title/read-title.js';
import { FindTerms, type FoundTerms } from './find-terms.js';
import { holdsAll, holdsAny, isHeldBy } from './still-held.js';
import { toUrn } from './urn.js';

const expiresAt = z.iso.datetime().optional().meta({ description: 'Until when the offer can be taken up; until it is withdrawn when left out' });

/** One of three: a preset and its options, whole terms, or an ODRL 2.2 Offer (JSON-LD) whose target is the work. */
export const offerSchema = z.union([
  z.strictObject({ preset: z.enum(PRESETS), options: presetOptionsSchema, expiresAt }),
  z.strictObject({ terms: licenceTermsSchema, expiresAt }),
  z.strictObject({ odrl: z.record(z.string(), z.unknown()), expiresAt }),
]);
export type Offer = z.output<typeof offerSchema>;

export interface OfferedAnswer extends AppendedAnswer {
  readonly number: string;
  readonly work: string;
  readonly terms: LicenceTerms | Reservation;
  /** Of open terms: the licence to anyone that was granted with them. */
  readonly licence: string | null;
}

/** Offers to license: what a creator states once and others take up. Open terms (Creative Commons) license anyone at once, and that stays when the offer is withdrawn. */
@Injectable()
export class OfferTerms {
  constructor(private readonly title: ReadTitle, private readonly grant: GrantLicence, private readonly append: AppendStatement, private readonly perform: PerformAct, private readonly findTerms: FindTerms) {}

  /** @throws DomainError `WORKS.NOT_FOUND`, `WORKS.WITHDRAWN`, `LICENSING.NOT_HOLDER`, `LICENSING.TERMS_INVALID`, `LICENSING.BEYOND_TITLE`, and of open terms as {@link GrantLicence}. */
  async execute(typed: string, accountId: string, offer: Offer, idempotencyKey: string | null): Promise<OfferedAnswer> {
    const known = await this.title.find(typed, accountId);
    const request = { accountId, idempotencyKey, act: 'offer', subject: known.number, payload: offer };
    const stored = await this.perform.replay<OfferedAnswer>(request);
    if (stored) return stored;
    if (!known.slices.some((slice) => isHolder(slice, accountId))) throw notHolder();
    if (known.work.withdrawnAt !== null) throw workWithdrawn();
    const terms = readOffer(offer, known.number, known.work.category as Category);
    // All of it: what is past as well, since the licence that somebody takes up begins when the offer says.
    if ('reserved' in terms ? !isHeldBy(terms, known.slices, accountId, Date.now()) : slicesOf(known.slices, toGrantedBox(terms.scope, known.slices), accountId) === null) throw beyondTitle();
    if (!('reserved' in terms) && !isHeldBy(terms, known.slices, accountId, Date.now())) throw termsInvalid([{ pointer: '/scope/term', detail: 'is over' }]);
    const termsId = drawRandomBytes(8).readBigUInt64BE() >> 4n;
    const number = formatWorkNumber(termsId, 'LT');
    const preset = 'preset' in offer ? offer.preset : null;
    const open = 'reserved' in terms || !terms.toAnyone ? null : await this.grant.prepare({ work: known, parent: null, renews: null, terms: number, accepted: true }, accountId, toGrant(terms, 'anyone'));
    const act = (): Promise<OfferedAnswer> => this.perform.execute(request, async (tx) => {
      const { sealer, body } = seal(terms, preset, offer.expiresAt);
      const appended = await this.append.begin(tx, { type: 'terms.offered', subject: number, about: [known.number], actor: `acct:${accountId}`, body, sealed: sealer.sealed }, sealer.disclosures);
      const licence = open === null ? null : await this.grant.within(tx, open, null);
      await insertTerms(tx, { termsId, workId: known.work.workId, accountId, preset, terms, licenceId: licence === null ? null : (parseWorkNumber(licence.number, 'LC')?.id ?? null), offeredAt: appended.acceptedAt, expiresAt: offer.expiresAt ?? null });
      return { ...toAnswer(appended), number, work: known.number, terms, licence: licence?.number ?? null };
    });
    return open === null ? act() : this.grant.explaining(open, act);
  }

  /**
   * By its author; and where that one holds nothing of it any more, by who holds all of it now. What was granted by it stays, and nothing is granted by it afterwards: taking it up
   * locks the same row.
   * @throws DomainError `LICENSING.TERMS_NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`.
   */
  async withdraw(typed: string, accountId: string, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findTerms.execute(typed, accountId);
    const request = { accountId, idempotencyKey, act: 'withdraw-terms', subject: found.number, payload: null };
    const stored = await this.perform.replay<AppendedAnswer>(request);
    if (stored) return stored;
    if (found.accountId !== accountId && !isSuccessor(found, accountId)) throw notParty();
    return this.perform.execute(request, async (tx) => {
      await this.append.lock(tx, [found.number]);
      await lockTerms(tx, found.termsId, 'UPDATE');
      const appended = await this.append.execute(tx, { type: 'terms.withdrawn', subject: found.number, about: [found.work], actor: `acct:${accountId}`, body: {}, sealed: [] }, []);
      if (!(await withdrawTerms(tx, found.termsId, appended.acceptedAt))) throw notInThisState('The terms were withdrawn already.');
      return toAnswer(appended);
    });
  }
}

function isSuccessor({ terms, slices, accountId: author }: FoundTerms, accountId: string, now = Date.now()): boolean {
  return !holdsAny(terms, slices, author, now) && holdsAll(terms, slices, accountId, now);
}

/** @throws DomainError `LICENSING.TERMS_INVALID`. */
function readOffer(offer: Offer, work: string, category: Category): LicenceTerms | Reservation {
  if ('preset' in offer) {
    const options = { category, ...offer.options };
    if ((RESERVATION_PRESETS as readonly string[]).includes(offer.preset)) {
      const { reservation, faults } = applyReservation(offer.preset as ReservationPreset, offer.options);
      return reservation ?? refuseTerms(faults, '/options');
    }
    const { terms, faults } = applyPreset(offer.preset as LicencePreset, options);
    return terms ?? refuseTerms(faults, '/options');
  }
  if ('terms' in offer) {
    const { terms, faults } = parseTerms(offer.terms);
    return terms ?? refuseTerms(faults, '/terms');
  }
  const { policy, faults } = fromOdrl(offer.odrl);
  if (policy === null) return refuseTerms(faults, '/odrl');
  if (policy.kind !== 'Offer') return refuseTerms([{ pointer: '/@type', rule: 'unknown-type', detail: 'terms are an Offer; an Agreement is imported as a licence' }], '/odrl');
  return policy.target === toUrn(work) ? policy.terms : refuseTerms([{ pointer: '/target', rule: 'other-target', detail: `this is offered of another work than ${work}` }], '/odrl');
}

/** @throws DomainError `LICENSING.TERMS_INVALID`. @param prefix where the terms stand in what was sent. */
export function refuseTerms(faults: readonly Fault<string>[], prefix: string): never {
  throw termsInvalid(faults.map(({ pointer, rule, detail }) => ({ pointer: `${prefix}${pointer}`, detail: `${rule}: ${detail}` })));
}

/** Prices are sealed in the log, and served with the offer while it stands. */
function seal(terms: LicenceTerms | Reservation, preset: string | null, until: string | undefined): { sealer: Sealer; body: Record<string, never> } {
  const sealer = new Sealer();
  const { price, ...open } = 'price' in terms ? terms : { ...terms, price: null };
  sealer.seal('/price', price ?? undefined);
  return { sealer, body: JSON.parse(JSON.stringify({ preset: preset ?? undefined, expiresAt: until, ...open })) as Record<string, never> };
}

/** What is granted when somebody takes terms up. */
export function toGrant(terms: LicenceTerms, licensee: string) {
  return {
    licensee, exclusivity: terms.exclusivity, scope: terms.scope, sublicensing: terms.sublicensing, conditions: [...terms.conditions], subjectTo: [],
    ...(terms.price === null ? {} : { price: terms.price }), ...(terms.revenueShareBps === null || terms.revenueShareBps === 0 ? {} : { revenueShareBps: terms.revenueShareBps }),
    curePeriodDays: 30, governingLaw: terms.governingLaw ?? terms.licenceUri ?? 'CN',
  };
}

export interface NewTerms {
  readonly termsId: bigint;
  readonly workId: string;
  readonly accountId: string;
  readonly preset: string | null;
  readonly terms: LicenceTerms | Reservation;
  readonly licenceId: bigint | null;
  readonly offeredAt: Date;
  readonly expiresAt: string | null;
}

export async function insertTerms(tx: Tx, { termsId, workId, accountId, preset, terms, licenceId, offeredAt, expiresAt: until }: NewTerms): Promise<void> {
  await writePoint('terms.insert', () =>
    tx.query('INSERT INTO licence_terms (terms_id, work_id, account_id, preset, terms, licence_id, offered_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
      [termsId.toString(), workId, accountId, preset, JSON.stringify(terms), licenceId?.toString() ?? null, offeredAt, until]));
}

/**
 * Who takes terms up shares the row with others who do, and with nobody who withdraws them: what is taken up is logged before the withdrawal.
 * @returns whether they are not withdrawn.
 */
export async function lockTerms(tx: Tx, termsId: bigint, lock: 'SHARE' | 'UPDATE'): Promise<boolean> {
  const [row]: { withdrawn_at: Date | null }[] = await tx.query(`SELECT withdrawn_at FROM licence_terms WHERE terms_id = $1 FOR ${lock}`, [termsId.toString()]);
  return row !== undefined && row.withdrawn_at === null;
}

/** @returns whether they still stood. */
export async function withdrawTerms(tx: Tx, termsId: bigint, at: Date): Promise<boolean> {
  const [, count]: [unknown, number] = await writePoint('terms.withdraw', () =>
    tx.query('UPDATE licence_terms SET withdrawn_at = $2 WHERE terms_id = $1 AND withdrawn_at IS NULL', [termsId.toString(), at]));
  return count === 1;
}
