import { EXCLUSIVITIES } from '../../rights/availability.js';
import { RIGHT_CODES, RIGHT_NAMES, type EconomicRight } from '../../rights/codes/rights.js';
import { USE_NAMES } from '../../rights/codes/uses.js';
import { ALL_RIGHTS, ANYONE, CONTEXT, LEFT_OPERANDS, NEAREST_ACTION, OPERAND_PREFIX, ZHENGBEN_ODRL } from './vocabulary.js';

const labels = ({ zh, en }: { readonly zh: string; readonly en: string }): object[] => [{ '@value': zh, '@language': 'zh' }, { '@value': en, '@language': 'en' }];
const action = (name: string, includedIn: string, label: { zh: string; en: string }): object => ({ '@id': name, '@type': 'odrl:Action', 'odrl:includedIn': { '@id': `odrl:${includedIn}` }, 'rdfs:label': labels(label) });
const term = (name: string, type: string, label: { zh: string; en: string }): object => ({ '@id': name, '@type': type, 'rdfs:label': labels(label) });

/** The profile as JSON-LD, for publication at its IRI: every term of ours that a policy can hold (ODRL Information Model 2.2, «ODRL Profiles»). */
export function toOdrlProfile(): object {
  return {
    '@context': CONTEXT,
    '@id': ZHENGBEN_ODRL,
    '@graph': [
      action(ALL_RIGHTS, 'use', { zh: '全部财产权', en: 'all economic rights, also those that may be named later' }),
      ...[...RIGHT_CODES.keys()].map((right) => action(OPERAND_PREFIX.rights + right, NEAREST_ACTION[right as EconomicRight], RIGHT_NAMES[right as EconomicRight])),
      action('zb:pass-on-revenue-share', 'compensate', { zh: '再许可沿用同一分成比例', en: 'have licences for derived works carry the same share of revenue' }),
      term(LEFT_OPERANDS.rights, 'odrl:LeftOperand', { zh: '权利', en: 'the right that is used' }),
      term('zb:revenue-share', 'odrl:LeftOperand', { zh: '收入分成', en: 'share of the revenue from the use' }),
      term('zb:basis-point', 'skos:Concept', { zh: '万分之一', en: 'a hundredth of a percent' }),
      term('zb:copy', 'skos:Concept', { zh: '每份复制件', en: 'every copy' }),
      ...[...USE_NAMES].map(([use, names]) => term(OPERAND_PREFIX.uses + use, 'skos:Concept', names)),
      term(ANYONE, 'odrl:PartyCollection', { zh: '任何人', en: 'anyone who keeps to the policy' }),
      term('zb:exclusivity', 'rdf:Property', { zh: '专有性', en: 'whom else the permission leaves room for' }),
      ...EXCLUSIVITIES.map((exclusivity) => term(`zb:${exclusivity}`, 'skos:Concept', EXCLUSIVITY_LABELS[exclusivity])),
      term('zb:governing-law', 'rdf:Property', { zh: '适用法律', en: 'governing law, by ISO 3166' }),
    ],
  };
}

const EXCLUSIVITY_LABELS: Record<(typeof EXCLUSIVITIES)[number], { zh: string; en: string }> = {
  'non-exclusive': { zh: '普通', en: 'others may be licensed' },
  sole: { zh: '排他', en: 'no other licensee; the owner may use the work' },
  exclusive: { zh: '独占', en: 'nobody else, not even the owner' },
};
