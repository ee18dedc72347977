import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { rowNumber } from '../../../lib/api-schema/index.js';
import { describeScope, toScope } from '../../../lib/rights/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { decodeCursor, type Page, pageQuery, toPage } from '../../../platform/http/index.js';
import { fromLicenceRow, LICENCE_COLUMNS, type LicenceRow } from './find-licence.js';
import { standingOf } from './licence-event.js';

export const licencesQuery = z.strictObject({
  ...pageQuery.shape,
  role: z.enum(['licensee', 'grantor']).default('licensee').meta({ description: 'What the caller is in them' }),
  work: z.string().max(64).refine((typed) => parseWorkNumber(typed) !== null, 'is no work number').optional(),
});
export type LicencesQuery = z.output<typeof licencesQuery>;

const position = z.tuple([z.iso.datetime(), rowNumber]);

/** The licences of an account, the newest first. */
@Injectable()
export class ListLicences {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async execute(accountId: string, { cursor, limit, role, work }: LicencesQuery, now = Date.now()): Promise<Page<Record<string, unknown>>> {
    const [at, id] = cursor === undefined ? [null, null] : decodeCursor(position, cursor);
    const rows: LicenceRow[] = await this.dataSource.query(
      `SELECT ${LICENCE_COLUMNS} FROM licence
        WHERE ${role === 'licensee' ? 'licensee_id' : 'grantor_id'} = $1 AND ($2::bigint IS NULL OR work_id = $2) AND ($3::timestamptz IS NULL OR (granted_at, licence_id) < ($3, $4::bigint))
        ORDER BY granted_at DESC, licence_id DESC LIMIT $5`,
      [accountId, work === undefined ? null : parseWorkNumber(work)?.id.toString(), at, id, limit + 1],
    );
    return toPage(rows, limit, (row) => {
      const licence = fromLicenceRow(row);
      return {
        number: licence.number, work: licence.work, exclusivity: licence.exclusivity, scope: toScope(licence.box), standing: standingOf(licence, now), grantor: licence.grantorId, licensee: licence.licenseeId,
        sentence: { zh: describeScope(licence.box, licence.exclusivity, 'zh'), en: describeScope(licence.box, licence.exclusivity, 'en') }, grantedAt: licence.grantedAt.toISOString(),
      };
    }, (row) => [row.granted_at.toISOString(), row.licence_id]);
  }
}
