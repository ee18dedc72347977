import { toDecimalAmount } from '../licence-terms/currencies.js';

/** E.g. `CNY 12,000.00`. @throws RangeError for what is no whole, non-negative amount of a three-letter currency. */
export function formatMoney(amountMinor: string, currency: string): string {
  if (!/^(?:0|[1-9]\d{0,29})$/.test(amountMinor) || !/^[A-Z]{3}$/.test(currency)) throw new RangeError('an amount is whole minor units of an ISO 4217 currency');
  const [whole, fraction] = toDecimalAmount(amountMinor, currency).split('.') as [string, string?];
  return `${currency} ${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
}

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];
const MYRIADS = ['', '万', '亿', '万亿'];

/**
 * An amount of fen in financial numerals (大写金额), as contracts state it beside the figures so that no digit can be changed unseen: 120005 → 壹仟贰佰元零伍分
 * (rules of 票据 filling, 支付结算办法 annex 1). Null from ten thousand billion yuan on.
 */
export function toFinancialNumerals(fen: bigint): string | null {
  const yuan = fen / 100n;
  if (yuan >= 10n ** 16n) return null;
  const [jiao, cents] = [Number((fen / 10n) % 10n), Number(fen % 10n)];
  const whole = yuan === 0n ? '' : `${wholeNumerals(yuan)}元`;
  if (jiao === 0 && cents === 0) return whole === '' ? '零元整' : `${whole}整`;
  if (cents === 0) return `${whole}${DIGITS[jiao]}角整`;
  return whole + (jiao > 0 ? `${DIGITS[jiao]}角` : whole === '' ? '' : '零') + `${DIGITS[cents]}分`;
}

function wholeNumerals(value: bigint): string {
  const groups: number[] = [];
  for (let rest = value; rest > 0n; rest /= 10_000n) groups.push(Number(rest % 10_000n));
  let text = '';
  let skipped = false;
  for (let i = groups.length - 1; i >= 0; i--) {
    const group = groups[i] as number;
    for (let place = 3; place >= 0; place--) {
      const digit = Math.floor(group / 10 ** place) % 10;
      if (digit === 0) {
        skipped = text !== '';
        continue;
      }
      text += (skipped ? '零' : '') + DIGITS[digit] + PLACES[place];
      skipped = false;
    }
    // 万亿 followed by 亿 says 亿 once: 壹万贰仟亿, never 壹万亿贰仟亿.
    if (group > 0) text += i === 3 && (groups[2] as number) > 0 ? '万' : MYRIADS[i];
  }
  return text;
}
