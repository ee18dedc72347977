import { z } from 'zod';
import { LANGUAGE_CODES, RIGHT_CODES, TERRITORY_CODES, USE_CODES } from '../../../lib/rights/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';

const codeOf = (table: ReadonlyMap<string, number>) => z.enum([...table.keys()] as [string, ...string[]]);
const isLicence = (typed: string): boolean => parseWorkNumber(typed, 'LC') !== null;

/** May somebody do this, with this work, there and then? */
export const questionSchema = z.strictObject({
  work: z.string().max(64),
  licensee: z.union([z.uuid(), z.string().max(64).refine(isLicence, 'is neither an account nor a licence number')]).optional()
    .meta({ description: 'Whose right is asked for: a licence by its number, or an account, which is the caller’s own unless they hold rights in the work. Left out: the caller' }),
  right: codeOf(RIGHT_CODES),
  territory: codeOf(TERRITORY_CODES),
  use: codeOf(USE_CODES),
  language: codeOf(LANGUAGE_CODES).default('zxx'),
  at: z.iso.datetime({ offset: true }).optional().meta({ description: 'When it is done; now when left out' }),
  knownAt: z.iso.datetime({ offset: true }).optional().meta({ description: 'By what was recorded then; by what is recorded now when left out' }),
});
export type Question = z.output<typeof questionSchema>;

export const questionsSchema = z.strictObject({ questions: z.array(questionSchema).min(1).max(1_000) });
