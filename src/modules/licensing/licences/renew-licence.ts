import { Injectable } from '@nestjs/common';
import { OPEN_END, toScope } from '../../../lib/rights/index.js';
import { LogReader } from '../../log/index.js';
import { notInThisState, notParty } from '../licensing.errors.js';
import { ReadTitle } from '../title/read-title.js';
import { readAgreement } from './compose-licence-contract.js';
import { FindLicence } from './find-licence.js';
import type { GrantedLicence } from './compose-grant.js';
import { GrantLicence } from './grant-licence.js';
import type { Grant, Renewal } from './grant-schema.js';

/** Grants the next period of a licence, from where it ends: a licence of its own, which the licensee accepts like any other. */
@Injectable()
export class RenewLicence {
  constructor(private readonly findLicence: FindLicence, private readonly title: ReadTitle, private readonly reader: LogReader, private readonly grant: GrantLicence) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`, and as {@link GrantLicence}. */
  async execute(typed: string, accountId: string, { until, price, payment }: Renewal, idempotencyKey: string | null): Promise<GrantedLicence> {
    const found = await this.findLicence.execute(typed, accountId);
    if (!found.isAbove) throw notParty();
    if (found.voidedAt !== null || found.acceptedAt === null || found.licenseeId === null) throw notInThisState('Only a licence that was accepted and not voided can be renewed.');
    if (found.box.term.until === OPEN_END) throw notInThisState('The licence has no end.');
    const { term: _, ...sets } = toScope(found.box);
    const from = new Date(found.box.term.until).toISOString();
    // A day is meant as a whole: where the licence is used, in Asia/Shanghai.
    const end = until !== null && /^\d{4}-\d\d-\d\d$/.test(until) ? new Date(Date.parse(`${until}T00:00:00+08:00`) + 86_400_000).toISOString() : until;
    const parent = found.parentId === null ? null : await this.findLicence.byId(this.findLicence.db, found.parentId);
    const [granted] = await this.reader.chain(found.number);
    const { attribution, revenueShareBps, curePeriodDays = 30, governingLaw = 'CN' } = (granted && readAgreement(granted)) ?? {};
    return this.grant.from({ work: await this.title.findForInsider(found.work), parent, renews: found, accepted: false }, accountId, {
      licensee: found.licenseeId, exclusivity: found.exclusivity, scope: { ...sets, term: { from, until: end } }, sublicensing: found.sublicensing, conditions: [...found.conditions] as Grant['conditions'], subjectTo: [],
      price, payment, attribution, revenueShareBps, curePeriodDays, governingLaw,
    }, idempotencyKey);
  }
}
