import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/index.js';

/** What a module that knows whose the rights in works are today answers about them. @param workId decimal. */
export interface WorkGuard {
  /** Whether the account holds rights in the work today. */
  isHolder(workId: string, accountId: string): Promise<boolean>;
  /**
   * Within the transaction of an act that takes something from whoever holds the rights; the head of the work's chain is locked.
   * @throws DomainError when they are not the account's to do it with.
   */
  assertMayChangeRights(tx: Tx, workId: string, accountId: string): Promise<void>;
}

/**
 * Where works ask whose they are now. Rights are known by licensing, which knows works: asked the other way round, the two would be a cycle. So works says
 * here what it needs to know, and licensing answers, registering as its module starts, before anything is served. Nobody having registered is an error, not a
 * «yes»: a service put together without licensing withdraws nothing that was sold.
 */
@Injectable()
export class WorkGuards implements WorkGuard {
  private guard: WorkGuard | null = null;

  register(guard: WorkGuard): void {
    this.guard = guard;
  }

  isHolder(workId: string, accountId: string): Promise<boolean> {
    return this.registered().isHolder(workId, accountId);
  }

  assertMayChangeRights(tx: Tx, workId: string, accountId: string): Promise<void> {
    return this.registered().assertMayChangeRights(tx, workId, accountId);
  }

  private registered(): WorkGuard {
    if (this.guard === null) throw new Error('nobody registered who knows whose the rights in works are');
    return this.guard;
  }
}
