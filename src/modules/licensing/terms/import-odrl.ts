import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { accountId } from '../../../lib/api-schema/index.js';
import { fromOdrl, type LicencePolicy } from '../../../lib/licence-terms/index.js';
import type { WorkNumber } from '../../../lib/statement/index.js';
import type { GrantedLicence } from '../licences/compose-grant.js';
import { GrantLicence } from '../licences/grant-licence.js';
import { ReadTitle } from '../title/read-title.js';
import { refuseTerms, toGrant } from './offer-terms.js';
import { toUrn } from './urn.js';

export const agreementSchema = z.record(z.string(), z.unknown());

const ACCOUNT = 'urn:uuid:';

/** Grants what an ODRL 2.2 Agreement says. Its own number and time are those of where it comes from: the licence is granted here and now, and the licensee accepts it as any other. */
@Injectable()
export class ImportOdrl {
  constructor(private readonly title: ReadTitle, private readonly grant: GrantLicence) {}

  /** @throws DomainError `LICENSING.TERMS_INVALID`, and as {@link GrantLicence}. */
  async execute(typed: string, callerId: string, document: unknown, idempotencyKey: string | null): Promise<GrantedLicence> {
    const { number } = await this.title.find(typed, callerId);
    const { policy, faults } = fromOdrl(document);
    if (policy === null) return refuseTerms(faults, '');
    return this.grant.execute(number, callerId, toGrant(policy.terms, readParties(policy, number, callerId)), idempotencyKey);
  }
}

/** @returns the licensee. @throws DomainError `LICENSING.TERMS_INVALID` for an agreement of others, or about something else. */
function readParties({ kind, target, assigner, assignee, terms }: LicencePolicy, work: WorkNumber, callerId: string): string {
  if (kind !== 'Agreement') return refuseTerms([{ pointer: '/@type', rule: 'unknown-type', detail: 'a licence is an Agreement; an Offer is imported as licence terms' }], '');
  if (target !== toUrn(work)) return refuseTerms([{ pointer: '/target', rule: 'other-target', detail: `this is agreed of another work than ${work}` }], '');
  if (assigner.toLowerCase() !== `${ACCOUNT}${callerId}`) return refuseTerms([{ pointer: '/assigner', rule: 'parties', detail: `the caller is ${ACCOUNT}${callerId}` }], '');
  if (terms.toAnyone) return 'anyone';
  const account = accountId.safeParse(assignee?.toLowerCase().startsWith(ACCOUNT) ? assignee.slice(ACCOUNT.length) : null);
  return account.success ? account.data : refuseTerms([{ pointer: '/assignee', rule: 'parties', detail: `an account is expected, ${ACCOUNT} and its id` }], '');
}
