import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { computeDisclosureDigest, type Disclosure, DisclosureError, parseDisclosure, parseWorkNumber } from '../../../lib/statement/index.js';
import { transact } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { LogReader } from '../../log/index.js';
import { statementOf } from '../../works/index.js';
import { disclosureInvalid, licenceNotFound } from '../licensing.errors.js';
import { FindLicence, type Licence } from './find-licence.js';

export const disclosureSchema = z.strictObject({
  disclosure: z.string().regex(/^[A-Za-z0-9_-]{1,90000}$/).meta({ description: 'As the licence’s proof bundle has it: base64url of [salt, pointer, value]' }),
});

/**
 * Opens what the grant of a licence sealed, where recovery from the log has lost it: whoever is licensed shows by `/licensee` that they are; then, as a
 * party, what was agreed. The log says that it is true: the digest stands there.
 */
@Injectable()
export class PresentDisclosure {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findLicence: FindLicence, private readonly reader: LogReader) {}

  /** Doing it again changes nothing. @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.DISCLOSURE_INVALID`. */
  async execute(typed: string, accountId: string, text: string): Promise<void> {
    const id = parseWorkNumber(typed, 'LC')?.id;
    const licence = id === undefined ? null : await this.findLicence.byId(this.dataSource, id);
    if (licence === null) throw licenceNotFound();
    const opened = await this.open(licence, text);
    if (opened === null || !mayPresent(opened, licence, accountId)) {
      // Of a licence that the caller may not know of this answers nothing.
      await this.findLicence.execute(typed, accountId);
      throw disclosureInvalid();
    }
    await transact(this.dataSource, async (tx) => {
      if (opened.pointer === '/licensee') {
        await writePoint('licence.open', async () => {
          await tx.query('UPDATE licence SET licensee_id = $2 WHERE licence_id = $1 AND licensee_id IS NULL', [licence.licenceId.toString(), accountId]);
          // What was granted from it, its licensee granted.
          await tx.query('UPDATE licence SET grantor_id = $2 WHERE parent_id = $1 AND grantor_id IS NULL', [licence.licenceId.toString(), accountId]);
        });
      }
      await writePoint('licence.disclose', () =>
        tx.query(
          `INSERT INTO statement_disclosure (subject, seq, disclosures) VALUES ($1, 0, ARRAY[$2])
           ON CONFLICT (subject, seq) DO UPDATE SET disclosures = array_append(statement_disclosure.disclosures, $2) WHERE $2 <> ALL (statement_disclosure.disclosures)`, [licence.number, text]));
    });
  }

  /** @returns null when it opens nothing of the grant. */
  private async open({ number }: Licence, text: string): Promise<Disclosure | null> {
    const [granted] = await this.reader.chain(number);
    if (granted === undefined || !statementOf(granted).sealed.includes(computeDisclosureDigest(text))) return null;
    try {
      return parseDisclosure(text);
    } catch (error) {
      if (error instanceof DisclosureError) return null;
      throw error;
    }
  }
}

/** Who is licensed only they themself say; all else whoever is a party by then. */
function mayPresent({ pointer, value }: Disclosure, { licenseeId, grantorId }: Licence, accountId: string): boolean {
  return pointer === '/licensee' ? value === `acct:${accountId}` : licenseeId === accountId || grantorId === accountId;
}
