import { z } from 'zod';
import { accountId, line, moment, paragraphs } from '../../../lib/api-schema/index.js';
import { CONDITIONS } from '../../../lib/licence-terms/index.js';
import { isChainCurrency, parseAmountMinor, parseCurrency } from '../../../lib/money/index.js';
import { scopeSchema } from '../../../lib/rights/index.js';
import { MAX_CHAIN_AMOUNT } from '../../../platform/chain/index.js';

export const LISTING_KINDS = ['licence', 'exclusive-licence', 'assignment'] as const;
export type ListingKind = (typeof LISTING_KINDS)[number];
export const PRICINGS = ['fixed', 'negotiable'] as const;

/** Whole minor units of a currency; nothing is converted, and the way to pay follows from the currency. */
export const moneySchema = z.strictObject({ amountMinor: z.string().max(78), currency: z.string().max(80) })
  .refine(({ currency }) => parseCurrency(currency) !== null, { path: ['currency'], message: 'is CNY, USD, HKD, EUR, ETH, or erc20:<chain id>:<address in lower case>' })
  .refine(({ amountMinor, currency }) => parseCurrency(currency) === null || (parseAmountMinor(amountMinor, currency) ?? 0n) > 0n, { path: ['amountMinor'], message: 'is a whole number of minor units, above 0' })
  .meta({ description: 'An amount in whole minor units (fen, cents, wei) of one currency' });
export type Money = z.output<typeof moneySchema>;

/** What can be asked for: on chain no more than the contract takes. */
const priceSchema = moneySchema
  .refine(({ amountMinor, currency }) => !isChainCurrency(currency) || (parseAmountMinor(amountMinor, currency) ?? 0n) <= MAX_CHAIN_AMOUNT, { path: ['amountMinor'], message: 'is above 2^96 − 1, the most that is paid on chain' });

/** What a licence says beside scope and price (Art. 26), and an assignment (Art. 27). */
export const listingTermsSchema = z.strictObject({
  sublicensing: z.boolean().default(false),
  conditions: z.array(z.enum(CONDITIONS)).max(CONDITIONS.length).default([]),
  attribution: line(500).optional(),
  revenueShareBps: z.int().min(1).max(10_000).optional().meta({ description: 'Of what the licensee earns with works made from this one' }),
  curePeriodDays: z.int().min(1).max(365).default(30),
  governingLaw: line(200).default('CN'),
  delivery: paragraphs(2_000).optional(),
  breach: paragraphs(2_000).optional(),
});
export type ListingTerms = z.output<typeof listingTermsSchema>;

export const listingSchema = z.strictObject({
  kind: z.enum(LISTING_KINDS),
  scope: scopeSchema,
  price: priceSchema,
  pricing: z.enum(PRICINGS).default('fixed'),
  quantity: z.int().min(1).max(1_000_000).nullable().default(null).meta({ description: 'How many licences; null: without a limit. An exclusive licence and an assignment are sold once.' }),
  audience: z.array(accountId).min(1).max(100).optional().meta({ description: 'Who may see it and buy; anyone when left out' }),
  opensAt: moment.optional(),
  closesAt: moment.optional(),
  terms: listingTermsSchema.prefault({}),
}).refine(({ opensAt, closesAt }) => closesAt === undefined || Date.parse(closesAt) > Math.max(Date.now(), Date.parse(opensAt ?? closesAt) - (opensAt === undefined ? 1 : 0)), { path: ['closesAt'], message: 'is after opensAt, and to come' })
  .refine(({ kind, quantity }) => kind === 'licence' || (quantity ?? 1) === 1, { path: ['quantity'], message: 'is of non-exclusive licences' })
  // The money of an offer is held, which no contract does for one.
  .refine(({ pricing, price }) => pricing === 'fixed' || !isChainCurrency(price.currency), { path: ['pricing'], message: 'is fixed for what is paid on chain' })
  .refine(({ audience }) => audience === undefined || new Set(audience).size === audience.length, { path: ['audience'], message: 'names an account twice' });
export type NewListing = z.output<typeof listingSchema>;

/** What may change while it is open: the price, which nobody pays who was shown another; and its end. */
export const listingChangeSchema = z.strictObject({ price: priceSchema.optional(), closesAt: moment.nullable().optional() })
  .refine((change) => Object.keys(change).length > 0, 'says what is to change');
export type ListingChange = z.output<typeof listingChangeSchema>;
