import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, computeTitle, describeScope, OPEN_END, type ProtectionBasis, type Scope, toScope } from '../../../lib/rights/index.js';
import type { DepositBody } from '../../../lib/statement/index.js';
import { LogReader } from '../../log/index.js';
import { projectWork } from '../../works/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow } from '../box-columns.js';
import type { ConsentAct } from './find-missing-consents.js';
import { ReadTitle } from './read-title.js';
import { toTitleFacts } from './title-facts.js';

export interface HoldingView {
  readonly scope: Scope;
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly holders: readonly { readonly account: string; readonly shareBps: number }[];
  /** Statements of the work's chain, from the deposit on: who held it before. */
  readonly chainOfTitle: readonly number[];
}

export interface ConsentView {
  readonly seq: number;
  readonly by: string;
  readonly to: string;
  readonly act: ConsentAct;
  readonly scope: Scope;
  readonly givenAt: string;
  readonly expiresAt: string;
  readonly withdrawnAt: string | null;
}

interface ConsentRow extends BoxRow {
  seq: number;
  account_id: string;
  to_account: string;
  act: ConsentAct;
  given_at: Date;
  expires_at: Date;
  withdrawn_at: Date | null;
}

/** Who holds which slice of a work, and by which statements. */
@Injectable()
export class ReadHoldings {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly title: ReadTitle, private readonly reader: LogReader) {}

  /** @throws DomainError `WORKS.NOT_FOUND`. */
  async execute(typed: string, accountId: string | null): Promise<{ work: string; protection: { until: string | null; basis: ProtectionBasis } | null; holdings: HoldingView[] }> {
    const known = await this.title.find(typed, accountId);
    const chains = await this.chainsOfTitle(known.work.workId);
    const facts = computeTitle(toTitleFacts(projectWork(await this.reader.chain(known.number), true) as unknown as DepositBody));
    const until = Math.max(0, ...known.slices.map(({ box }) => box.term.until));
    return {
      work: known.number,
      protection: facts === null ? null : { until: until === OPEN_END ? null : new Date(until).toISOString(), basis: facts.protection.basis },
      holdings: known.slices.map(({ holdingId, box, holders }) => ({
        ...sayBox(box),
        holders: holders.map((holder) => ({ account: holder.accountId, shareBps: holder.shareBps })),
        chainOfTitle: (holdingId === null ? undefined : chains.get(holdingId)) ?? [0],
      })),
    };
  }

  /** The consents that co-owners gave; told to holders only. @throws DomainError `WORKS.NOT_FOUND`. */
  async consents(typed: string, accountId: string): Promise<{ items: ConsentView[] }> {
    const known = await this.title.find(typed, accountId);
    const rows: ConsentRow[] = await this.dataSource.query(
      `SELECT seq, account_id, to_account, act, given_at, expires_at, withdrawn_at, ${BOX_COLUMNS} FROM consent
        WHERE work_id = $1 AND EXISTS (SELECT 1 FROM holding h JOIN holding_holder o USING (holding_id) WHERE h.work_id = $1 AND o.account_id = $2) ORDER BY seq`, [known.work.workId, accountId]);
    return {
      items: rows.map((row) => ({
        seq: row.seq, by: row.account_id, to: row.to_account, act: row.act, scope: toScope(fromBoxRow(row)), givenAt: row.given_at.toISOString(), expiresAt: row.expires_at.toISOString(),
        withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
      })),
    };
  }

  /** For each slice that stands: the seqs that made it and what it was cut from. */
  async chainsOfTitle(workId: string): Promise<Map<string, number[]>> {
    const rows: { holding_id: string; seqs: number[] }[] = await this.dataSource.query(
      `WITH RECURSIVE line AS (
         SELECT holding_id, holding_id AS at, cut_from, made_seq FROM holding WHERE work_id = $1 AND replaced_seq IS NULL
         UNION ALL SELECT line.holding_id, h.holding_id, h.cut_from, h.made_seq FROM line JOIN holding h ON h.holding_id = line.cut_from)
       SELECT holding_id, array_agg(DISTINCT made_seq ORDER BY made_seq) AS seqs FROM line GROUP BY holding_id`, [workId]);
    return new Map(rows.map(({ holding_id: id, seqs }) => [id, seqs]));
  }
}

export function sayBox(box: Box): { scope: Scope; sentence: { zh: string; en: string } } {
  return { scope: toScope(box), sentence: { zh: describeScope(box, null, 'zh'), en: describeScope(box, null, 'en') } };
}
