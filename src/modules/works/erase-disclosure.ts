import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DomainError } from '../../lib/errors/index.js';
import { parseDisclosure, type WorkNumber } from '../../lib/statement/index.js';
import { transact } from '../../platform/database/index.js';
import { faultPoint, writePoint } from '../../platform/fault-points/index.js';
import { LogReader } from '../log/index.js';
import { FindWork } from './find-work.js';
import { indexWork } from './index-work.js';
import { statementOf } from './project-work.js';

/**
 * Erases what opens a sealed member, in every statement of the work and wherever it was copied to. The log keeps only the salted
 * digest: what it stood for can no longer be told, and every proof still verifies (PIPL Art. 47, the right to erasure).
 */
@Injectable()
export class EraseDisclosure {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findWork: FindWork, private readonly reader: LogReader) {}

  /**
   * Erasing again what is erased is done at once, so that a lost answer can be asked for again. Nothing is kept of where the erased stood; so a pointer
   * that was never sealed is refused only while everything that the work sealed can still be opened.
   * @param pointer e.g. `/owners/0/name`; what lies below it goes with it. @throws DomainError `WORKS.DISCLOSURE_NOT_FOUND`.
   */
  async execute(typed: string, accountId: string, pointer: string): Promise<void> {
    const { number, work } = await this.findWork.executeForOwner(typed, accountId);
    const erased = await transact(this.dataSource, async (tx) => {
      const rows: { seq: number; disclosures: string[] }[] = await tx.query('SELECT seq, disclosures FROM statement_disclosure WHERE subject = $1 ORDER BY seq FOR UPDATE', [number]);
      let count = 0;
      for (const { seq, disclosures } of rows) {
        const kept = disclosures.filter((disclosure) => !isWithin(parseDisclosure(disclosure).pointer, pointer));
        if (kept.length === disclosures.length) continue;
        count += disclosures.length - kept.length;
        await writePoint('erase.disclosures', () => tx.query('UPDATE statement_disclosure SET disclosures = $3 WHERE subject = $1 AND seq = $2', [number, seq, kept]));
      }
      if (count > 0 && isWithin('/title', pointer)) await writePoint('erase.title', () => tx.query('UPDATE work SET title = NULL WHERE work_id = $1', [work.workId]));
      if (count > 0) await indexWork(tx, work.workId);
      return count;
    });
    if (erased === 0 && !(await this.hasErased(number))) throw new DomainError('WORKS.DISCLOSURE_NOT_FOUND', `Nothing sealed stands at ${pointer}.`);
    faultPoint('erase.answer');
  }

  /** Whether a digest of the work stands sealed that nothing opens any more. */
  private async hasErased(number: WorkNumber): Promise<boolean> {
    const entries = await this.reader.chain(number);
    return entries.some((entry) => entry.disclosures.length < statementOf(entry).sealed.length);
  }
}

function isWithin(pointer: string, root: string): boolean {
  return pointer === root || pointer.startsWith(`${root}/`);
}
