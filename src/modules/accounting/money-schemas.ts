import { z } from 'zod';
import { BALANCE_CURRENCIES, parseAmountMinor, parseCurrency } from '../../lib/money/index.js';

/** Currencies that money is kept in at a bank. */
export const balanceCurrency = z.enum(Object.keys(BALANCE_CURRENCIES) as [keyof typeof BALANCE_CURRENCIES, ...(keyof typeof BALANCE_CURRENCIES)[]]);
export const anyCurrency = z.string().max(80).refine((text) => parseCurrency(text) !== null, 'is no currency that money is kept or paid in here').meta({ description: 'CNY, USD, HKD, EUR, ETH, or erc20:CHAIN:0xADDRESS' });

/** Above 0, within what the currency can have; as text, since JSON's numbers end at 2^53. */
export const amountMinor = z.string().max(20).refine((text) => text !== '0' && parseAmountMinor(text, 'CNY') !== null, 'must be a whole number of minor units above 0, as text without sign or leading zeros')
  .meta({ description: 'Minor units (fen, cents), as text' });
