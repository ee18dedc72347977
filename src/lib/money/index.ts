/** Money: currencies, whole amounts of minor units, and how they are split. Pure. */
export { MAX_BALANCE_AMOUNT, parseAmountMinor, toDecimal } from './amount.js';
export { BALANCE_CURRENCIES, type BalanceCurrency, type Currency, isBalanceCurrency, isChainCurrency, NATIVE_CURRENCY, parseCurrency, toErc20Currency, tokenOf } from './currency.js';
export { computeBreakdown, type Line, type Original, type Payee, type Rules, type Title } from './breakdown.js';
export { computeChainBreakdown, computeShares, type ShareLine } from './chain-breakdown.js';
export { shareOf, splitAmount, splitByWeights, WHOLE_BPS } from './split-amount.js';
