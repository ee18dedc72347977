import { z } from 'zod';
import { accountId, line, rowNumber, rowTime } from '../../../lib/api-schema/index.js';
import { parseAmountMinor, parseCurrency } from '../../../lib/money/index.js';
import { RIGHT_CODES, TERRITORY_CODES, USE_CODES } from '../../../lib/rights/index.js';
import { toQueryWords } from '../../../lib/search-text/index.js';
import { CATEGORIES, parseWorkNumber } from '../../../lib/statement/index.js';
import { pageQuery } from '../../../platform/http/index.js';
import { LISTING_KINDS, PRICINGS } from './listing-schema.js';

const codeOf = (table: ReadonlyMap<string, number>) => z.enum([...table.keys()] as [string, ...string[]]);
const flag = z.enum(['true', 'false']).default('false');
const amount = z.string().max(78).optional();

export const SORTS = ['newest', 'price-up', 'price-down', 'relevance'] as const;
export type Sort = (typeof SORTS)[number];

export const listingsQuery = z.strictObject({
  ...pageQuery.shape,
  q: line(200).refine((text) => toQueryWords(text) !== null, 'must hold a letter or a digit').optional()
    .meta({ description: 'What the title and the credited names of the work are to hold, as in the search of works' }),
  category: z.enum(CATEGORIES).optional(),
  seller: z.union([accountId, z.literal('me')]).optional().meta({ description: 'Whose; «me» lists also what is not open' }),
  work: z.string().max(64).refine((typed) => parseWorkNumber(typed) !== null, 'is no work number').optional(),
  kind: z.enum(LISTING_KINDS).optional(),
  pricing: z.enum(PRICINGS).optional(),
  right: codeOf(RIGHT_CODES).optional().meta({ description: 'What is sold covers this right' }),
  territory: codeOf(TERRITORY_CODES).optional().meta({ description: 'What is sold covers this country or region' }),
  use: codeOf(USE_CODES).optional().meta({ description: 'What is sold covers this use' }),
  exclusive: flag.meta({ description: 'Nobody has a licence of any of what is sold: it could still be granted exclusively' }),
  currency: z.string().max(80).refine((text) => parseCurrency(text) !== null, 'is no currency that is paid in here').optional(),
  minAmountMinor: amount.meta({ description: 'Whole minor units of `currency`' }),
  maxAmountMinor: amount.meta({ description: 'Whole minor units of `currency`' }),
  stale: z.enum(['include', 'exclude']).default('include').meta({ description: '`exclude` leaves out what cannot be sold as things stand' }),
  sort: z.enum(SORTS).default('newest').meta({ description: 'By price needs `currency`, `relevance` needs `q`; of very many listings that hold the words the newest are sorted' }),
  facets: flag.meta({ description: 'Counts by category, kind and currency as well' }),
}).refine(({ sort, q }) => sort !== 'relevance' || q !== undefined, { path: ['sort'], message: 'relevance needs q' })
  // Nothing is converted: amounts of several currencies have no order.
  .refine(({ sort, currency }) => !sort.startsWith('price') || currency !== undefined, { path: ['currency'], message: 'is needed to sort by price' })
  .refine(({ minAmountMinor: min, currency }) => isAmount(min, currency), { path: ['minAmountMinor'], message: 'is a whole number of minor units of currency' })
  .refine(({ maxAmountMinor: max, currency }) => isAmount(max, currency), { path: ['maxAmountMinor'], message: 'is a whole number of minor units of currency' });
export type ListingsQuery = z.output<typeof listingsQuery>;

function isAmount(text: string | undefined, currency: string | undefined): boolean {
  return text === undefined || (currency !== undefined && parseAmountMinor(text, currency) !== null);
}

const price = z.tuple([z.string().regex(/^\d{1,78}$/), rowNumber]);
/** What a cursor holds, by the order of its list: when the last listing was published, or its price, and its number; before them how relevant it is. */
export const positions = { newest: z.tuple([rowTime, rowNumber]), 'price-up': price, 'price-down': price, relevance: z.tuple([z.number().min(0).max(1), rowTime, rowNumber]) } as const satisfies Record<Sort, z.ZodType>;
