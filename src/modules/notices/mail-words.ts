import type { NoticeKind } from './send-notices.js';

export type Words = Readonly<Record<'zh' | 'en', string>>;

/**
 * Which notices are mailed as well, and how they are worded: what moves its reader's money or rights, and what waits for them and has a time. All else (null) waits in the account, since whoever gets many mails reads none:
 * what the reader has just agreed to, what only confirms what the other side was to do, and messages, which their thread tells of.
 */
export const MAIL_WORDS = {
  'licence-offered': { zh: '收到一项待接受的许可', en: 'a licence waits for your acceptance' },
  'licence-accepted': null,
  'licence-signed': null,
  'licence-by-co-owner': null,
  'licence-objected': null,
  'licence-objection-withdrawn': null,
  'licence-termination-proposed': { zh: '对方提议终止许可', en: 'the other side proposes to end the licence' },
  'licence-terminated': { zh: '许可已终止', en: 'the licence has ended' },
  'licence-breach-notified': { zh: '收到违约通知，须在期限内补救或提出异议', en: 'a breach was notified: there is a time to cure or dispute it' },
  'licence-breach-cured': null,
  'licence-breach-disputed': null,
  'licence-breach-dispute-withdrawn': null,
  'licence-parent-ended': { zh: '上级许可已终止', en: 'the licence that yours depends on has ended' },
  'consent-wanted': { zh: '一位共有人需要您的同意', en: 'a co-owner needs your consent' },
  'consent-given': null,
  'consent-withdrawn': null,
  'work-assigned': null,
  'work-term-fixed': null,
  'order-settled': { zh: '订单已结算', en: 'the order is settled' },
  'order-share-paid': { zh: '您分得的款项已入账', en: 'your share of the order was paid' },
  'order-funded': { zh: '订单已付款', en: 'the order is paid for' },
  'order-unfunded': { zh: '订单的付款所在区块已被撤销，请查看是否需要重新支付', en: 'the block that the payment stood in is gone: see whether it has to be made again' },
  'order-disputed': { zh: '买方对订单提出异议', en: 'the buyer objects to the order' },
  'order-refunded': { zh: '订单款项已退回买方', en: 'the order was refunded' },
  'order-expired': { zh: '订单因未按时付款而失效', en: 'the order was not paid in time and has expired' },
  'offer-made': { zh: '收到新的报价', en: 'an offer was made to you' },
  'offer-rejected': { zh: '报价被拒绝', en: 'the offer was rejected' },
  'offer-lapsed': { zh: '报价已过期', en: 'the offer has lapsed' },
  'negotiation-message': null,
  'negotiation-agreed': { zh: '报价已被接受，交易成立', en: 'the offer was accepted' },
  'negotiation-ended': { zh: '协商已结束', en: 'the negotiation has ended' },
  'top-up-confirmed': { zh: '充值已入账', en: 'the top-up has arrived' },
  'top-up-rejected': { zh: '充值申请被退回', en: 'the top-up was rejected' },
  'payout-taken-up': null,
  'payout-confirmed': { zh: '提现已汇出', en: 'the payout was sent' },
  'payout-rejected': { zh: '提现申请被退回', en: 'the payout was rejected' },
  'money-corrected': { zh: '账目已更正', en: 'your account was corrected' },
} as const satisfies Record<NoticeKind, Words | null>;

export const MAILED_KINDS = Object.entries(MAIL_WORDS).flatMap(([kind, words]) => (words === null ? [] : [kind]));

/** Null: not mailed; nor is a kind that a newer or older process knows and this one does not. */
export function wordsOf(kind: string): Words | null {
  return Object.hasOwn(MAIL_WORDS, kind) ? MAIL_WORDS[kind as NoticeKind] : null;
}
