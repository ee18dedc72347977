import { z } from 'zod';
import { type ScopeRule, scopeSchema, toBox, toScope } from '../rights/scope.js';
import { type Fault, toMalformed } from './faults.js';

/**
 * An owner's word that uses stay reserved. It grants nothing and takes nothing back: what is not granted stays with the owner anyway (Copyright Law of
 * the PRC Art. 29). Elsewhere it counts: in the EU text and data mining of what is online is free unless it is reserved in a machine-readable way (Directive 2019/790 Art. 4 (3)).
 */
export const reservationSchema = z.strictObject({ reserved: z.literal(true), scope: scopeSchema });
export type Reservation = z.infer<typeof reservationSchema>;

/** Untrusted → a reservation with its scope as statements hold it, or all that is wrong with it. */
export function parseReservation(input: unknown): { reservation: Reservation; faults: readonly [] } | { reservation: null; faults: readonly Fault<ScopeRule | 'malformed'>[] } {
  const parsed = reservationSchema.safeParse(input);
  if (!parsed.success) return { reservation: null, faults: toMalformed(parsed.error) };
  const { box, faults } = toBox(parsed.data.scope);
  if (box === null) return { reservation: null, faults: faults.map((fault) => ({ ...fault, pointer: `/scope${fault.pointer}` })) };
  return { reservation: { reserved: true, scope: toScope(box) }, faults: [] };
}
