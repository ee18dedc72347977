import type { Table } from '../contract/acceptances.js';
import { CATEGORY_NAMES } from '../contract/clauses.js';
import type { Bilingual, ContractParagraph } from '../contract/document.js';
import { inline } from '../contract/free-text.js';
import { formatMoney, toFinancialNumerals } from '../contract/money.js';
import { isBalanceCurrency, toDecimal } from '../money/index.js';
import type { ReceiptFacts, ReceiptLine, ReceiptParty } from './facts.js';

/** As pages are laid out. */
export interface PrintedReceipt {
  readonly title: Bilingual;
  readonly sections: readonly { readonly heading: Bilingual; readonly paragraphs: readonly ContractParagraph[] }[];
  readonly tables: readonly Table[];
  /** The signed promise of the log, to be kept. */
  readonly annex: { readonly heading: Bilingual; readonly text: string };
  readonly footer: Bilingual;
  readonly createdAt: string;
}

type Section = PrintedReceipt['sections'][number];

const say = (zh: string, en: string, quoted?: string | null): ContractParagraph => (quoted === undefined || quoted === null ? { zh, en } : { zh, en, quoted });
const section = (zh: string, en: string, ...paragraphs: ContractParagraph[]): Section => ({ heading: { zh, en }, paragraphs });

const ROLES: Record<ReceiptLine['role'], string> = { fee: '平台服务费 Fee of the service', tax: '代扣税款 Tax withheld', owner: '权利人 Owner', original: '原作权利人 Owner of an original' };
const METHODS: Record<ReceiptFacts['method'], Bilingual> = { balance: { zh: '账户余额支付', en: 'paid from a balance kept with the service' }, chain: { zh: '链上合约支付', en: 'paid by the settlement contract on chain' } };
const STATES: Readonly<Record<string, Bilingual>> = {
  created: { zh: '下单', en: 'ordered' }, funded: { zh: '付款（资金暂存）', en: 'paid, the money being held' }, disputed: { zh: '提出异议', en: 'disputed' }, settled: { zh: '完成（权利与价款同时转移）', en: 'settled: rights and money changed hands together' },
};
const BOUGHT: Record<ReceiptFacts['kind'], Bilingual> = {
  licence: { zh: '非专有使用许可', en: 'a non-exclusive licence' }, 'exclusive-licence': { zh: '专有使用许可', en: 'an exclusive licence' }, assignment: { zh: '著作权中财产权的转让', en: 'an assignment of economic rights' },
};

const FOOTER: Bilingual = {
  zh: '本收据不是发票，不能作为税务凭证。它只呈现记录；交易的存在及时间由公开日志及其链上锚定证明，可离线核验。',
  en: 'This receipt is not a tax invoice. It shows what is recorded; the public log and its anchors prove that the trade existed, and since when, and anyone checks it offline.',
};

/** A receipt (收据) of a settled order: what was bought of whom, what was paid and where it went, and how to check it. No tax invoice (发票), and it says so. Free text of the parties is quoted as it is. */
export function composeReceipt(facts: ReceiptFacts): PrintedReceipt {
  return {
    title: { zh: `交易收据 ${facts.order}`, en: `Order receipt ${facts.order}` },
    sections: [natureOf(), partiesOf(facts), workOf(facts), boughtOf(facts), paymentOf(facts), timesOf(facts), recordOf(facts)],
    tables: [linesOf(facts)],
    annex: { heading: { zh: '日志收条原文（签名）', en: 'The receipt of the log, signed' }, text: facts.statement.receipt },
    footer: FOOTER,
    createdAt: facts.settledAt,
  };
}

function natureOf(): Section {
  return section('性质', 'What this is', say(
    '本收据记录一笔已完成的交易。本收据不是发票，不能作为报销、抵扣或者纳税的凭证；需要发票的，请向收款方索取。',
    'This receipt records a trade that is complete. It is not a tax invoice (发票) and no document for tax purposes; for an invoice ask whoever was paid.'));
}

function partiesOf({ buyer, seller }: ReceiptFacts): Section {
  const party = (zh: string, en: string, { account, name }: ReceiptParty): ContractParagraph => say(`${zh}：账户 ${inline(account)}${name === null ? '' : '；名称：'}`, `${en}: account ${inline(account)}${name === null ? '' : '; name:'}`, name);
  return section('当事人', 'Parties', party('买方', 'Buyer', buyer), party('卖方', 'Seller', seller));
}

