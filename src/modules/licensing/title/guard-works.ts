import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Tx } from '../../../platform/database/index.js';
import { rightsHeldByOthers, type WorkGuard, WorkGuards } from '../../works/index.js';

/** Answers works whose they are. A work without a holding was never traded: it is its depositor's, who needs not ask. */
@Injectable()
export class GuardWorks implements WorkGuard, OnModuleInit {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly guards: WorkGuards) {}

  onModuleInit(): void {
    this.guards.register(this);
  }

  async isHolder(workId: string, accountId: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      'SELECT 1 FROM holding h JOIN holding_holder o USING (holding_id) WHERE h.work_id = $1 AND h.replaced_seq IS NULL AND o.account_id = $2 LIMIT 1', [workId, accountId]);
    return rows.length > 0;
  }

  /**
   * Once rights were assigned, only who holds all of them, and alone, withdraws the work or changes what they follow from. Before that it is the depositor's
   * word who holds, and the depositor's to take back. @throws DomainError `WORKS.RIGHTS_HELD_BY_OTHERS`.
   */
  async assertMayChangeRights(tx: Tx, workId: string, accountId: string): Promise<void> {
    const [row]: { others: boolean }[] = await tx.query(
      `SELECT EXISTS (SELECT 1 FROM holding WHERE work_id = $1 AND replaced_seq IS NOT NULL)
          AND EXISTS (SELECT 1 FROM holding h JOIN holding_holder o USING (holding_id) WHERE h.work_id = $1 AND h.replaced_seq IS NULL AND o.account_id <> $2) AS others`, [workId, accountId]);
    if (row?.others === true) throw rightsHeldByOthers();
  }
}
