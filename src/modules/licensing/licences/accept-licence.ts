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
    return this.act.execute(found, { kind: 'accepted', accountId, idempotencyKey, payload: null, body: {}, sealed, notice: 'licence-accepted' }, async (tx, { licence, appended }) => {
      if (licence.voidedAt !== null) throw notInThisState('The offer was withdrawn or declined.');
      if (licence.acceptedAt !== null) throw notInThisState('The licence is accepted already.');
      await writePoint('licence.accept', () => tx.query('UPDATE licence SET accepted_at = $2 WHERE licence_id = $1', [licence.licenceId.toString(), appended.acceptedAt]));
    });
  }
}
