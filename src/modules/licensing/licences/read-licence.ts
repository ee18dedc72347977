import { Injectable } from '@nestjs/common';
import { describeScope, OPEN_END, toScope } from '../../../lib/rights/index.js';
import { formatWorkNumber } from '../../../lib/statement/index.js';
import { LogReader } from '../../log/index.js';
import { ReadProgress, statementOf } from '../../works/index.js';
import { licenceNotFound } from '../licensing.errors.js';
import { FindLicence } from './find-licence.js';
import { standingOf } from './licence-event.js';

/** Reads one licence, and what was said of it, for a caller. */
@Injectable()
export class ReadLicence {
  constructor(private readonly findLicence: FindLicence, private readonly reader: LogReader, private readonly progress: ReadProgress) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`. */
  async execute(typed: string, accountId: string | null, now = Date.now()): Promise<Record<string, unknown>> {
    const licence = await this.findLicence.execute(typed, accountId);
    const [first] = await this.reader.chain(licence.number);
    if (!first) throw licenceNotFound();
    const { status: logged, timeline, leafIndex, anchor } = await this.progress.execute(first);
    const self = `/api/v1/licences/${licence.number}`;
    return {
      number: licence.number,
      work: licence.work,
      parent: licence.parentId === null ? null : formatWorkNumber(licence.parentId, 'LC'),
      exclusivity: licence.exclusivity,
      scope: toScope(licence.box),
      sentence: { zh: describeScope(licence.box, licence.exclusivity, 'zh'), en: describeScope(licence.box, licence.exclusivity, 'en') },
      sublicensing: licence.sublicensing,
      toAnyone: licence.toAnyone,
      declared: licence.declared,
      conditions: licence.conditions,
      standing: standingOf(licence, now),
      inDispute: licence.doubtedAt !== null,
      grantedAt: licence.grantedAt.toISOString(),
      acceptedAt: licence.acceptedAt?.toISOString() ?? null,
      endsAt: licence.box.term.until === OPEN_END ? null : new Date(licence.box.term.until).toISOString(),
      voidedAt: licence.voidedAt?.toISOString() ?? null,
      ...(licence.isParty ? { grantor: licence.grantorId, licensee: licence.licenseeId, receipt: first.receipt } : {}),
      status: logged, timeline, leafIndex, anchor,
      links: { self, proof: `${self}/proof`, contract: `${self}/contract`, history: `${self}/history` },
    };
  }

  /** The statements of its chain, each with how far it has come. @throws DomainError `LICENSING.NOT_FOUND`. */
  async history(typed: string, accountId: string | null): Promise<{ items: Record<string, unknown>[] }> {
    const licence = await this.findLicence.execute(typed, accountId);
    const entries = await this.reader.chain(licence.number);
    return {
      items: await Promise.all(entries.map(async (entry) => ({
        seq: entry.seq, type: entry.type, ...(await this.progress.execute(entry)), receipt: entry.receipt, statement: statementOf(entry), disclosures: licence.isParty ? entry.disclosures : [],
      }))),
    };
  }
}
