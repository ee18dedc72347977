import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { parseWorkNumber, type WorkNumber } from '../../lib/statement/index.js';
import { WorkEntity } from './work.entity.js';
import { notOwner, workNotFound } from './works.errors.js';

export interface FoundWork {
  readonly number: WorkNumber;
  readonly work: WorkEntity;
  /** Whether the caller deposited it. */
  readonly isOwner: boolean;
}

/** Finds a work by its number as typed, for a caller who may know of it. */
@Injectable()
export class FindWork {
  constructor(@InjectRepository(WorkEntity) private readonly works: Repository<WorkEntity>) {}

  /** @throws DomainError `WORKS.NOT_FOUND`, also for a stranger's confidential work. */
  async execute(typed: string, accountId: string | null): Promise<FoundWork> {
    const parsed = parseWorkNumber(typed);
    const work = parsed && (await this.works.findOneBy({ workId: parsed.id.toString() }));
    if (!parsed || !work) throw workNotFound();
    const isOwner = work.accountId === accountId;
    if (work.visibility === 'confidential' && !isOwner) throw workNotFound();
    return { number: parsed.number, work, isOwner };
  }

  /** @throws DomainError `WORKS.NOT_FOUND`; `WORKS.NOT_OWNER` when the caller sees it but did not deposit it. */
  async executeForOwner(typed: string, accountId: string): Promise<FoundWork> {
    const found = await this.execute(typed, accountId);
    if (!found.isOwner) throw notOwner();
    return found;
  }
}
