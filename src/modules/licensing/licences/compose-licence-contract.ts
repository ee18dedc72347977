import { composeContract, type ContractDocument, type ContractFacts } from '../../../lib/contract/index.js';
import type { Exclusivity, Scope } from '../../../lib/rights/index.js';
import { applyDisclosures, type Statement } from '../../../lib/statement/index.js';
import type { ChainEntry } from '../../log/index.js';
import { statementOf } from '../../works/index.js';

/** What the sealed member `agreement` of a grant holds. */
export interface Agreement {
  readonly title?: string;
  readonly category: string;
  readonly grantor: string;
  readonly grantorName?: string;
  readonly licenseeName?: string;
  readonly price?: ContractFacts['price'];
  readonly payment?: string;
  readonly attribution?: string;
  readonly revenueShareBps?: number;
  readonly curePeriodDays?: number;
  readonly governingLaw?: string;
}

interface GrantBody {
  readonly exclusivity: Exclusivity;
  readonly scope: Scope;
  readonly sublicensing: boolean;
  readonly conditions?: readonly string[];
  readonly parent?: string;
  readonly subjectTo?: readonly string[];
  readonly renews?: string;
  readonly declared?: { readonly paperSha256: string; readonly signedOn: string };
  readonly licensee?: string;
  readonly agreement?: Agreement;
}

/** What the parties agreed besides the scope; null once what opens it is erased. */
export function readAgreement(granted: Pick<ChainEntry, 'bytes' | 'disclosures'>): Agreement | null {
  const { body, sealed } = statementOf(granted as ChainEntry);
  return (applyDisclosures(body, sealed, granted.disclosures) as unknown as GrantBody).agreement ?? null;
}

/**
 * The contract that a grant is, by its statement and what opens it: the same for ever, since nothing else goes into it.
 * @param consents of co-owners; part of the record, not of the text.
 * @returns null once what opens the agreement is erased.
 */
export function composeLicenceContract(granted: Pick<ChainEntry, 'bytes' | 'disclosures'>, consents: ContractFacts['consents'] = []): ContractDocument | null {
  const statement: Statement = statementOf(granted as ChainEntry);
  const body = applyDisclosures(statement.body, statement.sealed, granted.disclosures) as unknown as GrantBody;
  const { agreement } = body;
  if (agreement === undefined) return null;
  return composeContract({
    kind: 'licence', number: statement.subject, work: { number: statement.about?.[0] ?? '', title: agreement.title ?? null, category: agreement.category },
    grantor: [{ account: agreement.grantor, name: agreement.grantorName ?? null }], licensee: [{ account: body.licensee ?? null, name: agreement.licenseeName ?? null }],
    exclusivity: body.exclusivity, scope: body.scope, sublicensing: body.sublicensing, subjectTo: body.subjectTo ?? [], parent: body.parent ?? null, renews: body.renews ?? null, declared: body.declared ?? null,
    price: agreement.price ?? null, payment: agreement.payment ?? null, attribution: agreement.attribution ?? null, revenueShareBps: agreement.revenueShareBps ?? null, conditions: body.conditions ?? [],
    breach: agreement.curePeriodDays === undefined ? null : { curePeriodDays: agreement.curePeriodDays }, governingLaw: agreement.governingLaw ?? null, grantedAt: statement.issuedAt, consents,
  });
}
