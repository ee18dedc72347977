import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { WorkForm } from '../../lib/api-schema/index.js';
import { bytesToHex } from '../../lib/bytes/index.js';
import { canonicalize } from '../../lib/canonical-json/index.js';
import { type DepositBody, formatWorkNumber, parseStatement, type WorkNumber } from '../../lib/statement/index.js';
import { Coalescer } from '../../platform/coalesce/index.js';
import { retrying, sqlState, violatedConstraint } from '../../platform/database/index.js';
import { faultPoint, writePoint } from '../../platform/fault-points/index.js';
import { keyReused } from '../../platform/http/index.js';
import { drawRandomBytes } from '../../platform/random/index.js';
import { type ComposedStatement, composeStatement, LogKeys, LogReader } from '../log/index.js';
import { composeDeposit, toCredit } from './compose-deposit.js';
import { toTitleFacts } from './title-facts.js';
import { type SearchColumns, toSearchColumns } from './to-search-columns.js';
import type { WorkContent } from './work-content.js';
import { alreadyClaimed, uploadExpired } from './works.errors.js';

export interface Deposit {
  readonly accountId: string;
  readonly form: WorkForm;
  readonly contents: readonly WorkContent[];
  readonly idempotencyKey: string | null;
}

export interface DepositedWork {
  readonly number: WorkNumber;
  readonly statement: { readonly id: string; readonly leafHash: string };
  /** The signed promise that the statement will be in the log. */
  readonly receipt: string;
  /** The same request was answered before; this is the same answer. */
  readonly replayed: boolean;
}

interface Item {
  readonly deposit: Deposit;
  readonly acceptedAt: Date;
  readonly workId: bigint;
  readonly number: WorkNumber;
  readonly statement: ComposedStatement;
  readonly receipt: string;
  readonly disclosures: readonly string[];
  readonly search: SearchColumns;
  /** Lower-case hex; null without an idempotency key. */
  readonly payloadHash: string | null;
}

/** A row of `deposit_works`. */
interface Outcome {
  readonly item: number;
  readonly outcome: 'accepted' | 'replayed' | 'key-reused' | 'claimed';
  readonly of_work: string | null;
  readonly claims: readonly { workId: string; claimedAt: string }[] | null;
}

/** Stands in no canonical JSON, which escapes it, and in no signed note, which forbids it. */
const RECORD_SEPARATOR = '\x1e';

/** Integrity violations, data exceptions and our own refusals can be one item's fault; anything else is everyone's. */
const ITEM_FAULT = /^(22|23|ZB)/;

/**
 * Deposits works: form, claims, statement, disclosures and idempotency in one transaction, shared with whatever else arrives at the same
 * time. Answers after the commit.
 * @throws DomainError `WORKS.ALREADY_CLAIMED`, `HTTP.IDEMPOTENCY_KEY_REUSED`, `WORKS.UPLOAD_EXPIRED`, `STATEMENT.TOO_LONG`.
 */
