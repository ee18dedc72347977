/** The written form of licences and assignments: what the parties accept, from what the statements say. */
export { CATEGORY_NAMES } from './clauses.js';
export { inline } from './free-text.js';
export { CONTRACT_FORM, contractDigest, contractText } from './contract-text.js';
export { composeContract } from './compose-contract.js';
export { type Bilingual, type ContractDocument, type ContractParagraph, type ContractSection, SECTION_KEYS, type SectionKey } from './document.js';
export { type ContractFacts, type ContractParty } from './facts.js';
export { type Acceptance, acceptanceTable, CONTRACT_FOOTER, type Table } from './acceptances.js';
export { printContract, type PrintedContract } from './print-contract.js';
