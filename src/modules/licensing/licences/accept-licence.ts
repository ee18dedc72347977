import { Injectable } from '@nestjs/common';
import { contractDigest, contractText } from '../../../lib/contract/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { LogReader } from '../../log/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { notInThisState, notParty } from '../licensing.errors.js';
import { composeLicenceContract } from './compose-licence-contract.js';
import { ActOnLicence } from './act-on-licence.js';
import { FindLicence } from './find-licence.js';

/** The licensee accepts: the contract is made (Civil Code Art. 483). */
@Injectable()
export class AcceptLicence {
  constructor(private readonly findLicence: FindLicence, private readonly reader: LogReader, private readonly act: ActOnLicence) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`. */
  async execute(typed: string, accountId: string, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const found = await this.findLicence.execute(typed, accountId);
    if (!found.isLicensee) throw notParty();
    const [granted] = await this.reader.chain(found.number);
    const document = granted === undefined ? null : composeLicenceContract(granted);
    // What is accepted is the text.
    const sealed = { contractSha256: document === null ? undefined : contractDigest(contractText(document)) };
    return this.act.execute(found, { act: 'accepted', accountId, idempotencyKey, payload: null }, async ({ licence: { licenceId, acceptedAt } }) => {
      if (acceptedAt !== null) throw notInThisState('The licence is accepted already.');
      return {
        kind: 'accepted', body: {}, sealed, notice: 'licence-accepted',
        apply: (tx, appended) => writePoint('licence.accept', () => tx.query('UPDATE licence SET accepted_at = greatest($2, granted_at) WHERE licence_id = $1', [licenceId.toString(), appended.acceptedAt])),
      };
    });
  }
}
