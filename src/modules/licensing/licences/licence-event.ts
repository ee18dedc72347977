import type { Box, Term } from '../../../lib/rights/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { notInThisState } from '../licensing.errors.js';

export type Standing = 'offered' | 'to-come' | 'in-force' | 'ended' | 'void';

/** What is said of a licence by those concerned, after its grant, and as what it stands then. The statement is `licence.` and this. */
const ACTS = {
  // Also of a time that is over: what was done then is licensed afterwards.
  accepted: ['offered', 'ended'],
  // Of what stood at any time.
  signed: ['offered', 'to-come', 'in-force', 'ended'],
  objected: ['offered', 'to-come', 'in-force', 'ended'],
  'objection-withdrawn': ['offered', 'to-come', 'in-force', 'ended'],
  'termination-proposed': ['to-come', 'in-force'],
  'breach-notified': ['to-come', 'in-force'],
  'breach-cured': ['to-come', 'in-force', 'ended'],
  'breach-disputed': ['to-come', 'in-force'],
  'breach-dispute-withdrawn': ['to-come', 'in-force', 'ended'],
  terminated: ['offered', 'to-come', 'in-force'],
} as const satisfies Record<string, readonly Standing[]>;
export type LicenceActKind = keyof typeof ACTS;

export const LICENCE_EVENTS = [...(Object.keys(ACTS) as LicenceActKind[]), 'sublicence-granted', 'sublicence-ended'] as const;
export type LicenceEventKind = (typeof LICENCE_EVENTS)[number];

const WHAT_IT_IS = {
  offered: 'The licence is not accepted yet: the licensee may accept or decline it, the grantor withdraw it.',
  'to-come': 'The licence is accepted already.',
  'in-force': 'The licence is accepted already.',
  ended: 'The licence has ended already.',
  void: 'The licence is void: it was declined, withdrawn or rescinded.',
} as const satisfies Record<Standing, string>;

export function standingOf({ box, acceptedAt, voidedAt }: { readonly box: Box; readonly acceptedAt: Date | null; readonly voidedAt: Date | null }, now: number): Standing {
  if (voidedAt !== null) return 'void';
  if (now >= box.term.until) return 'ended';
  if (acceptedAt === null) return 'offered';
  return now < box.term.from ? 'to-come' : 'in-force';
}

/** @throws DomainError `LICENSING.NOT_IN_THIS_STATE`. */
export function assertMay(kind: LicenceActKind, standing: Standing): void {
  if (!(ACTS[kind] as readonly Standing[]).includes(standing)) throw notInThisState(WHAT_IT_IS[standing]);
}

/** Whom somebody speaks for: `by` of a statement. People change on either side, sides do not. */
export type Side = 'licensee' | 'grantor';

export function oppositeOf(side: Side): Side {
  return side === 'licensee' ? 'grantor' : 'licensee';
}

export interface LicenceEvent {
  readonly seq: number;
  readonly kind: LicenceEventKind;
  /** Null when it was sealed and is gone. */
  readonly actorId: string | null;
  readonly happenedAt: Date;
  /** The body of its statement. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** @param termBefore what a termination cuts. */
export async function insertLicenceEvent(tx: Tx, licenceId: bigint, event: LicenceEvent, termBefore: Term | null = null): Promise<void> {
  await writePoint('licence.event', () =>
    tx.query('INSERT INTO licence_event (licence_id, seq, kind, actor_id, happened_at, term_before, detail) VALUES ($1, $2, $3, $4, $5, tstzrange($6, $7), $8)',
      [licenceId.toString(), event.seq, event.kind, event.actorId, event.happenedAt, ...(termBefore === null ? [null, null] : [new Date(termBefore.from), new Date(termBefore.until)]), JSON.stringify(event.detail)]));
}

export async function readLicenceEvents(db: Pick<Tx, 'query'>, licenceId: bigint): Promise<LicenceEvent[]> {
  const rows: { seq: number; kind: LicenceEventKind; actor_id: string | null; happened_at: Date; detail: Record<string, unknown> }[] = await db.query(
    'SELECT seq, kind, actor_id, happened_at, detail FROM licence_event WHERE licence_id = $1 ORDER BY seq', [licenceId.toString()]);
  return rows.map((row) => ({ seq: row.seq, kind: row.kind, actorId: row.actor_id, happenedAt: row.happened_at, detail: row.detail }));
}

/** The notice of a breach by a side that was neither cured nor taken back. */
export function standingBreach(events: readonly LicenceEvent[], by: Side): LicenceEvent | null {
  const last = events.findLast(({ kind, detail }) => (kind === 'breach-notified' || kind === 'breach-cured') && detail['by'] === by);
  return last?.kind === 'breach-notified' ? last : null;
}

/** The other side's dispute of the breach that a side has notified. */
export function standingDispute(events: readonly LicenceEvent[], notifiedBy: Side): LicenceEvent | null {
  const breach = standingBreach(events, notifiedBy);
  if (breach === null) return null;
  const last = events.findLast(({ kind, seq, detail }) => seq > breach.seq && (kind === 'breach-disputed' || kind === 'breach-dispute-withdrawn') && detail['by'] === oppositeOf(notifiedBy));
  return last?.kind === 'breach-disputed' ? last : null;
}

/** Objections of co-owners (Art. 14) that were not withdrawn. */
export function standingObjections(events: readonly LicenceEvent[]): LicenceEvent[] {
  const withdrawn = new Set(events.filter(({ kind }) => kind === 'objection-withdrawn').map(({ detail }) => detail['objection']));
  return events.filter(({ kind, seq }) => kind === 'objected' && !withdrawn.has(seq));
}

/** The objection of a co-owner or the dispute of a breach that stands; the latest of several. */
export function standingDoubt(events: readonly LicenceEvent[]): LicenceEvent | null {
  const doubts = [...standingObjections(events), ...[standingDispute(events, 'licensee'), standingDispute(events, 'grantor')].flatMap((dispute) => dispute ?? [])];
  return doubts.toSorted((a, b) => a.seq - b.seq).at(-1) ?? null;
}

/** The proposal of a side to end the licence, which the other side may take up: its last one takes the place of those before. */
export function standingProposal(events: readonly LicenceEvent[], by: Side): LicenceEvent | null {
  return events.findLast(({ kind, detail }) => kind === 'termination-proposed' && detail['by'] === by) ?? null;
}

/** Keeps the row's mark of doubt as the events have it. */
export async function markDoubt(tx: Tx, licenceId: bigint): Promise<void> {
  const doubt = standingDoubt(await readLicenceEvents(tx, licenceId));
  await writePoint('licence.doubt', () => tx.query('UPDATE licence SET doubted_at = $2 WHERE licence_id = $1 AND voided_at IS NULL', [licenceId.toString(), doubt?.happenedAt ?? null]));
}
