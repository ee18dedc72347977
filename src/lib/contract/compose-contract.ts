import { CLAUSES } from './clauses.js';
import type { ContractDocument, ContractSection, SectionKey } from './document.js';
import type { ContractFacts } from './facts.js';
import { inline } from './free-text.js';

/** Which sections a contract has, in this order; those with nothing to say fall away. */
const OUTLINE: Record<ContractFacts['kind'], readonly SectionKey[]> = {
  licence: ['parties', 'work', 'rights', 'exclusivity', 'territory', 'term', 'uses', 'scope', 'sublicensing', 'reserved', 'earlier-licences', 'payment', 'attribution', 'conditions', 'co-owners', 'paper', 'breach', 'law', 'form'],
  assignment: ['parties', 'work', 'rights', 'territory', 'term', 'uses', 'scope', 'reserved', 'earlier-licences', 'payment', 'delivery', 'attribution', 'conditions', 'co-owners', 'paper', 'breach', 'law', 'form'],
};

const TITLES = {
  licence: { zh: '著作权许可使用合同', en: 'Copyright licence' },
  assignment: { zh: '著作权转让合同', en: 'Copyright assignment' },
} as const satisfies Record<ContractFacts['kind'], unknown>;

/**
 * The written form of a licence (Copyright Law of the PRC Art. 26) or an assignment (Art. 27), Chinese and English. The same facts give the same document,
 * on every host. @throws RangeError for facts that contradict their own types: a scope that is none, an amount that is none.
 */
export function composeContract(facts: ContractFacts): ContractDocument {
  const toSection = (key: SectionKey): ContractSection => ({ key, heading: CLAUSES[key].heading(facts), paragraphs: CLAUSES[key].paragraphs(facts) });
  const [title, number] = [TITLES[facts.kind], inline(facts.number)];
  return {
    title: { zh: `${title.zh} ${number}`, en: `${title.en} ${number}` },
    sections: OUTLINE[facts.kind].map(toSection).filter(({ paragraphs }) => paragraphs.length > 0),
    record: toSection('record'),
  };
}
