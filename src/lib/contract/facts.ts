import type { PRICE_UNITS } from '../licence-terms/terms.js';
import type { Exclusivity } from '../rights/availability.js';
import type { Scope } from '../rights/scope.js';

export interface ContractParty {
  /** `acct:…`; null when the party has none here. */
  readonly account: string | null;
  /** As given by the party; null when it is not disclosed. */
  readonly name: string | null;
}

/**
 * What a contract is composed of. Free text (names, titles, `payment`, `attribution`, `conditions`, `governingLaw`) is the parties' own and quoted as it
 * is. All but `grantedAt` and `consents` stands in the text that is accepted: it has to be known, and to stay, before anyone accepts.
 */
export interface ContractFacts {
  readonly kind: 'licence' | 'assignment';
  /** `LC-…` of a licence; of an assignment what names it once and for all, such as `ZB-…/7`. */
  readonly number: string;
  readonly work: {
    /** `ZB-…`. */
    readonly number: string;
    /** Null when it is sealed and not disclosed. */
    readonly title: string | null;
    /** Of the vocabulary of deposits; another is written as it is. */
    readonly category: string;
  };
  /** Whoever grants or assigns; more than one are co-owners. */
  readonly grantor: readonly (ContractParty & { readonly account: string })[];
  /** Licensees or assignees. */
  readonly licensee: readonly ContractParty[];
  /** Null for an assignment, and for a declared licence of which it is not known. */
  readonly exclusivity: Exclusivity | null;
  /** As statements hold it. */
  readonly scope: Scope;
  readonly sublicensing: boolean;
  /** Earlier licences that stay as they are, `LC-…`. */
  readonly subjectTo: readonly string[];
  /** The licence that this one is a sublicence of. */
  readonly parent: string | null;
  /** The licence that this one continues. */
  readonly renews: string | null;
  /** Of a contract made outside of this record: the digest of the paper (lower-case hex), and the day it was signed on (`YYYY-MM-DD`). */
  readonly declared: { readonly paperSha256: string; readonly signedOn: string } | null;
  /** Whole minor units of an ISO 4217 currency, for what it is due. Null: none is stated. */
  readonly price: { readonly amountMinor: string; readonly currency: string; readonly per?: (typeof PRICE_UNITS)[number] } | null;
  /** When and how it is paid, as agreed. */
  readonly payment: string | null;
  /** How the author is to be named, as agreed. */
  readonly attribution: string | null;
  /** Of the licensee's revenue, in basis points. */
  readonly revenueShareBps: number | null;
  /** Conditions by the names that licence terms give them, or free text. */
  readonly conditions: readonly string[];
  readonly breach: { readonly curePeriodDays: number } | null;
  /** ISO 3166-1 or 3166-2, or free text; null when none is agreed. */
  readonly governingLaw: string | null;
  /** ISO 8601 UTC. */
  readonly grantedAt: string;
  /** Consents that others gave: co-owners (Art. 14), pledgees. */
  readonly consents: readonly { readonly account: string; readonly statementId: string }[];
}
