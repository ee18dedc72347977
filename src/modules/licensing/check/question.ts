import { z } from 'zod';
import { LANGUAGE_CODES, RIGHT_CODES, TERRITORY_CODES, USE_CODES } from '../../../lib/rights/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';

const codeOf = (table: ReadonlyMap<string, number>) => z.enum([...table.keys()] as [string, ...string[]]);
const [EARLIEST, LATEST] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];
/** In UTC it has a year of four digits, as statements and verdicts write it. */
const instant = z.iso.datetime({ offset: true }).refine((typed) => !(Date.parse(typed) < EARLIEST || Date.parse(typed) > LATEST), 'lies outside of the years 0001 to 9999');
const isLicence = (typed: string): boolean => parseWorkNumber(typed, 'LC') !== null;

/** May somebody do this, with this work, there and then? */
export const questionSchema = z.strictObject({
  work: z.string().max(64),
  licensee: z.union([z.uuid().toLowerCase(), z.string().max(64).refine(isLicence, 'is neither an account nor a licence number')]).optional()
    .meta({ description: 'Whose right is asked for: a licence by its number, or an account, which is the caller’s own unless they hold rights in the work. Left out: the caller' }),
  right: codeOf(RIGHT_CODES),
  territory: codeOf(TERRITORY_CODES),
  use: codeOf(USE_CODES),
  language: codeOf(LANGUAGE_CODES).default('zxx'),
  at: instant.optional().meta({ description: 'When it is done; now when left out' }),
  knownAt: instant.optional().meta({ description: 'By what was recorded then; by what is recorded now when left out' }),
});
export type Question = z.output<typeof questionSchema>;

export const questionsSchema = z.strictObject({ questions: z.array(questionSchema).min(1).max(1_000) });