@Injectable()
export class DepositWork {
  private readonly coalescer = new Coalescer<Item, Outcome>((items) => this.depositMany(items), {
    maxItems: 500,
    isItemFault: (error) => ITEM_FAULT.test(sqlState(error) ?? ''),
  });
  private readonly batchSize: Histogram;
  private readonly registrations: Counter;

  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly keys: LogKeys, private readonly reader: LogReader, metrics: Registry) {
    this.batchSize = new Histogram({ name: 'zhengben_registration_batch', help: 'Registrations that shared one transaction', buckets: [1, 2, 4, 8, 16, 32, 64, 128, 500], registers: [metrics] });
    this.registrations = new Counter({ name: 'zhengben_registrations_total', help: 'Registrations by what became of them', labelNames: ['outcome'], registers: [metrics] });
  }

  async execute(deposit: Deposit): Promise<DepositedWork> {
    // Composed while the batch before is with the database: what the processor does here costs no batch any time.
    const item = await this.compose(deposit, new Date());
    const outcome = await this.coalescer.submit(item).catch((error: unknown) => {
      throw violatedConstraint(error) === 'content_blob_sha256_fkey' ? uploadExpired() : error;
    });
    faultPoint('deposit.answer');
    return this.answer(outcome, item);
  }

  private async compose(deposit: Deposit, now: Date): Promise<Item> {
    const { accountId, form, contents } = deposit;
    const workId = drawRandomBytes(8).readBigUInt64BE() >> 4n;
    const number = formatWorkNumber(workId);
    const { body, sealed, disclosures } = composeDeposit(form, contents);
    const statement = composeStatement({ type: 'work.deposited', subject: number, actor: `acct:${accountId}`, body, sealed }, { seq: 0, prev: null }, now);
    const receipt = this.coalescer.busy ? await this.keys.signReceiptAside(statement.leafHash, now) : this.keys.signReceipt(statement.leafHash, now);
    const payloadHash = deposit.idempotencyKey === null ? null : computePayloadHash(deposit);
    const search = toSearchColumns(form.title, form.authors.flatMap((author) => toCredit(author) ?? []), toTitleFacts(form as unknown as DepositBody));
    return { deposit, acceptedAt: now, workId, number, statement, receipt, disclosures, search, payloadHash };
  }

  private async depositMany(items: readonly Item[]): Promise<Outcome[]> {
    this.batchSize.observe(items.length);
    const rows = await writePoint('deposit.works', () => retrying(() => this.store(items)));
    const outcomes = new Array<Outcome>(items.length);
    for (const row of rows) {
      this.registrations.inc({ outcome: row.outcome });
      outcomes[row.item - 1] = row;
    }
    return outcomes;
  }

  private store(items: readonly Item[]): Promise<Outcome[]> {
    const contents = items.flatMap(({ deposit }, i) => deposit.contents.map((content, position) => ({ ...content, item: i + 1, position })));
    return this.dataSource.query('SELECT * FROM deposit_works($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)', [
      items.map((one) => one.acceptedAt),
      items.map((one) => one.workId.toString()),
      items.map((one) => one.deposit.accountId),
      items.map((one) => one.deposit.idempotencyKey),
      items.map((one) => one.payloadHash),
      items.map((one) => one.deposit.form.category),
      items.map((one) => one.deposit.form.visibility),
      items.map((one) => one.deposit.form.title),
      items.map((one) => one.deposit.form.claim === 'rival'),
      items.map((one) => one.number),
      // As one text each: quoting the quotes of every statement would take longer than all the other columns.
      items.map((one) => one.statement.text).join(RECORD_SEPARATOR),
      items.map((one) => one.receipt).join(RECORD_SEPARATOR),
      items.map((one) => one.disclosures.join(' ')),
      contents.map((one) => one.item),
      contents.map((one) => one.position),
      contents.map((one) => one.sha256),
      contents.map((one) => one.sm3 ?? null),
      contents.map((one) => one.byteLength),
      contents.map((one) => one.mediaType),
      contents.map((one) => one.deposit === 'held'),
      items.map((one) => one.search.words),
      items.map((one) => one.search.rights),
      items.map((one) => one.search.protectedUntil),
    ]);
  }

  private async answer(row: Outcome, { number, statement, receipt }: Item): Promise<DepositedWork> {
    switch (row.outcome) {
      case 'accepted':
        return { number, statement: { id: statement.id, leafHash: bytesToHex(statement.leafHash) }, receipt, replayed: false };
      case 'replayed':
        // The key of another act than a registration has no work.
        if (row.of_work === null) throw keyReused();
        return this.replay(BigInt(row.of_work));
      case 'key-reused':
        throw keyReused();
      case 'claimed':
        throw alreadyClaimed((row.claims ?? []).map((claim) => ({ work: formatWorkNumber(BigInt(claim.workId)), claimedAt: new Date(claim.claimedAt).toISOString() })));
    }
  }

  /** The answer that was given when the key was used first: everything in it is stored. */
  private async replay(workId: bigint): Promise<DepositedWork> {
    const number = formatWorkNumber(workId);
    const [first] = await this.reader.chain(number);
    if (!first) throw new Error(`the work ${number} of an idempotency key has no statement`);
    return { number, statement: { id: parseStatement(first.bytes).id, leafHash: bytesToHex(first.leafHash) }, receipt: first.receipt, replayed: true };
  }
}

/** Canonical form and file digests in their order: the same request, however it was spelled. Lower-case hex. */
function computePayloadHash({ form, contents }: Deposit): string {
  return hash('sha256', canonicalize({ form, contents: contents.map(({ name, mediaType, byteLength, sha256, deposit }) => ({ name, mediaType, byteLength, sha256, deposit })) } as never), 'hex');
}
