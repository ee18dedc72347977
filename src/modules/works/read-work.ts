import { Injectable } from '@nestjs/common';
import { bytesToHex } from '../../lib/bytes/index.js';
import { type ChainEntry, LogReader } from '../log/index.js';
import { FindWork } from './find-work.js';
import { projectWork, statementOf, visibleDisclosures } from './project-work.js';
import { linksOf } from './work-links.js';
import { type Progress, ReadProgress } from './work-status.js';
import type { HistoryItem, WorkBody, WorkHistory, WorkView } from './work-view.js';
import { workNotFound } from './works.errors.js';

/** Reads one work, and its history, for a caller. */
@Injectable()
export class ReadWork {
  constructor(private readonly findWork: FindWork, private readonly reader: LogReader, private readonly progress: ReadProgress) {}

  async execute(typed: string, accountId: string | null): Promise<WorkView> {
    const { number, work, isOwner } = await this.findWork.execute(typed, accountId);
    const entries = await this.reader.chain(number);
    const first = entries[0];
    if (!first) throw workNotFound();
    const { status, timeline, leafIndex, anchor } = await this.progress.execute(first);
    return {
      number,
      ...(projectWork(entries, isOwner) as WorkBody),
      status,
      timeline,
      leafIndex,
      anchor,
      withdrawnAt: work.withdrawnAt?.toISOString() ?? null,
      statement: { id: statementOf(first).id, leafHash: bytesToHex(first.leafHash) },
      receipt: first.receipt,
      isOwner,
      links: linksOf(number),
    };
  }

  async history(typed: string, accountId: string | null): Promise<WorkHistory> {
    const { number, isOwner } = await this.findWork.execute(typed, accountId);
    const entries = await this.reader.chain(number);
    return { items: await Promise.all(entries.map(async (entry) => toHistoryItem(entry, await this.progress.execute(entry), isOwner))) };
  }

  /** The progress of the deposit; what `events` watches. */
  async status(typed: string, accountId: string | null): Promise<Progress> {
    const { number } = await this.findWork.execute(typed, accountId);
    const [first] = await this.reader.chain(number);
    if (!first) throw workNotFound();
    return this.progress.execute(first);
  }
}

function toHistoryItem(entry: ChainEntry, { status, timeline, leafIndex, anchor }: Progress, isOwner: boolean): HistoryItem {
  return {
    seq: entry.seq, type: entry.type, status, timeline, leafIndex, anchor,
    leafHash: bytesToHex(entry.leafHash), receipt: entry.receipt,
    statement: statementOf(entry), disclosures: visibleDisclosures(entry, isOwner),
  };
}
