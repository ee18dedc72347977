import type { Locale } from '../rights/describe-scope.js';

export type Bilingual = Readonly<Record<Locale, string>>;

/** What a contract may speak of. Articles are those of the Copyright Law of the PRC. */
export const SECTION_KEYS = [
  'parties', 'work',
  /** Arts. 26 (1), 27 (2). */
  'rights',
  /** Art. 26 (2). */
  'exclusivity',
  /** Arts. 26 (3), 27 (2). */
  'territory', 'term',
  'uses', 'scope', 'sublicensing',
  /** Art. 29. */
  'reserved',
  'earlier-licences',
  /** Arts. 26 (4), 27 (3). */
  'payment',
  /** Art. 27 (4). */
  'delivery',
  'attribution', 'conditions',
  /** Art. 14. */
  'co-owners',
  'paper',
  /** Arts. 26 (5), 27 (5). */
  'breach',
  'law', 'form',
  /** What became of it: no part of the text that is accepted. */
  'record',
] as const;
export type SectionKey = (typeof SECTION_KEYS)[number];

export interface ContractParagraph extends Bilingual {
  /** Free text of a party, as given: both languages introduce it, nobody translates it. */
  readonly quoted?: string;
}

export interface ContractSection {
  readonly key: SectionKey;
  readonly heading: Bilingual;
  readonly paragraphs: readonly ContractParagraph[];
}

export interface ContractDocument {
  readonly title: Bilingual;
  /** What the parties accept ({@link contractText}). */
  readonly sections: readonly ContractSection[];
  /** When it was granted and who consented: known only after the text was accepted, so no part of it. */
  readonly record: ContractSection;
}