function workOf({ work: { number, title, category } }: ReceiptFacts): Section {
  const name = Object.hasOwn(CATEGORY_NAMES, category) ? CATEGORY_NAMES[category as keyof typeof CATEGORY_NAMES] : { zh: inline(category), en: inline(category) };
  const [zh, en] = [`作品编号 ${inline(number)}，作品类别：${name.zh}`, `Work number ${inline(number)}, category: ${name.en}`];
  return section('作品', 'The work', title === null ? say(`${zh}。作品名称未披露。`, `${en}. The title is not disclosed.`) : say(`${zh}；作品名称：`, `${en}; title:`, title));
}

function boughtOf({ kind, licence, sentence, listing }: ReceiptFacts): Section {
  return section('所购内容', 'What was bought',
    say(`${BOUGHT[kind].zh}：${inline(sentence.zh)}。`, `${BOUGHT[kind].en}: ${inline(sentence.en)}.`),
    licence === null
      ? say(`挂牌编号 ${inline(listing)}。权利的转让记入作品的记录链。`, `Listing ${inline(listing)}. The assignment stands in the chain of the work.`)
      : say(`挂牌编号 ${inline(listing)}，许可编号 ${inline(licence)}。许可合同另见该许可。`, `Listing ${inline(listing)}, licence ${inline(licence)}, whose contract is a document of its own.`));
}

/** `CNY 12,000.00`; of a token whose digits are not known here whole minor units. */
function formatAmount(amountMinor: string, currency: string): string {
  if (isBalanceCurrency(currency)) return formatMoney(amountMinor, currency);
  const decimal = toDecimal(BigInt(amountMinor), currency);
  return `${inline(currency)} ${decimal ?? `${amountMinor}（最小单位 minor units）`}`;
}

function paymentOf({ amountMinor, currency, method }: ReceiptFacts): Section {
  const amount = formatAmount(amountMinor, currency);
  const numerals = currency === 'CNY' ? toFinancialNumerals(BigInt(amountMinor)) : null;
  return section('价款与支付方式', 'Price and payment', say(
    `已付全部价款：${amount}${numerals === null ? '' : `（大写：人民币${numerals}）`}；支付方式：${METHODS[method].zh}。`, `Paid in full: ${amount}, ${METHODS[method].en}. Where it went stands in the table below.`));
}

function timesOf({ timeline }: ReceiptFacts): Section {
  return section('时间', 'Times', ...timeline.map(({ state, at }) => {
    const name = Object.hasOwn(STATES, state) ? (STATES[state] as Bilingual) : { zh: inline(state), en: inline(state) };
    return say(`${name.zh}：${inline(at)}（协调世界时）`, `${name.en}: ${inline(at)} (UTC)`);
  }));
}

function recordOf({ order, statement: { id, leafHash } }: ReceiptFacts): Section {
  return section('记录与核验', 'The record, and how to check it',
    say(`本交易的声明 ${inline(id)}，叶哈希 ${inline(leafHash)}。`, `Statement of this trade ${inline(id)}, leaf hash ${inline(leafHash)}.`),
    say(
      `核验：取得证明包 GET /api/v1/orders/${inline(order)}/proof?parties=open，再离线运行 zhengben verify ${inline(order)}.zbproof.json --log-key 日志公钥 --contract 链号:合约地址 --rpc 节点。日志公钥与合约地址应从本服务以外的途径取得。`,
      `To check: fetch the proof bundle, GET /api/v1/orders/${inline(order)}/proof?parties=open, and run, offline, zhengben verify ${inline(order)}.zbproof.json --log-key LOG_KEY --contract CHAIN:ADDRESS --rpc URL. Learn the key of the log and the contract elsewhere than from this service.`),
    say('附录为日志就该声明签发的收条：承诺该声明在所载时限内进入日志。', 'The annex is the receipt that the log signed for this statement: its promise that the statement is in the log by the time it names.'));
}

function linesOf({ lines, currency }: ReceiptFacts): Table {
  return {
    heading: { zh: '价款的去向', en: 'Where the price went' },
    columns: [{ zh: '项目', en: 'Item' }, { zh: '账户', en: 'Account' }, { zh: '作品', en: 'Work' }, { zh: '金额', en: 'Amount' }],
    rows: lines.map(({ role, account, work, amountMinor }) => [ROLES[role], account === null ? '平台 the service' : inline(`acct:${account}`), work === null ? '—' : inline(work), formatAmount(amountMinor, currency)]),
  };
}
