import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { parseWorkNumber, type WorkNumber } from '../../lib/statement/index.js';
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

const FIND = `SELECT work_id AS "workId", account_id AS "accountId", category, visibility, title, deposited_at AS "depositedAt", withdrawn_at AS "withdrawnAt" FROM work WHERE work_id = $1`;

/** Finds a work by its number as typed, for a caller who may know of it. */
@Injectable()
export class FindWork {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly guards: WorkGuards) {}

  /** The work, whoever asks; null when there is none. Whoever calls this decides who may know of it. */
  async known(typed: string): Promise<Pick<FoundWork, 'number' | 'work'> | null> {
    const parsed = parseWorkNumber(typed);
    if (parsed === null) return null;
    // Asked before whatever is done with a work: parsed and planned once a connection.
    const [work] = await queryPrepared<WorkEntity>(this.dataSource, 'find-work', FIND, [parsed.id.toString()]);
    return work ? { number: parsed.number, work } : null;
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
}
