import { Injectable } from '@nestjs/common';
import { type LicenceTerms, type OdrlDocument, toOdrl, toTrainingMining, type TrainingMiningAssertion, type TrainingMiningFamily } from '../../../lib/licence-terms/index.js';
import { toScope } from '../../../lib/rights/index.js';
import { applyDisclosures, type Statement } from '../../../lib/statement/index.js';
import { LogReader } from '../../log/index.js';
import { statementOf } from '../../works/index.js';
import { readAgreement } from '../licences/compose-licence-contract.js';
import { FindLicence, type Licence } from '../licences/find-licence.js';
import { notInThisState } from '../licensing.errors.js';
import { FindTerms, isPriceWithheld } from './find-terms.js';
import { toUrn } from './urn.js';

const account = (id: string): string => `urn:uuid:${id}`;

/** Offers and licences for machines of others: ODRL 2.2, and what a file says of training AI. */
@Injectable()
export class ExportOdrl {
  constructor(private readonly findLicence: FindLicence, private readonly findTerms: FindTerms, private readonly reader: LogReader) {}

  /** An Agreement; its parties are named to them only. @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`. */
  async licence(typed: string, accountId: string | null): Promise<OdrlDocument> {
    const licence = await this.findLicence.execute(typed, accountId);
    const [granted] = await this.reader.chain(licence.number);
    const statement = granted === undefined ? null : statementOf(granted);
    const opened = statement === null ? {} : (applyDisclosures(statement.body, statement.sealed, licence.isParty ? (granted?.disclosures ?? []) : []) as { agreement?: Agreement });
    return toOdrl({
      kind: 'Agreement', uid: toUrn(licence.number), target: toUrn(licence.work), assigner: licence.isParty && licence.grantorId !== null ? account(licence.grantorId) : `${toUrn(licence.number)}:grantor`,
      assignee: licence.toAnyone ? null : licence.isParty && licence.licenseeId !== null ? account(licence.licenseeId) : `${toUrn(licence.number)}:licensee`,
      terms: toTerms(licence, opened.agreement ?? {}), grantedAt: (statement as Statement | null)?.issuedAt ?? null,
    });
  }

  /** An Offer. @throws DomainError `LICENSING.TERMS_NOT_FOUND`, `LICENSING.NOT_IN_THIS_STATE` of a reservation. */
  async terms(typed: string, accountId: string | null): Promise<OdrlDocument> {
    const found = await this.findTerms.execute(typed, accountId);
    if (isPriceWithheld(found, accountId)) throw notInThisState('The offer was withdrawn; its price is told to its author only.');
    if ('reserved' in found.terms) throw notInThisState('A reservation offers nothing; see /training-mining.');
    return toOdrl({ kind: 'Offer', uid: toUrn(found.number), target: toUrn(found.work), assigner: account(found.accountId), assignee: null, terms: found.terms });
  }

  /** The assertion that a file of the work may carry, by the licences that anyone has, and the offers and reservations that stand. @throws DomainError `WORKS.NOT_FOUND`. */
  async trainingMining(typed: string, accountId: string | null, family: TrainingMiningFamily): Promise<TrainingMiningAssertion> {
    const { work, terms } = await this.findTerms.standing(typed, accountId);
    const [offers, reservations] = [terms.flatMap(({ terms: one }) => ('reserved' in one ? [] : [one])), terms.flatMap(({ terms: one }) => ('reserved' in one ? [one] : []))];
    // An open licence outlives the offer that it was granted with.
    const open = await Promise.all((await this.findTerms.openLicences(work)).map(async (licence) => {
      const [granted] = await this.reader.chain(licence.number);
      return toTerms(licence, ((granted && readAgreement(granted)) ?? {}) as Agreement);
    }));
    return toTrainingMining({ terms: [...offers, ...open], reservations, constraintInfo: toUrn(work) }, family);
  }
}

type Agreement = Partial<Pick<LicenceTerms, 'price' | 'revenueShareBps'>> & { readonly governingLaw?: string };

function toTerms({ exclusivity, box, sublicensing, toAnyone, conditions }: Licence, { price, revenueShareBps, governingLaw }: Agreement): LicenceTerms {
  const isUri = governingLaw?.startsWith('https://') === true;
  const isCode = governingLaw !== undefined && /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/.test(governingLaw);
  return {
    exclusivity, scope: toScope(box), sublicensing, toAnyone, conditions: [...conditions] as LicenceTerms['conditions'],
    price: price ?? null, revenueShareBps: revenueShareBps ?? null, governingLaw: isCode ? governingLaw : null, licenceUri: isUri ? governingLaw : null,
  };
}
