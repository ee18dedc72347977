import { z } from 'zod';
import { accountId, line } from '../../lib/api-schema/index.js';
import { RIGHT_CODES, TERRITORY_CODES, USE_CODES } from '../../lib/rights/index.js';
import { toQueryWords } from '../../lib/search-text/index.js';
import { CATEGORIES, MAX_WORK_ID } from '../../lib/statement/index.js';
import { pageQuery } from '../../platform/http/index.js';

/** PostgreSQL knows no year 0, nor the leap seconds that ISO 8601 allows. */
const instant = z.iso.datetime({ offset: true }).refine((text) => Date.parse(text) >= 0, 'must be a time since 1970');
const codeOf = (table: ReadonlyMap<string, number>) => z.enum([...table.keys()] as [string, ...string[]]);
const flag = z.enum(['true', 'false']).default('false');

export const searchQuery = pageQuery.extend({
  q: line(200).refine((text) => toQueryWords(text) !== null, 'must hold a letter or a digit').optional()
    .meta({ description: 'What the title and the credited names are to hold: whole words; of Chinese, Japanese, Korean and Thai any part, one sign or more. All of them, in any order' }),
  category: z.enum(CATEGORIES).optional(),
  account: z.union([accountId, z.literal('me')]).optional().meta({ description: 'Who deposited; «me» lists also one\'s own confidential works' }),
  from: instant.optional().meta({ description: 'Deposited at or after' }),
  to: instant.optional().meta({ description: 'Deposited before' }),
  sha256: z.string().regex(/^[0-9a-fA-F]{64}$/).optional().meta({ description: 'Digest of a file that it holds or declares' }),
  right: codeOf(RIGHT_CODES).optional().meta({ description: 'Works with this right, of which all that is asked for is free to license from now on; with `territory` and `use`, left out: all of them' }),
  territory: codeOf(TERRITORY_CODES).optional(),
  use: codeOf(USE_CODES).optional(),
  exclusive: flag.meta({ description: 'Free for an exclusive licence as well: nobody has a licence of any of it' }),
  sort: z.enum(['newest', 'relevance']).default('newest').meta({ description: '`relevance` needs `q`; of very many works that hold the words the newest are sorted' }),
  facets: flag.meta({ description: 'Counts by category and by right as well' }),
}).refine(({ sort, q }) => sort !== 'relevance' || q !== undefined, { path: ['sort'], message: 'relevance needs q' });
export type SearchQuery = z.output<typeof searchQuery>;

const at = z.iso.datetime().refine((text) => Date.parse(text) >= 0);
const id = z.string().refine((text) => /^\d{1,19}$/.test(text) && BigInt(text) <= MAX_WORK_ID);
/** What a cursor holds, by the order of its list: when the last work was deposited, and its number; before them how relevant it is. */
export const positions = { newest: z.tuple([at, id]), relevance: z.tuple([z.number().min(0).max(1), at, id]) } as const;
