import { Injectable, Optional } from '@nestjs/common';
import { DomainError } from '../../lib/errors/index.js';
import { type Hash, toHash } from '../../lib/merkle/index.js';
import type { Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { type Act, type ComposedStatement, composeStatement, type Link } from './compose-statement.js';
import { LogGate } from './log-gate.js';
import { LogKeys } from './log-keys.js';

export interface AppendedStatement extends ComposedStatement {
  readonly receipt: string;
  readonly acceptedAt: Date;
}

/** A statement that is to be stored, with all that its row needs. */
export interface UnstoredStatement extends AppendedStatement {
  readonly prev: Hash | null;
  readonly disclosures: readonly string[];
}

/** Appends one act to its subject's chain, within the transaction that does what the act says. No act without a statement. */
@Injectable()
export class AppendStatement {
  constructor(private readonly keys: LogKeys, @Optional() private readonly gate?: LogGate) {}

  /**
   * Locks the subject's head first and only then computes seq and prev.
   * @param disclosures what opens the act's sealed digests; kept in the database, where they can be erased.
   * @throws DomainError `LOG.RECOVERY_NEEDED` while the gate is closed: the chain may go on in public where the database has lost it.
   */
  async execute(tx: Tx, act: Act, disclosures: readonly string[], now = new Date()): Promise<AppendedStatement> {
    const appended = await this.compose(tx, act, disclosures, now);
    await this.store(tx, appended);
    await writePoint('statement.move-head', () =>
      tx.query(`INSERT INTO subject_head (subject, seq, leaf_hash) VALUES ($1, $2, $3)
                ON CONFLICT (subject) DO UPDATE SET seq = EXCLUDED.seq, leaf_hash = EXCLUDED.leaf_hash`, [act.subject, appended.seq, Buffer.from(appended.leafHash)]));
    return appended;
  }

  /**
   * A statement and its receipt that the caller stores together with other rows, in one round trip. Without `tx` it is the first of a subject that nobody else can
   * know of yet, such as a number just drawn; with it the subject's head is locked first.
   * @throws DomainError as {@link execute}.
   */
  async compose(tx: Tx | null, act: Act, disclosures: readonly string[], now: Date): Promise<UnstoredStatement> {
    this.assertOpen();
    const link: Link = tx === null ? { seq: 0, prev: null } : await this.lockHead(tx, act.subject);
    const composed = composeStatement(act, link, now);
    return { ...composed, prev: link.prev, disclosures, receipt: this.keys.signReceipt(composed.leafHash, now), acceptedAt: now };
  }

  /** The first statement of a subject that nobody else can know of yet, such as a number just drawn: there is no head to lock. */
  async begin(tx: Tx, act: Act, disclosures: readonly string[], now = new Date()): Promise<AppendedStatement> {
    const appended = await this.compose(null, act, disclosures, now);
    await this.store(tx, appended);
    return appended;
  }

  /**
   * Locks the heads of subjects, in their order, ahead of what {@link execute} will say of them: for acts that lock rows of their own before they are said, so
   * that the log has what was committed first before what waited for it.
   */
  async lock(tx: Tx, subjects: readonly string[]): Promise<void> {
    for (const subject of subjects.toSorted()) await this.lockHead(tx, subject);
  }

  private assertOpen(): void {
    if (this.gate && this.gate.closedBecause !== null) {
      throw new DomainError('LOG.RECOVERY_NEEDED', 'The service is being restored; nothing can be added to what is already deposited until that is done.', { retryAfterSeconds: 60 });
    }
  }

  private async store(tx: Tx, { subject, seq, type, prev, bytes, acceptedAt, receipt, disclosures }: UnstoredStatement): Promise<void> {
    await writePoint('statement.append', () =>
      tx.query('INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt) VALUES ($1, $2, $3, $4, $5, $6, $7)', [
        subject, seq, type, prev === null ? null : Buffer.from(prev), Buffer.from(bytes), acceptedAt, receipt,
      ]));
    if (disclosures.length > 0) {
      await writePoint('statement.disclose', () => tx.query('INSERT INTO statement_disclosure (subject, seq, disclosures) VALUES ($1, $2, $3)', [subject, seq, disclosures]));
    }
  }

  private async lockHead(tx: Tx, subject: string): Promise<Link> {
    const head = await this.selectHead(tx, subject);
    if (head) return head;
    // Nothing was ever said of this subject, so there is no row to lock: of two who begin at once, one waits here and then finds a head.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 6962))`, [subject]);
    return (await this.selectHead(tx, subject)) ?? { seq: 0, prev: null };
  }

  private async selectHead(tx: Tx, subject: string): Promise<Link | null> {
    // A subject gets its head row at its second statement, so that the first, the hot path, does not pay for it.
    await writePoint('statement.make-head', () =>
      tx.query(`INSERT INTO subject_head (subject, seq, leaf_hash)
                SELECT subject, seq, leaf_hash FROM statement WHERE subject = $1 ORDER BY seq DESC LIMIT 1
                ON CONFLICT DO NOTHING`, [subject]));
    const [head]: { seq: number; leaf_hash: Buffer }[] = await tx.query('SELECT seq, leaf_hash FROM subject_head WHERE subject = $1 FOR UPDATE', [subject]);
    return head ? { seq: head.seq + 1, prev: toHash(head.leaf_hash) } : null;
  }
}
