import { ECONOMIC_RIGHTS, MORAL_RIGHTS } from '../../statement/vocabulary.js';
import type { CodeTable } from './code-table.js';

export type EconomicRight = (typeof ECONOMIC_RIGHTS)[number];

/** Copyright Law of the PRC Art. 10 (5)–(17), in the order of the article: the only rights that can be licensed or assigned. */
export const RIGHT_CODES: CodeTable = new Map(ECONOMIC_RIGHTS.map((right, code) => [right, code]));

/** Art. 10 (1)–(4). */
export function isMoralRight(name: string): boolean {
  return (MORAL_RIGHTS as readonly string[]).includes(name);
}

/** 权利 as the article calls them. */
export const RIGHT_NAMES: Record<EconomicRight, { readonly zh: string; readonly en: string }> = {
  reproduction: { zh: '复制权', en: 'reproduction' },
  distribution: { zh: '发行权', en: 'distribution' },
  rental: { zh: '出租权', en: 'rental' },
  exhibition: { zh: '展览权', en: 'exhibition' },
  performance: { zh: '表演权', en: 'performance' },
  projection: { zh: '放映权', en: 'projection' },
  broadcasting: { zh: '广播权', en: 'broadcasting' },
  'network-dissemination': { zh: '信息网络传播权', en: 'network dissemination' },
  filming: { zh: '摄制权', en: 'filming' },
  adaptation: { zh: '改编权', en: 'adaptation' },
  translation: { zh: '翻译权', en: 'translation' },
  compilation: { zh: '汇编权', en: 'compilation' },
  'other-economic': { zh: '其他财产权利', en: 'other economic rights' },
};
