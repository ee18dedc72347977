import { Injectable } from '@nestjs/common';
import { describeScope, OPEN_END, toScope } from '../../lib/rights/index.js';
import { LogReader } from '../log/index.js';
import { ReadProgress } from '../works/index.js';
import { FindLicence, type FoundLicence } from './find-licence.js';
import { licenceNotFound } from './licensing.errors.js';

export type LicenceStatus = 'to-come' | 'in-force' | 'ended' | 'void';

/** Reads one licence for a caller. */
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
      exclusivity: licence.exclusivity,
      scope: toScope(licence.box),
      sentence: { zh: describeScope(licence.box, licence.exclusivity, 'zh'), en: describeScope(licence.box, licence.exclusivity, 'en') },
      sublicensing: licence.sublicensing,
      standing: standingOf(licence, now),
      grantedAt: licence.grantedAt.toISOString(),
      endsAt: licence.box.term.until === OPEN_END ? null : new Date(licence.box.term.until).toISOString(),
      voidedAt: licence.voidedAt?.toISOString() ?? null,
      ...(licence.isParty ? { grantor: licence.grantorId, licensee: licence.licenseeId, receipt: first.receipt } : {}),
      status: logged, timeline, leafIndex, anchor,
      links: { self, proof: `${self}/proof` },
    };
  }
}

function standingOf({ box, voidedAt }: FoundLicence, now: number): LicenceStatus {
  if (voidedAt !== null) return 'void';
  if (now >= box.term.until) return 'ended';
  return now < box.term.from ? 'to-come' : 'in-force';
}
