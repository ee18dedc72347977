import { Injectable } from '@nestjs/common';
import type { GrantedLicence } from '../licences/compose-grant.js';
import { GrantLicence } from '../licences/grant-licence.js';
import { notInThisState, paymentNeeded } from '../licensing.errors.js';
import { PerformAct } from '../perform-act.js';
import { ReadTitle } from '../title/read-title.js';
import { FindTerms } from './find-terms.js';
import { lockTerms, toGrant } from './offer-terms.js';

/** Takes up an offer that asks for no price: the owner agreed beforehand, the licensee does now, and the licence is in force. */
@Injectable()
export class TakeTerms {
  constructor(private readonly findTerms: FindTerms, private readonly title: ReadTitle, private readonly grant: GrantLicence, private readonly perform: PerformAct) {}

  /** @throws DomainError `LICENSING.TERMS_NOT_FOUND`, `LICENSING.NOT_IN_THIS_STATE`, `LICENSING.PAYMENT_NEEDED`, and as {@link GrantLicence}. */
  async execute(typed: string, accountId: string, idempotencyKey: string | null, now = new Date()): Promise<GrantedLicence> {
    const { termsId, number, work, terms, accountId: grantorId, withdrawnAt, expiresAt } = await this.findTerms.execute(typed, accountId);
    const request = { act: 'take', subject: number, payload: null };
    const stored = await this.perform.replay<GrantedLicence>({ ...request, accountId, idempotencyKey });
    if (stored) return stored;
    if ('reserved' in terms) throw notInThisState('These terms reserve rights; they offer none.');
    if (terms.toAnyone) throw notInThisState('These terms license anyone: you have the licence already, under its conditions.');
    if (withdrawnAt !== null || (expiresAt !== null && expiresAt <= now)) throw notStanding();
    if (terms.price !== null) throw paymentNeeded();
    const source = { work: await this.title.find(work, accountId), parent: null, renews: null, terms: number, accepted: true };
    return this.grant.from(source, grantorId, toGrant(terms, accountId), idempotencyKey, accountId, request, async (tx) => {
      if (!(await lockTerms(tx, termsId, 'SHARE'))) throw notStanding();
    });
  }
}

function notStanding() {
  return notInThisState('The offer does not stand any more.');
}
