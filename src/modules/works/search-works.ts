import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { accountId, line } from '../../lib/api-schema/index.js';
import { CATEGORIES, formatWorkNumber, MAX_WORK_ID } from '../../lib/statement/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { sqlState } from '../../platform/database/index.js';
import { decodeCursor, type Page, pageQuery, toPage } from '../../platform/http/index.js';
import { linksOf } from './work-links.js';
import { searchTooLong } from './works.errors.js';

/** PostgreSQL knows no year 0, nor the leap seconds that ISO 8601 allows. */
const instant = z.iso.datetime({ offset: true }).refine((text) => Date.parse(text) >= 0, 'must be a time since 1970');

export const searchQuery = pageQuery.extend({
  title: line(200).optional().meta({ description: 'A part of the title' }),
  category: z.enum(CATEGORIES).optional(),
  account: z.union([accountId, z.literal('me')]).optional().meta({ description: 'Who deposited; «me» lists also one\'s own confidential works' }),
  from: instant.optional().meta({ description: 'Deposited at or after' }),
  to: instant.optional().meta({ description: 'Deposited before' }),
  sha256: z.string().regex(/^[0-9a-fA-F]{64}$/).optional().meta({ description: 'Digest of a file that it holds or declares' }),
});
export type SearchQuery = z.output<typeof searchQuery>;

const position = z.tuple([z.iso.datetime().refine((text) => Date.parse(text) >= 0), z.string().regex(/^\d{1,19}$/).refine((id) => BigInt(id) <= MAX_WORK_ID)]);

interface Row {
  work_id: string;
  title: string | null;
  category: string;
  visibility: string;
  account_id: string;
  deposited_at: Date;
  withdrawn_at: Date | null;
}

export interface WorkSummary {
  readonly number: string;
  readonly title: string | null;
  readonly category: string;
  readonly visibility: string;
  readonly account: string;
  readonly depositedAt: string;
  readonly withdrawnAt: string | null;
  readonly links: ReturnType<typeof linksOf>;
}

/**
 * Anyone may search, and some searches have no index that serves them: of a title's part of one or two characters, usual in Chinese, pg_trgm makes no trigram, and
 * all works are read. So a search ends soon, and all searches together leave half of the connections to everything else.
 */
const TIMEOUT_MS = 3_000;
const QUERY_CANCELED = '57014';

/** Searches public works, newest first; a caller finds its own confidential ones as well when it asks for «me». */
@Injectable()
export class SearchWorks {
  private readonly mostAtOnce: number;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(@InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) config: Config) {
    this.mostAtOnce = Math.max(1, Math.floor(config.database.poolSize / 2));
  }

  /** @throws DomainError `HTTP.UNAVAILABLE` when PostgreSQL does not find it within {@link TIMEOUT_MS}. */
  async execute(query: SearchQuery, accountId: string | null): Promise<Page<WorkSummary>> {
    const parameters: unknown[] = [];
    const bind = (value: unknown): string => `$${parameters.push(value)}`;
    const mine = query.account === 'me';
    const conditions = [mine ? `w.account_id = ${bind(accountId)}` : `w.visibility = 'public'`];
    if (query.account !== undefined && !mine) conditions.push(`w.account_id = ${bind(query.account)}`);
    if (query.category !== undefined) conditions.push(`w.category = ${bind(query.category)}`);
    if (query.title !== undefined) conditions.push(`w.title ILIKE ${bind(`%${query.title.replace(/[\\%_]/g, '\\$&')}%`)}`);
    if (query.from !== undefined) conditions.push(`w.deposited_at >= ${bind(query.from)}`);
    if (query.to !== undefined) conditions.push(`w.deposited_at < ${bind(query.to)}`);
    if (query.sha256 !== undefined) conditions.push(`EXISTS (SELECT 1 FROM content c WHERE c.work_id = w.work_id AND c.sha256 = decode(${bind(query.sha256.toLowerCase())}, 'hex'))`);
    if (query.cursor !== undefined) {
      const [at, id] = decodeCursor(position, query.cursor);
      conditions.push(`(w.deposited_at, w.work_id) < (${bind(at)}::timestamptz, ${bind(id)}::bigint)`);
    }
    const rows = await this.find(
      `SELECT w.work_id, w.title, w.category, w.visibility, w.account_id, w.deposited_at, w.withdrawn_at
         FROM work w WHERE ${conditions.join(' AND ')} ORDER BY w.deposited_at DESC, w.work_id DESC LIMIT ${bind(query.limit + 1)}`,
      parameters,
    );
    return toPage(rows, query.limit, toSummary, (row) => [row.deposited_at.toISOString(), row.work_id]);
  }

  private async find(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    while (this.running >= this.mostAtOnce) await new Promise<void>((go) => this.waiting.push(go));
    this.running++;
    try {
      return await this.dataSource.transaction(async (tx) => {
        await tx.query(`SET LOCAL statement_timeout = ${TIMEOUT_MS}`);
        return tx.query(sql, [...parameters]);
      });
    } catch (error) {
      throw sqlState(error) === QUERY_CANCELED ? searchTooLong(error) : error;
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}

function toSummary(row: Row): WorkSummary {
  const number = formatWorkNumber(BigInt(row.work_id));
  return {
    number, title: row.title, category: row.category, visibility: row.visibility, account: row.account_id,
    depositedAt: row.deposited_at.toISOString(), withdrawnAt: row.withdrawn_at?.toISOString() ?? null, links: linksOf(number),
  };
}
