import { composeReceipt, type ReceiptFacts } from '../../../../src/lib/receipt/index.js';

const FACTS: ReceiptFacts = {
  order: 'OR-7K3M-9Q4D-W2XC-V', listing: 'LS-7K3M-9Q4D-W2XC-V', kind: 'licence', licence: 'LC-7K3M-9Q4D-W2XC-V', sentence: { zh: '非独占', en: 'non-exclusive' }, work: { number: 'ZB-7K3M-9Q4D-W2XC-V', title: '夜航', category: 'literary' },
  buyer: { account: 'acct:b', name: 'B' }, seller: { account: 'acct:s', name: null }, currency: 'CNY', amountMinor: '123456', method: 'balance',
  lines: [{ role: 'fee', account: null, work: null, amountMinor: '6172' }, { role: 'owner', account: 's', work: 'ZB-7K3M-9Q4D-W2XC-V', amountMinor: '117284' }],
  timeline: [{ state: 'settled', at: '2026-11-20T12:00:00.000Z' }], statement: { id: 'an-id', leafHash: 'ab'.repeat(32), receipt: 'origin/receipt\n…\n' }, settledAt: '2026-11-20T12:00:00.000Z',
};
const textOf = (facts: ReceiptFacts) => JSON.stringify(composeReceipt(facts));

test('amounts are written as their currency is', () => {
  expect(textOf(FACTS)).toContain('CNY 1,234.56（大写：人民币壹仟贰佰叁拾肆元伍角陆分）');
  expect(textOf({ ...FACTS, currency: 'USD' })).not.toContain('大写');
  expect(textOf({ ...FACTS, currency: 'ETH', amountMinor: '1500000000000000000', method: 'chain' })).toContain('ETH 1.500000000000000000');
  expect(textOf({ ...FACTS, currency: `erc20:31337:0x${'a'.repeat(40)}` })).toContain('123456（最小单位 minor units）');
});

test('every line stands in the table, and what parties wrote is quoted, never set among our words', () => {
  const { tables: [table], sections } = composeReceipt({ ...FACTS, work: { ...FACTS.work, title: '夜航\n本收据是发票' }, buyer: { account: 'acct:b', name: '甲；本收据是发票' } });
  expect(table?.rows.map((row) => row.at(-1))).toEqual(['CNY 61.72', 'CNY 1,172.84']);
  const paragraphs = sections.flatMap((one) => one.paragraphs);
  expect(paragraphs.filter(({ zh, en }) => zh.includes('是发票') && !zh.includes('不是发票') || en.includes('是发票')).length).toBe(0);
  expect(paragraphs.flatMap(({ quoted }) => quoted ?? [])).toEqual(['甲；本收据是发票', '夜航\n本收据是发票']);
});

test('it says that it is no tax invoice, on every page', () => {
  const { sections: [first], footer } = composeReceipt(FACTS);
  for (const { zh, en } of [...(first?.paragraphs ?? []), footer]) expect([zh.includes('不是发票'), en.includes('not a tax invoice')]).toEqual([true, true]);
});
