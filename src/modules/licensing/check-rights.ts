import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { type Exclusivity, hasCode, LANGUAGE_CODES, RIGHT_CODES, type SetDimension, SET_DIMENSIONS, TERRITORY_CODES, USE_CODES } from '../../lib/rights/index.js';
import { formatWorkNumber } from '../../lib/statement/index.js';
import { FindWork } from '../works/index.js';
import { ReadTitle, type Slice } from './read-title.js';

const codeOf = (table: ReadonlyMap<string, number>) => z.enum([...table.keys()] as [string, ...string[]]);

/** May the account do this, with this work, there and then? */
export const checkQuery = z.strictObject({
  work: z.string().max(64),
  account: z.uuid().optional().meta({ description: 'Whose right is asked for; the caller’s own when it is left out' }),
  right: codeOf(RIGHT_CODES),
  territory: codeOf(TERRITORY_CODES),
  use: codeOf(USE_CODES),
  language: codeOf(LANGUAGE_CODES).default('zxx'),
  at: z.iso.datetime({ offset: true }).optional(),
});
export type CheckQuery = z.output<typeof checkQuery>;

/** Which rule a verdict rests on, and where the law or the log has it. */
export interface Reason {
  readonly rule: 'holder' | 'licence' | 'barred-by-exclusive' | 'not-granted' | 'no-such-right';
  readonly article: string;
  /** The licence or the work whose chain says so. */
  readonly subject: string;
}

export interface RightsVerdict {
  readonly verdict: 'permitted' | 'forbidden' | 'unclear';
  readonly reasons: readonly Reason[];
}

interface LicenceRow {
  licence_id: string;
  licensee_id: string | null;
  exclusivity: Exclusivity;
}

/** Answers from what is recorded here, and says by which rule. */
@Injectable()
export class CheckRights {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findWork: FindWork, private readonly title: ReadTitle) {}

  /** @throws DomainError `WORKS.NOT_FOUND`. */
  async execute(query: CheckQuery, callerId: string | null): Promise<RightsVerdict> {
    const found = await this.findWork.execute(query.work, callerId);
    const account = query.account ?? callerId;
    const at = query.at === undefined ? new Date() : new Date(query.at);
    const codes: Record<SetDimension, number> = {
      rights: RIGHT_CODES.get(query.right) ?? -1, territories: TERRITORY_CODES.get(query.territory) ?? -1, uses: USE_CODES.get(query.use) ?? -1, languages: LANGUAGE_CODES.get(query.language) ?? -1,
    };
    const slice = (await this.title.execute(found)).find((one) => covers(one, codes, at.getTime()));
    if (!slice) return { verdict: 'unclear', reasons: [{ rule: 'no-such-right', article: 'Copyright Law Art. 10, 23', subject: found.number }] };
    const licences: LicenceRow[] = await this.dataSource.query(
      `SELECT licence_id, licensee_id, exclusivity FROM licence
        WHERE work_id = $1 AND voided_at IS NULL AND rights @> $2::integer AND territories @> $3::integer AND uses @> $4::integer AND languages @> $5::integer AND term @> $6::timestamptz
          AND (licensee_id = $7 OR exclusivity = 'exclusive')`,
      [found.work.workId, ...SET_DIMENSIONS.map((dimension) => codes[dimension]), at, account],
    );
    const own = licences.find(({ licensee_id: licensee }) => licensee === account && account !== null);
    if (own) return { verdict: 'permitted', reasons: [{ rule: 'licence', article: 'Copyright Law Art. 26', subject: formatWorkNumber(BigInt(own.licence_id), 'LC') }] };
    if (!slice.holders.some(({ accountId }) => accountId === account)) return { verdict: 'forbidden', reasons: [{ rule: 'not-granted', article: 'Copyright Law Art. 29', subject: found.number }] };
    const barred = licences.some(({ exclusivity }) => exclusivity === 'exclusive');
    if (barred) return { verdict: 'forbidden', reasons: [{ rule: 'barred-by-exclusive', article: 'Implementing Regulations Art. 24', subject: found.number }] };
    return { verdict: 'permitted', reasons: [{ rule: 'holder', article: 'Copyright Law Art. 10', subject: found.number }] };
  }
}

function covers({ box }: Slice, codes: Record<SetDimension, number>, at: number): boolean {
  return at >= box.term.from && at < box.term.until && SET_DIMENSIONS.every((dimension) => hasCode(box[dimension], codes[dimension]));
}
