import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { parseWorkNumber, type WorkNumber } from '../../lib/statement/index.js';
import { Coalescer } from '../../platform/coalesce/index.js';
import { queryPrepared } from '../../platform/database/index.js';
import type { WorkEntity } from './work.entity.js';
import { WorkGuards } from './work-guards.js';
import { notOwner, workNotFound } from './works.errors.js';

export interface FoundWork {
  readonly number: WorkNumber;
  readonly work: WorkEntity;
  /** Whether the caller deposited it. What was deposited stays theirs to read, whoever holds the rights now. */
  readonly isOwner: boolean;
}

/** Each looked up by key: as JSON the planner guesses the same of any number, and keeps one plan. */
const FIND = `
  SELECT w.work_id AS "workId", w.account_id AS "accountId", w.category, w.visibility, w.title, w.deposited_at AS "depositedAt", w.withdrawn_at AS "withdrawnAt"
    FROM jsonb_array_elements_text($1::jsonb) AS q(id) CROSS JOIN LATERAL (SELECT * FROM work w WHERE w.work_id = q.id::bigint OFFSET 0) w`;
const MOST_AT_ONCE = 64;

/** Finds a work by its number as typed, for a caller who may know of it. */
@Injectable()
export class FindWork {
  /** Asked before whatever is done with a work: those that are asked for together are found together. */
  private readonly coalescer = new Coalescer<string, WorkEntity | null>((ids) => this.findMany(ids), { maxItems: MOST_AT_ONCE, maxBatches: 4, isItemFault: () => false });

  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly guards: WorkGuards) {}

  /** The work, whoever asks; null when there is none. Whoever calls this decides who may know of it. */
  async known(typed: string): Promise<Pick<FoundWork, 'number' | 'work'> | null> {
    const parsed = parseWorkNumber(typed);
    if (parsed === null) return null;
    const work = await this.coalescer.submit(parsed.id.toString());
    return work === null ? null : { number: parsed.number, work };
  }

  /** @throws DomainError `WORKS.NOT_FOUND`, also for a confidential work of which the caller neither is the depositor nor holds. */
  async execute(typed: string, accountId: string | null): Promise<FoundWork> {
    const known = await this.known(typed);
    if (known === null) throw workNotFound();
    const isOwner = known.work.accountId === accountId;
    if (!isOwner && !(await this.mayKnow(known.work, accountId))) throw workNotFound();
    return { ...known, isOwner };
  }

  /** Of a work of somebody else's depositing: a public one everybody may know of, a confidential one who holds rights in it today. */
  async mayKnow({ workId, visibility }: Pick<WorkEntity, 'workId' | 'visibility'>, accountId: string | null): Promise<boolean> {
    return visibility !== 'confidential' || (accountId !== null && (await this.guards.isHolder(workId, accountId)));
  }

  /** @throws DomainError `WORKS.NOT_FOUND`; `WORKS.NOT_OWNER` when the caller sees it but did not deposit it. */
  async executeForOwner(typed: string, accountId: string): Promise<FoundWork> {
    const found = await this.execute(typed, accountId);
    if (!found.isOwner) throw notOwner();
    return found;
  }

  private async findMany(ids: readonly string[]): Promise<(WorkEntity | null)[]> {
    const works = await queryPrepared<WorkEntity>(this.dataSource, 'find-works', FIND, [JSON.stringify([...new Set(ids)])]);
    const found = new Map(works.map((work) => [work.workId, work]));
    return ids.map((id) => found.get(id) ?? null);
  }
}
