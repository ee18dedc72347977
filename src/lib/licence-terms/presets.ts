import { z } from 'zod';
import type { Scope } from '../rights/scope.js';
import { rightsOfCategory } from '../rights/title.js';
import { CATEGORIES } from '../statement/vocabulary.js';
import { type Fault, pointTo, toMalformed } from './faults.js';
import type { LicencePreset, ReservationPreset } from './preset-list.js';
import { PRESET_CHOICES, PRESET_TEMPLATES } from './preset-templates.js';
import { parseReservation, type Reservation } from './reservation.js';
import { type LicenceTerms, parseTerms, priceSchema, type TermsRule } from './terms.js';

const names = z.array(z.string().min(1).max(40)).min(1).max(600);

/** Dates are both meant, in Asia/Shanghai unless said. What is not chosen is as wide as it can be: worldwide, all languages, to the end of protection. */
export const presetOptionsSchema = z.strictObject({
  from: z.iso.date(),
  timeZone: z.enum(['Asia/Shanghai', 'UTC']).optional(),
  /** Rights that a work of this category does not have are left out (Copyright Law of the PRC Art. 10). */
  category: z.enum(CATEGORIES).optional(),
  to: z.iso.date().nullable().optional(),
  territories: names.optional(),
  languages: names.optional(),
  price: priceSchema.optional(),
  revenueShareBps: z.int().min(0).max(10_000).optional(),
});
export type PresetOptions = z.input<typeof presetOptionsSchema>;

/** `option-missing`: the preset needs it; `option-not-taken`: the preset has no room for it, and to pass over it would grant more than was meant. Pointers lead into the options. */
export type PresetRule = TermsRule | 'option-missing' | 'option-not-taken';
export type PresetFault = Fault<PresetRule>;

/** The terms that a preset stands for, or all that is wrong with the options. */
export function applyPreset(preset: LicencePreset, options: unknown): { terms: LicenceTerms; faults: readonly [] } | { terms: null; faults: readonly PresetFault[] } {
  const parsed = presetOptionsSchema.safeParse(options);
  if (!parsed.success) return { terms: null, faults: toMalformed(parsed.error) };
  const chosen = parsed.data;
  const { needs, takes, ...template } = PRESET_TEMPLATES[preset];
  const misfits = PRESET_CHOICES.flatMap((choice): PresetFault[] => {
    if (needs.includes(choice)) return chosen[choice] === undefined ? [{ pointer: pointTo('', choice), rule: 'option-missing', detail: `${preset} needs ${choice}` }] : [];
    return chosen[choice] === undefined || takes.includes(choice) ? [] : [{ pointer: pointTo('', choice), rule: 'option-not-taken', detail: `${preset} leaves no choice of ${choice}` }];
  });
  if (misfits.length > 0) return { terms: null, faults: misfits };

  const { rights, uses, ...rest } = template;
  const { terms, faults } = parseTerms({
    ...rest,
    scope: toScope(chosen, { rights: chosen.category === undefined ? rights : rightsOfCategory(chosen.category).filter((right) => rights.includes(right)), uses }),
    sublicensing: false,
    price: chosen.price ?? null,
    revenueShareBps: chosen.revenueShareBps ?? null,
  });
  return terms === null ? { terms, faults: faults.map((fault) => ({ ...fault, pointer: toOptionPointer(fault.pointer) })) } : { terms, faults: [] };
}

/** The reservation that a preset stands for, or all that is wrong with the options; of these it takes the dates only. */
export function applyReservation(preset: ReservationPreset, options: unknown): { reservation: Reservation; faults: readonly [] } | { reservation: null; faults: readonly PresetFault[] } {
  const parsed = presetOptionsSchema.safeParse(options);
  if (!parsed.success) return { reservation: null, faults: toMalformed(parsed.error) };
  const chosen = parsed.data;
  const misfits = PRESET_CHOICES.filter((choice) => choice !== 'to' && chosen[choice] !== undefined);
  if (misfits.length > 0) return { reservation: null, faults: misfits.map((choice) => ({ pointer: pointTo('', choice), rule: 'option-not-taken', detail: `${preset} leaves no choice of ${choice}` })) };
  const { reservation, faults } = parseReservation({ reserved: true, scope: toScope(chosen, { rights: ['*'], uses: ['ai-training'] }) });
  return reservation === null ? { reservation, faults: faults.map((fault) => ({ ...fault, pointer: toOptionPointer(fault.pointer) })) } : { reservation, faults: [] };
}

function toScope({ from, to, timeZone, territories, languages }: z.infer<typeof presetOptionsSchema>, { rights, uses }: { rights: readonly string[]; uses: readonly string[] }): Scope {
  return { rights: [...rights], territories: territories ?? ['WORLD'], uses: [...uses], languages: languages ?? ['*'], term: { from, to: to ?? null, ...(timeZone && { timeZone }) } };
}

/** Where in the options stands what became wrong terms. */
function toOptionPointer(pointer: string): string {
  return pointer.replace(/^\/scope/, '').replace(/^\/term$/, '/to');
}
