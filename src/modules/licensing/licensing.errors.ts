import { DomainError, type FieldFault } from '../../lib/errors/index.js';
import type { Scope, ScopeFault } from '../../lib/rights/index.js';

/** @param prefix where the scope stands in what was sent. */
export function scopeInvalid(faults: readonly ScopeFault[], prefix: string): DomainError {
  const errors: FieldFault[] = faults.map(({ pointer, detail }) => ({ pointer: `${prefix}${pointer}`, detail }));
  return new DomainError('LICENSING.SCOPE_INVALID', 'The scope cannot be licensed as it stands.', { errors, members: { rules: [...new Set(faults.map(({ rule }) => rule))] } });
}

/** The same answer for a number that was never given and for a licence of a work that the caller may not know of. */
export function licenceNotFound(): DomainError {
  return new DomainError('LICENSING.NOT_FOUND', 'There is no such licence. Check the number: it looks like LC-7K3M-9Q4D-W2XC-V.');
}

export function noTitle(): DomainError {
  return new DomainError('LICENSING.NO_TITLE', 'No economic rights were deposited with this work: there is nothing to license.');
}

export function beyondTitle(): DomainError {
  return new DomainError('LICENSING.BEYOND_TITLE', 'You do not hold all of this scope, or it goes past the end of protection. See what is free under /availability.');
}

/** @param taken what is granted already, as boxes; whose it is stays unsaid. */
export function scopeConflict(taken: readonly Scope[]): DomainError {
  return new DomainError('LICENSING.SCOPE_CONFLICT', 'A part of this scope is granted already. Take what is left; /availability lists it.', { members: { taken } });
}
