import { bytesToHex } from '../../../lib/bytes/index.js';
import type { Box, Exclusivity } from '../../../lib/rights/index.js';
import type { DataSource } from 'typeorm';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import type { UnstoredStatement } from '../../log/index.js';
import type { Notice } from '../../notices/index.js';
import { toBoxParameters } from '../box-columns.js';

export interface NewLicence {
  readonly licenceId: bigint;
  /** Decimal. */
  readonly workId: string;
  /** The licence that it is granted from; null: an owner's grant. */
  readonly parentId: bigint | null;
  readonly exclusivity: Exclusivity;
  readonly box: Box;
  /** Null when it was sealed and is gone. */
  readonly grantorId: string | null;
  /** Null for anyone, for somebody without an account, and when it was sealed and is gone. */
  readonly licenseeId: string | null;
  /** The licensee was sealed and is gone, until they open it. */
  readonly licenseeSealed?: boolean;
  readonly toAnyone: boolean;
  readonly sublicensing: boolean;
  readonly declared: boolean;
  readonly conditions: readonly string[];
  readonly subjectTo: readonly bigint[];
  /** Left out when recovery finds it sealed. */
  readonly revenueShareBps?: number | undefined;
  readonly renewsId: bigint | null;
  readonly notedSeq: number | null;
  readonly grantedAt: Date;
  /** When recovery brings it back. */
  readonly recoveredAt?: Date;
  readonly acceptedAt: Date | null;
}

/** All that a grant writes. */
export interface NewGrant {
  readonly licence: NewLicence;
  readonly statements: readonly UnstoredStatement[];
  readonly notices: readonly Notice[];
  /** Of who asks for it; null without a key. `response` is what is answered, then and again. */
  readonly idempotency: { readonly callerId: string; readonly key: string; readonly payloadHash: Uint8Array; readonly response: unknown } | null;
}

/** A row of `grant_licences`: an outcome of five characters is the SQLSTATE that it was refused with. */
export interface GrantOutcome {
  readonly item: number;
  readonly outcome: string;
  readonly response: unknown;
}

/** Stores grants in one round trip; each as a whole, and refused alone. PostgreSQL refuses what conflicts (23P01), goes beyond what is held (ZB061), lacks a consent (ZB064), or is of a work that was withdrawn (ZB065). */
export function storeGrants(db: Tx | DataSource, grants: readonly NewGrant[]): Promise<GrantOutcome[]> {
  return writePoint('licence.grants', () => db.query<GrantOutcome[]>('SELECT * FROM grant_licences($1)', [JSON.stringify(grants.map(toGrantItem))]));
}

/** The row alone, when its statements are there already. */
export async function insertLicence(tx: Tx, licence: NewLicence): Promise<void> {
  await writePoint('licence.insert', () => tx.query('SELECT insert_licences($1)', [JSON.stringify([toRow(licence)])]));
}

/** A grant as the SQL functions take it. */
export function toGrantItem({ licence, statements, notices, idempotency }: NewGrant): Record<string, unknown> {
  return {
    licence: toRow(licence),
    statements: statements.map((one) => ({
      subject: one.subject, seq: one.seq, type: one.type, prev: one.prev === null ? null : bytesToHex(one.prev), text: one.text, leafHash: bytesToHex(one.leafHash), acceptedAt: one.acceptedAt, receipt: one.receipt, disclosures: one.disclosures,
    })),
    notices,
    ...(idempotency === null ? {} : { ...idempotency, payloadHash: bytesToHex(idempotency.payloadHash) }),
  };
}

function toRow({ box, licenceId, parentId, renewsId, subjectTo, ...licence }: NewLicence): Record<string, unknown> {
  const [rights, territories, uses, languages, term] = toBoxParameters(box);
  return { ...licence, licenceId: licenceId.toString(), parentId: parentId?.toString() ?? null, renewsId: renewsId?.toString() ?? null, subjectTo: subjectTo.map(String), rights, territories, uses, languages, term };
}
