import { BALANCE_CURRENCIES, type BalanceCurrency, isBalanceCurrency, NATIVE_CURRENCY } from './currency.js';

/** As on the wire: a whole number of minor units, without sign, leading zeros or exponent. */
const AMOUNT = /^(?:0|[1-9]\d{0,77})$/;
/** What EVM contracts can hold. */
const MAX_CHAIN = (1n << 256n) - 1n;
/** Of money at a bank; far above all that there is, so that sums of many stay exact and readable. */
export const MAX_BALANCE_AMOUNT = 10n ** 18n - 1n;

/** @returns null for anything but a whole amount of minor units that the currency can have. */
export function parseAmountMinor(text: string, currency: string): bigint | null {
  if (!AMOUNT.test(text)) return null;
  const amount = BigInt(text);
  return amount <= (isBalanceCurrency(currency) ? MAX_BALANCE_AMOUNT : MAX_CHAIN) ? amount : null;
}

/** `1250` CNY → `12.50`; null when the digits of the currency's unit are not known here, as of a token. */
export function toDecimal(amountMinor: bigint, currency: string): string | null {
  const digits = isBalanceCurrency(currency) ? BALANCE_CURRENCIES[currency as BalanceCurrency] : currency === NATIVE_CURRENCY ? 18 : null;
  if (digits === null) return null;
  const text = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(digits + 1, '0');
  return `${amountMinor < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
