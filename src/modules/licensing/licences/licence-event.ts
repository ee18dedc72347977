import type { Term } from '../../../lib/rights/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';

/** What is said of a licence after its grant; the statement is `licence.` and this. */
export const LICENCE_EVENTS = [
  'accepted', 'objected', 'objection-withdrawn', 'termination-proposed', 'breach-notified', 'breach-cured', 'breach-disputed', 'terminated', 'sublicence-granted', 'sublicence-ended',
] as const;
export type LicenceEventKind = (typeof LICENCE_EVENTS)[number];

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

/** The notice of a breach that was neither cured nor taken back. */
export function standingBreach(events: readonly LicenceEvent[]): LicenceEvent | null {
  const last = events.findLast(({ kind }) => kind === 'breach-notified' || kind === 'breach-cured');
  return last?.kind === 'breach-notified' ? last : null;
}

/** The objection of a co-owner (Art. 14) or the dispute of a breach that stands; the latest of several. */
export function standingDoubt(events: readonly LicenceEvent[]): LicenceEvent | null {
  const withdrawn = new Set(events.filter(({ kind }) => kind === 'objection-withdrawn').map(({ detail }) => detail['objection']));
  const breach = standingBreach(events);
  return events.findLast(({ kind, seq }) => (kind === 'objected' && !withdrawn.has(seq)) || (kind === 'breach-disputed' && breach !== null && seq > breach.seq)) ?? null;
}

/** The proposal to end a licence that the other party may take up. */
export function standingProposal(events: readonly LicenceEvent[]): LicenceEvent | null {
  return events.findLast(({ kind }) => kind === 'termination-proposed') ?? null;
}

/** Keeps the row's mark of doubt as the events have it. */
export async function markDoubt(tx: Tx, licenceId: bigint): Promise<void> {
  const doubt = standingDoubt(await readLicenceEvents(tx, licenceId));
  await writePoint('licence.doubt', () => tx.query('UPDATE licence SET doubted_at = $2 WHERE licence_id = $1 AND voided_at IS NULL', [licenceId.toString(), doubt?.happenedAt ?? null]));
}
