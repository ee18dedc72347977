import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { formatWorkNumber } from '../../lib/statement/index.js';
import { LogReader } from '../log/index.js';
import { statementOf } from './project-work.js';
import { linksOf } from './work-links.js';
import { type Progress, ReadProgress } from './work-status.js';

export interface ContentDigest {
  readonly algorithm: 'sha256' | 'sm3';
  /** Lower-case hex. */
  readonly hex: string;
}

/** A work that holds a content, as a caller may see it. */
export interface Holder {
  readonly number: string;
  /** Null once it is erased. */
  readonly title: string | null;
  readonly visibility: 'public' | 'confidential';
  readonly isOwner: boolean;
  readonly sha256: string;
  /** `held`: the service hashed the file itself; `declared`: its owner sent the digest. */
  readonly deposit: 'held' | 'declared';
  /**
   * `first`: the claim that stands first, of a held file before a declared digest; `rival`: its owner knew of an earlier claim and claims all the same;
   * `further`: any other public work; null: withdrawn or confidential, which claim nothing.
   */
  readonly claim: 'first' | 'rival' | 'further' | null;
  readonly depositedAt: string;
  readonly withdrawnAt: string | null;
  readonly status: Progress['status'];
  readonly timeline: Progress['timeline'];
  readonly leafIndex: number | null;
  readonly links: ReturnType<typeof linksOf>;
}

interface Row {
  work_id: string;
  title: string | null;
  visibility: 'public' | 'confidential';
  account_id: string;
  deposited_at: Date;
  withdrawn_at: Date | null;
  sha256: string;
  held: boolean;
  is_first: boolean;
}

/** How many works one answer names; `GET /works?sha256=` turns the pages of the rest. */
const MOST_HOLDERS = 50;
/** Each asks the log: one request must not take every connection. */
const READ_AT_ONCE = 8;

/** Finds the works that hold a content: public ones, and the caller's own confidential ones. */
@Injectable()
export class FindHolders {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly reader: LogReader, private readonly progress: ReadProgress) {}

  /** @returns in the order of their deposit, the oldest first. Empty files are in too many works to mean anything: they are held by none. */
  async execute({ algorithm, hex }: ContentDigest, accountId: string | null): Promise<{ works: Holder[]; more: boolean }> {
    const rows: Row[] = await this.dataSource.query(
      `WITH held AS (
         SELECT work_id, sha256, bool_or(blob_sha256 IS NOT NULL) AS held FROM content WHERE ${algorithm} = decode($1, 'hex') AND byte_length > 0 GROUP BY work_id, sha256)
       SELECT w.work_id, w.title, w.visibility, w.account_id, w.deposited_at, w.withdrawn_at, encode(h.sha256, 'hex') AS sha256, h.held,
              w.work_id = (SELECT f.work_id FROM first_claim f WHERE f.sha256 = h.sha256 ORDER BY f.held DESC LIMIT 1) IS TRUE AS is_first
         FROM held h JOIN work w USING (work_id)
        WHERE w.visibility = 'public' OR w.account_id = $2::uuid
        ORDER BY w.deposited_at, w.work_id, h.sha256 LIMIT $3`,
      [hex, accountId, MOST_HOLDERS + 1],
    );
    const named = rows.slice(0, MOST_HOLDERS);
    const works: Holder[] = [];
    for (let at = 0; at < named.length; at += READ_AT_ONCE) {
      works.push(...(await Promise.all(named.slice(at, at + READ_AT_ONCE).map((row) => this.toHolder(row, accountId)))));
    }
    return { works, more: rows.length > MOST_HOLDERS };
  }

  private async toHolder(row: Row, accountId: string | null): Promise<Holder> {
    const number = formatWorkNumber(BigInt(row.work_id));
    const [deposit] = await this.reader.chain(number);
    if (!deposit) throw new Error(`the work ${number} has no statement`);
    const { status, timeline, leafIndex } = await this.progress.execute(deposit);
    const saysRival = statementOf(deposit).body['claim'] === 'rival';
    const claims = row.visibility === 'public' && row.withdrawn_at === null;
    return {
      number,
      title: row.title,
      visibility: row.visibility,
      isOwner: row.account_id === accountId,
      sha256: row.sha256,
      deposit: row.held ? 'held' : 'declared',
      claim: claims ? (row.is_first ? 'first' : saysRival ? 'rival' : 'further') : null,
      depositedAt: row.deposited_at.toISOString(),
      withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
      status, timeline, leafIndex,
      links: linksOf(number),
    };
  }
}
