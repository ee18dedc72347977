import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { sendNotices } from '../../notices/index.js';
import { type Negotiation, otherParty } from './negotiation.js';
import { negotiationFull } from './negotiations.errors.js';

const MOST_ENTRIES = 1_000;
const MOST_DOCUMENTS = 50;

export interface Attachment {
  /** Lower-case hex, of a blob that has its row. */
  readonly sha256: string;
  readonly name: string;
  readonly mediaType: string;
  readonly byteLength: number;
}

/** Adds to the thread, of which the other side learns. @param negotiation locked. @returns its place and time. @throws DomainError `TRADING.NEGOTIATION_FULL`. */
export async function insertEntry(tx: Tx, negotiation: Pick<Negotiation, 'negotiationId' | 'number' | 'buyerId' | 'sellerId'>, authorId: string, entry: string | Attachment): Promise<{ place: number; sentAt: Date }> {
  const id = negotiation.negotiationId.toString();
  const [{ place, documents } = { place: 1, documents: '0' }] = await tx.query<{ place: number; documents: string }[]>('SELECT coalesce(max(place), 0) + 1 AS place, count(blob_sha256) AS documents FROM negotiation_entry WHERE negotiation_id = $1', [id]);
  if (place > MOST_ENTRIES || (typeof entry !== 'string' && Number(documents) >= MOST_DOCUMENTS)) throw negotiationFull();
  const columns = typeof entry === 'string' ? [entry, null, null, null, null] : [null, entry.sha256, entry.name, entry.mediaType, entry.byteLength];
  const [row] = await writePoint('negotiation.entry', () => tx.query<{ sent_at: Date }[]>(
    `INSERT INTO negotiation_entry (negotiation_id, place, author_id, text, blob_sha256, file_name, media_type, byte_length) VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, $7, $8) RETURNING sent_at`, [id, place, authorId, ...columns]));
  await sendNotices(tx, [{ accountId: otherParty(negotiation, authorId), kind: 'negotiation-message', subject: negotiation.number }]);
  return { place, sentAt: (row as { sent_at: Date }).sent_at };
}
