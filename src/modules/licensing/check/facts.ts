import { computeTitle, hasCode, type LicenceFact, OPEN_END, type RightsFacts, type StatementRef, type Term } from '../../../lib/rights/index.js';
import { applyDisclosures, type Category, formatWorkNumber, type Statement } from '../../../lib/statement/index.js';
import type { JsonValue } from '../../../lib/canonical-json/index.js';
import { type LicenceEvent, type LicenceEventKind, standingDoubt } from '../licences/licence-event.js';
import { toFirstHolders, toTitleFacts } from '../title/title-facts.js';

/** In place of a number that is none: no work has it. */
export const NO_WORK = -1n;

/** One work at one point of its rights, for one account or licence. */
export interface Inquiry {
  /** Decimal. */
  readonly workId: string;
  readonly accountId: string | null;
  /** Decimal; asks for whoever is its licensee, and for nobody else. */
  readonly licenceId: string | null;
  readonly rights: number;
  readonly territories: number;
  readonly uses: number;
  readonly languages: number;
  readonly at: Date;
  readonly knownAt: Date;
  /** Whether `knownAt` is before the moment of asking. */
  readonly isOfPast: boolean;
  /** Who asks, and may not be told all. */
  readonly callerId: string | null;
}

/** A row of the query below. */
export interface FactsRow {
  readonly item: number;
  readonly account_id: string;
  readonly visibility: 'public' | 'confidential';
  /** Of a confidential work: whether who asks deposited it, holds or held of it, or is licensed. */
  readonly is_insider: boolean | null;
  readonly deposited_at: Date;
  readonly deposit: string;
  /** Amendments, withdrawal and the end of the term, when it was fixed. */
  readonly later: readonly { readonly seq: number; readonly type: string; readonly acceptedAt: string; readonly bytes: string; readonly disclosures: readonly string[] | null }[] | null;
  readonly disclosures: readonly string[] | null;
  readonly first: { readonly rights: boolean; readonly from: number; readonly until: number } | null;
  readonly slice: { readonly seq: number; readonly holders: readonly string[] } | null;
  readonly licences: readonly LicenceRow[] | null;
  /** Exclusive ones of anybody that stand; null as well for who never held of the work, and for a question of the past. */
  readonly barring: readonly LicenceRow[] | null;
}

export interface LicenceRow {
  readonly id: string;
  readonly parentId: string | null;
  readonly licenseeId: string | null;
  readonly toAnyone: boolean;
  readonly declared: boolean;
  readonly sublicensing: boolean;
  readonly conditions: readonly string[];
  readonly grantedAt: string;
  readonly acceptedAt: string | null;
  readonly voidedAt: string | null;
  readonly notedSeq: number | null;
  /** Milliseconds since 1970, as they stand now. */
  readonly from: number;
  readonly until: number;
  readonly events: readonly { readonly seq: number; readonly kind: LicenceEventKind; readonly actorId: string | null; readonly happenedAt: string; readonly detail: Record<string, unknown>; readonly until: number | null }[] | null;
}

/** What a licence was at a moment, by what had been recorded then. */
export interface LicenceState {
  readonly accepted: boolean;
  readonly term: Term;
  readonly voided: boolean;
  readonly doubted: number | null;
  /** Seq of what cut or voided it. */
  readonly endedBy: number | null;
}

const byTime = (knownAt: Date) => ({ happenedAt }: { happenedAt: string }): boolean => Date.parse(happenedAt) <= knownAt.getTime();

/**
 * @param narrowed the end of protection, when it was fixed later than what is to be known: what ends there was open then.
 * @returns null when it was not granted yet.
 */
export function stateOf(row: LicenceRow, knownAt: Date, narrowed: number | null = null): LicenceState | null {
  if (Date.parse(row.grantedAt) > knownAt.getTime()) return null;
  const events = row.events ?? [];
  const known = events.filter(byTime(knownAt));
  const cutLater = events.find((event) => event.kind === 'terminated' && !byTime(knownAt)(event));
  const ended = known.findLast(({ kind }) => kind === 'terminated');
  const asEvents: LicenceEvent[] = known.map((event) => ({ ...event, happenedAt: new Date(event.happenedAt) }));
  return {
    accepted: row.acceptedAt !== null && Date.parse(row.acceptedAt) <= knownAt.getTime(),
    term: { from: row.from, until: cutLater?.until ?? (row.until === narrowed ? OPEN_END : row.until) },
    voided: row.voidedAt !== null && Date.parse(row.voidedAt) <= knownAt.getTime(),
    doubted: standingDoubt(asEvents)?.seq ?? null,
    endedBy: ended?.seq ?? null,
  };
}

const licenceNumber = (id: string): string => formatWorkNumber(BigInt(id), 'LC');

/** What further licences say of one: those above it, and an exclusive one below it. */
export interface Surroundings {
  /** Parents by id, each with those above it. */
  readonly parents: ReadonlyMap<string, LicenceRow>;
  /** By the id of the licence: exclusive sublicences at this point. */
  readonly below: ReadonlyMap<string, readonly LicenceRow[]>;
}

