/** Currencies that balances are kept in, and how many decimal digits their minor unit is (ISO 4217): fen, cents. */
export const BALANCE_CURRENCIES = { CNY: 2, USD: 2, HKD: 2, EUR: 2 } as const;
export type BalanceCurrency = keyof typeof BALANCE_CURRENCIES;

/** Minor unit: wei. */
export const NATIVE_CURRENCY = 'ETH';

declare const currency: unique symbol;
/** `CNY`, `USD`, `HKD`, `EUR`; `ETH`; `erc20:<chain id>:<0x address in lower case>`, whose minor unit is the token's own. */
export type Currency = string & { readonly [currency]: true };

const ERC20 = /^erc20:[1-9]\d{0,15}:0x[0-9a-f]{40}$/;

export function isBalanceCurrency(text: string): text is BalanceCurrency & Currency {
  return Object.hasOwn(BALANCE_CURRENCIES, text);
}

/** Paid on chain; everything else from a balance. Nothing is ever converted: the way to pay follows from the currency. */
export function isChainCurrency(text: string): boolean {
  return text === NATIVE_CURRENCY || ERC20.test(text);
}

/** Null for what is no currency that money is kept or paid in here. */
export function parseCurrency(text: string): Currency | null {
  return isBalanceCurrency(text) || isChainCurrency(text) ? (text as Currency) : null;
}

export function toErc20Currency(chainId: bigint | number, address: string): Currency {
  const text = `erc20:${chainId}:${address.toLowerCase()}`;
  if (!ERC20.test(text)) throw new RangeError(`«${text}» is no ERC-20 currency`);
  return text as Currency;
}

/** Which contract is paid in: null for the chain's own coin. @throws RangeError for a currency that is not paid on chain. */
export function tokenOf(text: string): { readonly chainId: bigint; readonly address: string } | null {
  if (text === NATIVE_CURRENCY) return null;
  if (!ERC20.test(text)) throw new RangeError(`«${text}» is not paid on chain`);
  const [, chainId = '', address = ''] = text.split(':');
  return { chainId: BigInt(chainId), address };
}
