import { z } from 'zod';
import type { Box } from '../rights/box.js';
import { equalSets, hasCode, WHOLE_SET } from '../rights/code-set.js';
import { RIGHT_CODES } from '../rights/codes/rights.js';
import { USE_CODES } from '../rights/codes/uses.js';
import { toBox } from '../rights/scope.js';
import { OPEN_END } from '../rights/term.js';
import { type Fault, toMalformed } from './faults.js';
import type { Reservation } from './reservation.js';
import type { LicenceTerms } from './terms.js';

/**
 * Uses of the training and data mining assertion: C2PA Technical Specification 1.4, `c2pa.training-mining`; since C2PA 2.0 kept by the Creator
 * Assertions Working Group as `cawg.training-mining` 1.0, alike but for the prefix of all labels.
 */
export const TRAINING_MINING_USES = ['ai_training', 'ai_generative_training', 'ai_inference', 'data_mining'] as const;
export type TrainingMiningUse = (typeof TRAINING_MINING_USES)[number];
export const TRAINING_MINING_FAMILIES = ['c2pa', 'cawg'] as const;
export type TrainingMiningFamily = (typeof TRAINING_MINING_FAMILIES)[number];

/** `constrained` without `constraint_info` is to be treated as `notAllowed` (CAWG 1.0 §3.1). */
const entrySchema = z.strictObject({ use: z.enum(['allowed', 'notAllowed', 'constrained']), constraint_info: z.string().max(2000).optional() });
export type TrainingMiningEntry = z.infer<typeof entrySchema>;

export interface TrainingMiningAssertion {
  readonly label: `${TrainingMiningFamily}.training-mining`;
  readonly data: { readonly entries: Readonly<Record<string, TrainingMiningEntry>> };
}

export interface TrainingMiningFacts {
  /** What the public can rely on or take up now: open licences in force and standing offers. What was granted to one licensee says nothing to others and does not belong here. */
  readonly terms: readonly LicenceTerms[];
  readonly reservations: readonly Reservation[];
  /** Where a licence is to be had, an address or a text. */
  readonly constraintInfo: string | null;
}

/** Training of AI is both, generative or not. Data mining and inference are not training: only terms for all uses cover them. */
const TRAINING: readonly TrainingMiningUse[] = ['ai_training', 'ai_generative_training'];
const REPRODUCTION = RIGHT_CODES.get('reproduction') as number;
const AI_TRAINING = USE_CODES.get('ai-training') as number;

/**
 * What a file says of its use for AI. All four uses are always named: what nobody granted is `notAllowed`, for it stays with the owner (Copyright Law of
 * the PRC Art. 29), and silence would be read otherwise elsewhere. A file outlives its licences and travels, so `allowed` takes an open licence without
 * conditions, everywhere, in all languages, to the end of protection, and no reservation; whatever is less is `constrained`.
 */
export function toTrainingMining({ terms, reservations, constraintInfo }: TrainingMiningFacts, family: TrainingMiningFamily): TrainingMiningAssertion {
  const entries = TRAINING_MINING_USES.map((use): [string, TrainingMiningEntry] => {
    const covering = terms.filter((licence) => touches(boxOf(licence.scope), use));
    const isReserved = reservations.some(({ scope }) => touches(boxOf(scope), use));
    return [`${family}.${use}`, toEntry(covering, isReserved, use, constraintInfo)];
  });
  return { label: `${family}.training-mining`, data: { entries: Object.fromEntries(entries) } };
}

function toEntry(covering: readonly LicenceTerms[], isReserved: boolean, use: TrainingMiningUse, constraintInfo: string | null): TrainingMiningEntry {
  if (covering.length === 0) return { use: 'notAllowed' };
  if (!isReserved && covering.some((licence) => isUnconditional(licence, use))) return { use: 'allowed' };
  const info = [...new Set([...covering.flatMap(({ licenceUri }) => licenceUri ?? []), ...(constraintInfo === null ? [] : [constraintInfo])])].join(' ').slice(0, 2000);
  return { use: 'constrained', ...(info !== '' && { constraint_info: info }) };
}

function boxOf(scope: LicenceTerms['scope']): Box {
  const { box, faults } = toBox(scope);
  if (box === null) throw new RangeError(`scope: ${faults[0]?.rule}`);
  return box;
}

/** Whether any of the use lies in the box. To train is to reproduce (Art. 10 (5)). */
function touches(box: Box, use: TrainingMiningUse): boolean {
  return hasCode(box.rights, REPRODUCTION) && (TRAINING.includes(use) ? hasCode(box.uses, AI_TRAINING) : equalSets(box.uses, WHOLE_SET));
}

function isUnconditional({ toAnyone, conditions, revenueShareBps, scope }: LicenceTerms, use: TrainingMiningUse): boolean {
  const box = boxOf(scope);
  return toAnyone && conditions.length === 0 && revenueShareBps === null && touches(box, use) && equalSets(box.territories, WHOLE_SET) && equalSets(box.languages, WHOLE_SET) && box.term.until === OPEN_END;
}

const assertionSchema = z.strictObject({ label: z.templateLiteral([z.enum(TRAINING_MINING_FAMILIES), '.training-mining']), data: z.looseObject({ entries: z.record(z.string().max(200), z.unknown()) }) });

/**
 * What the assertion of a file says of the four uses; null of one that it does not name. Entries under labels of others are theirs and are left alone. It
 * is what a file says of itself: a hint for people, never the ground of a licence.
 */
export function parseTrainingMining(json: unknown): { uses: Record<TrainingMiningUse, TrainingMiningEntry | null>; faults: readonly [] } | { uses: null; faults: readonly Fault<'malformed'>[] } {
  const parsed = assertionSchema.safeParse(json);
  if (!parsed.success) return { uses: null, faults: toMalformed(parsed.error) };
  const family = parsed.data.label.slice(0, 4);
  const faults: Fault<'malformed'>[] = [];
  const uses = TRAINING_MINING_USES.map((use) => {
    const label = `${family}.${use}`;
    if (!Object.hasOwn(parsed.data.data.entries, label)) return [use, null] as const;
    const entry = entrySchema.safeParse(parsed.data.data.entries[label]);
    if (!entry.success) faults.push(...toMalformed(entry.error).map((fault) => ({ ...fault, pointer: `/data/entries/${label}${fault.pointer}` })));
    return [use, entry.data ?? null] as const;
  });
  return faults.length > 0 ? { uses: null, faults } : { uses: Object.fromEntries(uses) as Record<TrainingMiningUse, TrainingMiningEntry | null>, faults: [] };
}
