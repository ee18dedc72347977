import { BALANCE_CURRENCIES, isChainCurrency, NATIVE_CURRENCY, toErc20Currency, tokenOf } from '../../../lib/money/index.js';
import type { Config } from '../../../platform/config/index.js';

export type PaymentConfig = Pick<Config, 'trading' | 'settlement' | 'chain'>;

/** The contract's name for the chain's own currency. */
export const NATIVE_TOKEN = `0x${'0'.repeat(40)}`;

/** Balances always are; on chain, what the contract and the operator take, and nothing under the regime `cn` (notice of 24 September 2021). */
export function isPayable({ trading, settlement, chain }: PaymentConfig, currency: string): boolean {
  if (!isChainCurrency(currency)) return true;
  if (settlement === null || trading.regime === 'cn') return false;
  const token = tokenOf(currency);
  return token === null || (token.chainId === BigInt(chain.chainId) && settlement.tokens.includes(token.address));
}

/** All that {@link isPayable} says yes to. */
export function payableCurrencies(config: PaymentConfig): string[] {
  const onChain = [NATIVE_CURRENCY, ...(config.settlement?.tokens ?? []).map((token) => toErc20Currency(config.chain.chainId, token))];
  return [...Object.keys(BALANCE_CURRENCIES), ...onChain.filter((currency) => isPayable(config, currency))];
}

export function toTokenAddress(currency: string): string {
  return tokenOf(currency)?.address ?? NATIVE_TOKEN;
}

export function fromTokenAddress(token: string, chainId: number): string {
  return token === NATIVE_TOKEN ? NATIVE_CURRENCY : toErc20Currency(chainId, token);
}