/** The fact of one licence, at the moment of the question; null when it was not granted, or is of another time. */
export function toLicenceFact(row: LicenceRow, { at, knownAt }: Inquiry, around: Surroundings, narrowed: number | null): LicenceFact | null {
  const state = stateOf(row, knownAt, narrowed);
  if (state === null) return null;
  const number = licenceNumber(row.id);
  const over = state.voided || at.getTime() >= state.term.until;
  // One that ran out as it was meant to says nothing of a later day.
  if (at.getTime() < state.term.from || (over && state.endedBy === null)) return null;
  const inForceBelow = (around.below.get(row.id) ?? []).find((one) => inForce(one, at, knownAt));
  return {
    kind: row.toAnyone ? 'open-licence' : row.declared ? 'declared-licence' : row.parentId === null ? 'licence' : 'sublicence',
    granted: { subject: number, seq: 0 },
    conditions: row.conditions,
    accepted: state.accepted,
    doubted: state.doubted === null ? null : { subject: number, seq: state.doubted },
    ended: over ? { subject: number, seq: state.endedBy ?? 0 } : null,
    parentEnded: parentEnded(row, at, knownAt, around),
    barredBy: inForceBelow === undefined ? null : { subject: number, seq: inForceBelow.notedSeq ?? 0 },
  };
}

export function inForce(row: LicenceRow, at: Date, knownAt: Date): boolean {
  const state = stateOf(row, knownAt);
  return state !== null && state.accepted && !state.voided && at.getTime() >= state.term.from && at.getTime() < state.term.until;
}

/** What ended the nearest licence above it that does not stand any more. */
function parentEnded(row: LicenceRow, at: Date, knownAt: Date, { parents }: Surroundings): StatementRef | null {
  for (let id = row.parentId; id !== null;) {
    const parent = parents.get(id);
    if (!parent) return null;
    const state = stateOf(parent, knownAt);
    if (state === null || state.voided || at.getTime() >= state.term.until) return { subject: licenceNumber(parent.id), seq: state?.endedBy ?? 0 };
    id = parent.parentId;
  }
  return null;
}

/** The works that a derivative was made from, as it stood when it was known. */
export interface WorkFacts {
  readonly facts: Omit<RightsFacts, 'licences' | 'barredBy'>;
  /** Numbers. */
  readonly originals: readonly string[];
  /** Accounts that hold at this point. */
  readonly holders: readonly string[];
  /** The end of protection, when it was fixed later than what is to be known. */
  readonly narrowed: number | null;
}

const DERIVED: ReadonlySet<string> = new Set(['adaptation', 'translation', 'compilation', 'annotation', 'arrangement']);

/** What the work's own statements say. Null when it was deposited later than what is to be known. */
export function toWorkFacts(row: FactsRow, inquiry: Inquiry): WorkFacts | null {
  const number = formatWorkNumber(BigInt(inquiry.workId));
  const known = (row.later ?? []).filter(({ acceptedAt }) => Date.parse(acceptedAt) <= inquiry.knownAt.getTime());
  if (row.deposited_at.getTime() > inquiry.knownAt.getTime()) return null;
  const body = bodyOf(row, known);
  const creation = body['creation'] as { nature?: string; derivedFrom?: readonly { work?: string; status?: string }[] } | undefined;
  const from = creation?.derivedFrom ?? [];
  const depositor = row.account_id;
  const title = computeTitle(toTitleFacts(body as never));
  const isFixing = ({ type }: { type: string }): boolean => type === 'work.term-fixed';
  const fixed = known.find(isFixing);
  const fixedLater = fixed === undefined ? (row.later ?? []).find(isFixing) : undefined;
  const narrowed = fixedLater === undefined ? null : Date.parse(String((JSON.parse(fixedLater.bytes) as Statement).body['until']));
  const protection: Term | null = row.first === null ? (title?.box.term ?? null) : { from: row.first.from, until: row.first.until === narrowed ? OPEN_END : row.first.until };
  const deposit: StatementRef = { subject: number, seq: 0 };
  const withdrawn = known.find(({ type }) => type === 'work.withdrawn');
  const firstHolders = toFirstHolders(body['owners'] as never, depositor).map(({ accountId }) => accountId);
  const slice = row.slice ?? (row.first === null && title !== null ? { seq: 0, holders: firstHolders } : null);
  return {
    facts: {
      deposit,
      category: body['category'] as Category,
      withdrawn: withdrawn === undefined ? null : { subject: number, seq: withdrawn.seq },
      hasRight: row.first === null ? title !== null && hasCode(title.box.rights, inquiry.rights) : row.first.rights,
      protection,
      protectionBy: fixed === undefined ? deposit : { subject: number, seq: fixed.seq },
      slice: slice === null ? null : { made: { subject: number, seq: slice.seq }, isHolder: inquiry.accountId !== null && slice.holders.includes(inquiry.accountId), holders: slice.holders.length },
      originals: from.some(({ status }) => status === 'in-copyright') ? 'outside' : from.length > 0 ? 'recorded' : DERIVED.has(creation?.nature ?? '') ? 'unnamed' : 'none',
    },
    originals: from.flatMap(({ work }) => work ?? []),
    holders: slice?.holders ?? [],
    narrowed,
  };
}

/** The deposit with what amendments replaced; as its owner sees it, since of a confidential work the facts are sealed. */
function bodyOf(row: FactsRow, known: readonly NonNullable<FactsRow['later']>[number][]): Record<string, JsonValue> {
  const open = (text: string, disclosures: readonly string[] | null): Record<string, JsonValue> => {
    const statement = JSON.parse(text) as Statement;
    // Of a public work nothing is sealed that decides a verdict.
    return (row.visibility === 'public' ? statement.body : applyDisclosures(statement.body, statement.sealed, disclosures ?? [])) as Record<string, JsonValue>;
  };
  const current = { ...open(row.deposit, row.disclosures) };
  for (const { type, bytes, disclosures } of known) {
    if (type !== 'work.amended') continue;
    const { replaces, ...body } = open(bytes, disclosures);
    for (const member of Array.isArray(replaces) ? replaces : []) delete current[String(member)];
    Object.assign(current, body);
  }
  return current;
}

