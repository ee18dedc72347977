import { type Acceptance, acceptanceTable, CONTRACT_FOOTER, type Table } from './acceptances.js';
import { contractDigest, contractText } from './contract-text.js';
import type { Bilingual, ContractDocument, ContractSection } from './document.js';

/** A contract as it is laid out on pages. */
export interface PrintedContract {
  readonly title: Bilingual;
  readonly sections: readonly ContractSection[];
  readonly tables: readonly Table[];
  /** The text that is accepted, with its digest in the heading. */
  readonly annex: { readonly heading: Bilingual; readonly text: string };
  readonly footer: Bilingual;
  readonly createdAt: string;
}

/** @param createdAt ISO 8601 UTC; of the record, never of the clock, so that the same record is printed as the same file. */
export function printContract(document: ContractDocument, acceptances: readonly Acceptance[], createdAt: string): PrintedContract {
  const text = contractText(document);
  const digest = contractDigest(text);
  return {
    title: document.title,
    sections: [...document.sections, document.record],
    tables: [acceptanceTable(acceptances)],
    annex: { heading: { zh: `接受的文本，SHA-256 ${digest}`, en: 'The text that is accepted' }, text },
    footer: CONTRACT_FOOTER,
    createdAt,
  };
}
