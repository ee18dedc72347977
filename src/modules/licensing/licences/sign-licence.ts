import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { contractDigest, contractText } from '../../../lib/contract/index.js';
import { actorSignatureSchema, computeDisclosureDigest, DisclosureError, parseDisclosure } from '../../../lib/statement/index.js';
import { TakeSignature } from '../../actor-keys/index.js';
import { LogReader } from '../../log/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { contractErased, contractUnopened, notInThisState } from '../licensing.errors.js';
import { ActOnLicence, sideOf } from './act-on-licence.js';
import { composeLicenceContract } from './compose-licence-contract.js';
import { FindLicence } from './find-licence.js';

export const licenceSignatureSchema = z.strictObject({
  signature: actorSignatureSchema.meta({ description: 'By a key of the caller’s, over the act: type licence.signed, actor acct: and the account’s id, subject the licence’s number, body {}, sealed the digest of the disclosure' }),
  disclosure: z.string().regex(/^[A-Za-z0-9_-]{1,1000}$/).meta({ description: 'base64url of [salt, "/contractSha256", the contract’s SHA-256]; a salt of 128 random bits, used nowhere else' }),
});
export type LicenceSignature = z.output<typeof licenceSignatureSchema>;

/** A party signs the contract with their own key (Civil Code Art. 490): what the service could not have made up. */
@Injectable()
export class SignLicence {
  constructor(private readonly findLicence: FindLicence, private readonly reader: LogReader, private readonly act: ActOnLicence, private readonly take: TakeSignature) {}

  /**
   * Once an account and licence. The statement names the account: whose signature it is can only be seen by whose key it is.
   * @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.NOT_IN_THIS_STATE`, `LICENSING.CONTRACT_ERASED`, `LICENSING.DISCLOSURE_INVALID`; as {@link TakeSignature.execute}.
   */
  async execute(typed: string, accountId: string, request: LicenceSignature, idempotencyKey: string | null): Promise<AppendedAnswer> {
    const { signature, disclosure } = request;
    const found = await this.findLicence.execute(typed, accountId);
    const [granted] = await this.reader.chain(found.number);
    return this.act.execute(found, { act: 'signed', accountId, idempotencyKey, payload: request }, async ({ licence, events }, tx) => {
      sideOf(licence);
      if (events.some(({ kind, actorId }) => kind === 'signed' && actorId === accountId)) throw notInThisState('You have signed this licence already.');
      const document = granted === undefined ? null : composeLicenceContract(granted);
      if (document === null) throw contractErased();
      if (!opensContract(disclosure, contractDigest(contractText(document)))) throw contractUnopened();
      const at = new Date();
      const act = { type: 'licence.signed', subject: found.number, body: {}, sealed: [computeDisclosureDigest(disclosure)] };
      return { kind: 'signed', body: act.body, notice: 'licence-signed', own: { actor: `acct:${accountId}`, disclosure, at, signature: await this.take.execute(tx, { accountId, act, signature, at }) } };
    });
  }
}

/** Whether it opens the digest of the contract as it is, and nothing else. */
function opensContract(text: string, sha256: string): boolean {
  try {
    const { pointer, value } = parseDisclosure(text);
    return pointer === '/contractSha256' && value === sha256;
  } catch (error) {
    if (error instanceof DisclosureError) return false;
    throw error;
  }
}
