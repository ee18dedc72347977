import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Amendment } from '../../lib/api-schema/index.js';
import { bytesToHex } from '../../lib/bytes/index.js';
import { canonicalize } from '../../lib/canonical-json/index.js';
import { DomainError } from '../../lib/errors/index.js';
import { type Tx } from '../../platform/database/index.js';
import { faultPoint, writePoint } from '../../platform/fault-points/index.js';
import { runIdempotently } from '../../platform/http/index.js';
import { type Act, AppendStatement, type AppendedStatement } from '../log/index.js';
import { sealAmendable, Sealer } from './compose-deposit.js';
import { FindWork, type FoundWork } from './find-work.js';
import { handOnClaims } from './hand-on-claims.js';
import { indexWork } from './index-work.js';
import { isWithdrawn } from './is-withdrawn.js';
import { WorkGuards } from './work-guards.js';
import { linksOf } from './work-links.js';
import { workWithdrawn } from './works.errors.js';

/** Which rights there are, from when, and how long follows from these (Copyright Law Art. 10 and 23). */
const OF_RIGHTS = ['category', 'creation', 'publication'] as const;

/** What a work is found by follows from these. */
const OF_SEARCH = ['title', 'authors', ...OF_RIGHTS] as const;

export interface AmendedAnswer {
  readonly number: string;
  readonly status: 'accepted';
  readonly seq: number;
  readonly statement: { readonly id: string; readonly leafHash: string };
  readonly receipt: string;
  readonly links: ReturnType<typeof linksOf>;
}

/** Amends what a deposit says, or withdraws it. Neither rewrites anything: each is a statement after the deposit. */
@Injectable()
export class AmendWork {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findWork: FindWork, private readonly append: AppendStatement, private readonly guards: WorkGuards) {}

  /** @throws DomainError `WORKS.NOT_FOUND`, `WORKS.NOT_OWNER`, `WORKS.WITHDRAWN`, `WORKS.AMENDMENT_EMPTY`; `WORKS.RIGHTS_HELD_BY_OTHERS` of what the rights follow from. */
  async execute(typed: string, accountId: string, amendment: Amendment, idempotencyKey: string | null): Promise<AmendedAnswer> {
    const found = await this.findWork.executeForOwner(typed, accountId);
    const { reason, ...changes } = amendment;
    const replaces = Object.keys(changes).filter((name) => changes[name as keyof typeof changes] !== undefined).toSorted();
    if (replaces.length === 0) throw new DomainError('WORKS.AMENDMENT_EMPTY', 'Name at least one member to replace.');
    const sealer = new Sealer();
    const body = sealAmendable(changes, sealer);
    if (found.work.visibility === 'confidential') sealWhole(body, sealer);
    sealer.seal('/reason', reason);
    const act: Act = { type: 'work.amended', subject: found.number, actor: `acct:${accountId}`, body: { ...body, replaces }, sealed: sealer.sealed };
    return this.appendOnce(found, { accountId, key: idempotencyKey, payload: { amendment } }, act, sealer.disclosures, async (tx) => {
      if (OF_RIGHTS.some((member) => changes[member] !== undefined)) await this.guards.assertMayChangeRights(tx, found.work.workId, accountId);
      if (changes.title !== undefined || changes.category !== undefined) {
        await writePoint('amend.work', () =>
          tx.query('UPDATE work SET title = coalesce($2, title), category = coalesce($3, category) WHERE work_id = $1', [found.work.workId, changes.title ?? null, changes.category ?? null]));
      }
      if (OF_SEARCH.some((member) => changes[member] !== undefined)) await indexWork(tx, found.work.workId);
    });
  }

  /** @throws DomainError `WORKS.NOT_FOUND`, `WORKS.NOT_OWNER`, `WORKS.WITHDRAWN`, `WORKS.RIGHTS_HELD_BY_OTHERS`. */
  async withdraw(typed: string, accountId: string, reason: string, idempotencyKey: string | null): Promise<AmendedAnswer> {
    const found = await this.findWork.executeForOwner(typed, accountId);
    const act: Act = { type: 'work.withdrawn', subject: found.number, actor: `acct:${accountId}`, body: { reason }, sealed: [] };
    return this.appendOnce(found, { accountId, key: idempotencyKey, payload: { withdrawal: reason } }, act, [], async (tx, { acceptedAt }) => {
      await this.guards.assertMayChangeRights(tx, found.work.workId, accountId);
      await writePoint('withdraw.work', () => tx.query('UPDATE work SET withdrawn_at = $2 WHERE work_id = $1', [found.work.workId, acceptedAt]));
      await writePoint('withdraw.claims', () => handOnClaims(tx, found.work.workId));
    }, async (tx) => {
      // What shares the row, as grants of its rights do, is committed, and in the log, before this is said.
      await this.append.lock(tx, [found.number]);
      await tx.query('SELECT 1 FROM work WHERE work_id = $1 FOR NO KEY UPDATE', [found.work.workId]);
    });
  }

  private async appendOnce(
    found: FoundWork,
    { accountId, key, payload }: { accountId: string; key: string | null; payload: unknown },
    act: Act,
    disclosures: readonly string[],
    apply: (tx: Tx, appended: AppendedStatement) => Promise<void>,
    lock: (tx: Tx) => Promise<void> = () => Promise.resolve(),
  ): Promise<AmendedAnswer> {
    const payloadHash = createHash('sha256').update(canonicalize({ work: found.number, payload })).digest();
    const { body } = await runIdempotently(this.dataSource, { accountId, key, payloadHash }, async (tx) => {
      await lock(tx);
      // The append locks the subject's head: what is read after it is how the last act before this one left the work.
      const appended = await this.append.execute(tx, act, disclosures);
      if (await isWithdrawn(tx, found.work.workId)) throw workWithdrawn();
      await apply(tx, appended);
      return { status: 201, body: toAnswer(found.number, appended) };
    });
    faultPoint('append.answer');
    return body;
  }
}

/** In a confidential work these members are sealed whole, as in its deposit. */
function sealWhole(body: Record<string, unknown>, sealer: Sealer): void {
  for (const member of ['authors', 'creation', 'publication']) {
    sealer.seal(`/${member}`, body[member]);
    delete body[member];
  }
}

function toAnswer(number: string, { seq, id, leafHash, receipt }: AppendedStatement): AmendedAnswer {
  return { number, status: 'accepted', seq, statement: { id, leafHash: bytesToHex(leafHash) }, receipt, links: linksOf(number) };
}
