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

  /** The work, whoever asks; null when there is none. Whoever calls this decides who may know of it. */
  async known(typed: string): Promise<Pick<FoundWork, 'number' | 'work'> | null> {
    const parsed = parseWorkNumber(typed);
    const work = parsed && (await this.works.findOneBy({ workId: parsed.id.toString() }));
    return parsed && work ? { number: parsed.number, work } : null;
  }

  /** @throws DomainError `WORKS.NOT_FOUND`, also for a stranger's confidential work. */
  async execute(typed: string, accountId: string | null): Promise<FoundWork> {
    const known = await this.known(typed);
    if (known === null) throw workNotFound();
    const isOwner = known.work.accountId === accountId;
    if (known.work.visibility === 'confidential' && !isOwner) throw workNotFound();
    return { ...known, isOwner };
  }

  /** @throws DomainError `WORKS.NOT_FOUND`; `WORKS.NOT_OWNER` when the caller sees it but did not deposit it. */
  async executeForOwner(typed: string, accountId: string): Promise<FoundWork> {
    const found = await this.execute(typed, accountId);
    if (!found.isOwner) throw notOwner();
    return found;
  }
}
