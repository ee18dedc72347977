import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Box, OPEN_END, type Scope, toScope } from '../../../lib/rights/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { type ChainEntry, LogReader } from '../../log/index.js';
import { statementOf } from '../../works/index.js';
import { toBoxParameters } from '../box-columns.js';
import { toGrantedBox } from '../granted-box.js';
import { notInThisState, notParty } from '../licensing.errors.js';
import { PerformAct } from '../perform-act.js';
import { ReadTitle } from '../title/read-title.js';
import type { GrantedLicence } from './compose-grant.js';
import { readAgreement } from './compose-licence-contract.js';
import { FindLicence } from './find-licence.js';
import { GrantLicence } from './grant-licence.js';
import type { Grant, Renewal } from './grant-schema.js';

const DAY = 86_400_000;

/** Grants the next period of a licence, from where it ends: a licence of its own, which the licensee accepts like any other. What was agreed stays agreed, but for what is given. */
@Injectable()
export class RenewLicence {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, private readonly findLicence: FindLicence, private readonly title: ReadTitle, private readonly reader: LogReader,
    private readonly grant: GrantLicence, private readonly perform: PerformAct,
  ) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`, and as {@link GrantLicence}. */
  async execute(typed: string, accountId: string, renewal: Renewal, idempotencyKey: string | null): Promise<GrantedLicence> {
    const found = await this.findLicence.execute(typed, accountId);
    const request = { act: 'renew', subject: found.number, payload: renewal };
    const stored = await this.perform.replay<GrantedLicence>({ ...request, accountId, idempotencyKey });
    if (stored) return stored;
    if (!found.isAbove) throw notParty();
    if (found.voidedAt !== null || found.acceptedAt === null || found.licenseeId === null) throw notInThisState('Only a licence that was accepted and not voided can be renewed.');
    if (found.box.term.until === OPEN_END) throw notInThisState('The licence has no end.');
    const [work, parent, [granted]] = await Promise.all([
      this.title.findForInsider(found.work), found.parentId === null ? null : this.findLicence.byId(this.dataSource, found.parentId), this.reader.chain(found.number),
    ]);
    const { price, payment, attribution, revenueShareBps, curePeriodDays = 30, governingLaw = 'CN' } = (granted && readAgreement(granted)) ?? {};
    const { term: _, ...sets } = toScope(found.box);
    const scope: Scope = { ...sets, term: { from: new Date(found.box.term.until).toISOString(), until: toInstant(renewal.until) } };
    const subjectTo = granted === undefined ? [] : await this.stillSubjectTo(granted, toGrantedBox(scope, parent === null ? work.slices : [parent]));
    return this.grant.from({ work, parent, renews: found, accepted: false }, accountId, {
      licensee: found.licenseeId, exclusivity: found.exclusivity, scope, sublicensing: found.sublicensing, conditions: [...found.conditions] as Grant['conditions'], subjectTo,
      price: renewal.price ?? (price as Grant['price']), payment: renewal.payment ?? payment, attribution, revenueShareBps, curePeriodDays, governingLaw,
    }, idempotencyKey, accountId, request);
  }

  /** The earlier licences that it left alone, and that reach into the next period. @returns numbers. */
  private async stillSubjectTo(granted: ChainEntry, next: Box): Promise<string[]> {
    const numbers = (statementOf(granted).body['subjectTo'] as string[] | undefined) ?? [];
    if (numbers.length === 0) return [];
    const ids = new Map(numbers.map((number) => [String(parseWorkNumber(number, 'LC')?.id), number]));
    const rows: { licence_id: string }[] = await this.dataSource.query(
      `SELECT licence_id FROM licence WHERE licence_id = ANY ($1::bigint[]) AND exclusivity = 'non-exclusive' AND voided_at IS NULL
          AND rights && $2 AND territories && $3 AND uses && $4 AND languages && $5 AND term && $6`, [[...ids.keys()], ...toBoxParameters(next)]);
    return rows.flatMap((row) => ids.get(row.licence_id) ?? []);
  }
}

/** A day is meant as a whole: where the licence is used, in Asia/Shanghai. */
function toInstant(until: Renewal['until']): string | null {
  return until !== null && /^\d{4}-\d\d-\d\d$/.test(until) ? new Date(Date.parse(`${until}T00:00:00+08:00`) + DAY).toISOString() : until;
}
