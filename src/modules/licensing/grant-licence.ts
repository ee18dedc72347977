import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { bytesToHex } from '../../lib/bytes/index.js';
import { canonicalize } from '../../lib/canonical-json/index.js';
import { type Box, containsBox, describeScope, EXCLUSIVITIES, type Exclusivity, type Scope, scopeSchema, toBox, toScope } from '../../lib/rights/index.js';
import { formatWorkNumber, type WorkNumber } from '../../lib/statement/index.js';
import { sqlState, type Tx } from '../../platform/database/index.js';
import { runIdempotently } from '../../platform/http/index.js';
import { drawRandomBytes } from '../../platform/random/index.js';
import { AppendStatement } from '../log/index.js';
import { FindWork, type FoundWork, Sealer } from '../works/index.js';
import { findTaken } from './find-taken.js';
import { insertLicence } from './insert-licence.js';
import { beyondTitle, noTitle, scopeConflict, scopeInvalid } from './licensing.errors.js';
import { ReadTitle } from './read-title.js';

export const grantSchema = z.strictObject({
  licensee: z.uuid().meta({ description: 'The account that is licensed' }),
  exclusivity: z.enum(EXCLUSIVITIES),
  scope: scopeSchema,
  sublicensing: z.boolean().default(false),
});
export type Grant = z.output<typeof grantSchema>;

export interface GrantedLicence {
  readonly number: WorkNumber;
  readonly work: WorkNumber;
  readonly exclusivity: Exclusivity;
  readonly scope: Scope;
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly statement: { readonly id: string; readonly leafHash: string };
  readonly receipt: string;
}

const EXCLUSION_VIOLATION = '23P01';

/**
 * Grants a licence from a slice of a work. Whether it conflicts with another the database says, not this code; what is not expressly granted stays
 * with the owner (Art. 29).
 * @throws DomainError `WORKS.NOT_FOUND`, `LICENSING.SCOPE_INVALID`, `LICENSING.NO_TITLE`, `LICENSING.BEYOND_TITLE`, `LICENSING.SCOPE_CONFLICT`.
 */
@Injectable()
export class GrantLicence {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly findWork: FindWork,
    private readonly title: ReadTitle,
    private readonly append: AppendStatement,
  ) {}

  async execute(typed: string, accountId: string, grant: Grant, key: string | null): Promise<GrantedLicence> {
    const found = await this.findWork.execute(typed, accountId);
    const { box, faults } = toBox(grant.scope);
    if (box === null) throw scopeInvalid(faults, '/scope');
    const known = await this.title.execute(found);
    if (known.length === 0) throw noTitle();
    const payloadHash = createHash('sha256').update(canonicalize({ work: found.number, grant } as never)).digest();
    try {
      const { body } = await runIdempotently(this.dataSource, { accountId, key, payloadHash }, async (tx) => {
        const body = await this.grant(tx, found, accountId, grant, box, known);
        return { status: 201, body };
      });
      return body;
    } catch (error) {
      if (sqlState(error) !== EXCLUSION_VIOLATION) throw error;
      throw scopeConflict((await findTaken(this.dataSource, found.work.workId, box, grant.exclusivity)).map(toScope));
    }
  }

  private async grant(tx: Tx, found: FoundWork, accountId: string, grant: Grant, box: Box, known: Awaited<ReturnType<ReadTitle['execute']>>): Promise<GrantedLicence> {
    const licenceId = drawRandomBytes(8).readBigUInt64BE() >> 4n;
    const number = formatWorkNumber(licenceId, 'LC');
    const scope = toScope(box);
    const excludes = grant.exclusivity !== 'non-exclusive';
    const body = { exclusivity: grant.exclusivity, scope, sublicensing: grant.sublicensing };
    const sealer = new Sealer();
    sealer.seal('/licensee', `acct:${grant.licensee}`);
    const actor = `acct:${accountId}`;
    const now = new Date();
    // Heads of subjects first, in their order, then holdings and licences (DESIGN invariant 10).
    const appended = await this.append.execute(tx, { type: 'licence.granted', subject: number, about: [found.number], actor, body, sealed: sealer.sealed }, sealer.disclosures, now);
    // What bars others stands in the work's own chain as well; a non-exclusive grant adds nothing there, so that a best-seller is not one queue.
    if (excludes) await this.append.execute(tx, { type: 'work.licence-granted', subject: found.number, about: [number], actor, body, sealed: [] }, [], now);
    const slices = await this.title.open(tx, found, known);
    const slice = slices.find((one) => containsBox(one.box, box) && one.holders.some((holder) => holder.accountId === accountId));
    if (!slice) throw beyondTitle();
    await insertLicence(tx, {
      licenceId, workId: found.work.workId, holdingId: slice.holdingId, exclusivity: grant.exclusivity, box, grantorId: accountId, licenseeId: grant.licensee, sublicensing: grant.sublicensing, grantedAt: now,
    });
    return {
      number, work: found.number, exclusivity: grant.exclusivity, scope,
      sentence: { zh: describeScope(box, grant.exclusivity, 'zh'), en: describeScope(box, grant.exclusivity, 'en') },
      statement: { id: appended.id, leafHash: bytesToHex(appended.leafHash) }, receipt: appended.receipt,
    };
  }
}
