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

export function termsNotFound(): DomainError {
  return new DomainError('LICENSING.TERMS_NOT_FOUND', 'There are no such licence terms. Check the number: it looks like LT-7K3M-9Q4D-W2XC-V.');
}

export function noTitle(): DomainError {
  return new DomainError('LICENSING.NO_TITLE', 'No economic rights were deposited with this work: there is nothing to license.');
}

export function beyondTitle(): DomainError {
  return new DomainError('LICENSING.BEYOND_TITLE', 'You do not hold all of this scope, or it goes past the end of protection. See what is free under /availability.', {
    errors: [{ pointer: '/scope', detail: 'goes beyond what you hold' }], members: { rules: ['Copyright Law Art. 29'] },
  });
}

export function beyondParent(): DomainError {
  return new DomainError('LICENSING.BEYOND_PARENT', 'A sublicence lies within an accepted licence that allows sublicensing, and is no more exclusive than it.', {
    errors: [{ pointer: '/scope', detail: 'goes beyond the licence' }], members: { rules: ['Implementing Regulations of the Copyright Law Art. 24'] },
  });
}

/** @param taken what is granted already, as boxes; whose it is stays unsaid. */
export function scopeConflict(taken: readonly Scope[]): DomainError {
  return new DomainError('LICENSING.SCOPE_CONFLICT', 'A part of this scope is granted already. Take what is left; /availability lists it.', { members: { taken } });
}

/** @param accounts the co-owners who have not agreed. */
export function consentMissing(accounts: readonly string[]): DomainError {
  return new DomainError('LICENSING.CONSENT_MISSING', 'The other holders of this scope have to agree first, each by POST …/consents.', {
    errors: [{ pointer: '/scope', detail: 'is held by others as well' }], members: { missing: accounts, rules: ['Copyright Law Art. 14'] },
  });
}

/** @param pointer of the account that does not hold; the caller when it is left out. */
export function notHolder(pointer?: string): DomainError {
  return new DomainError('LICENSING.NOT_HOLDER', 'Only who holds rights in the work may do this.', pointer === undefined ? {} : { errors: [{ pointer, detail: 'does not hold rights in the work' }] });
}

export function accountPrivate(): DomainError {
  return new DomainError('LICENSING.ACCOUNT_PRIVATE', 'Who is licensed only its parties tell. Ask by the licence’s number, or as who holds rights in the work.');
}

export function notParty(): DomainError {
  return new DomainError('LICENSING.NOT_PARTY', 'Only the other party of the licence may do this.');
}

export function consentNotFound(): DomainError {
  return new DomainError('LICENSING.CONSENT_NOT_FOUND', 'You have given no such consent, or withdrawn it already. GET …/consents lists them.');
}

export function accountsUnknown(accounts: readonly string[], pointer: string): DomainError {
  return new DomainError('LICENSING.ACCOUNT_UNKNOWN', 'There is no such account. Ask the other side for the id of theirs.', { errors: accounts.map((account) => ({ pointer, detail: account })) });
}

export function subjectToInvalid(numbers: readonly string[]): DomainError {
  return new DomainError('LICENSING.SUBJECT_TO_INVALID', 'A licence can be subject to earlier non-exclusive licences of the same work that stand.', { errors: numbers.map((number) => ({ pointer: '/subjectTo', detail: number })) });
}

/** @param what it is instead. */
export function notInThisState(detail: string): DomainError {
  return new DomainError('LICENSING.NOT_IN_THIS_STATE', detail);
}

/** @param agreed days, by the contract. */
export function curePeriodTooShort(agreed: number): DomainError {
  return new DomainError('LICENSING.CURE_PERIOD_TOO_SHORT', `The contract gives a party ${agreed} days to cure a breach: give as many, or more.`, { errors: [{ pointer: '/curePeriodDays', detail: `is less than ${agreed}` }] });
}

export function termIsFixed(): DomainError {
  return new DomainError('LICENSING.TERM_FIXED', 'The end of protection is known already, or the day is not one that can be.', { errors: [{ pointer: '/lastAuthorDiedOn', detail: 'changes nothing' }], members: { rules: ['Copyright Law Art. 23'] } });
}

export function termsInvalid(errors: readonly FieldFault[]): DomainError {
  return new DomainError('LICENSING.TERMS_INVALID', 'The terms cannot be offered as they stand.', { errors });
}

export function contractErased(): DomainError {
  return new DomainError('LICENSING.CONTRACT_ERASED', 'What the parties agreed was erased here; whoever kept the document still has it.');
}

export function disclosureInvalid(): DomainError {
  return new DomainError('LICENSING.DISCLOSURE_INVALID', 'This opens nothing that the grant of the licence sealed, or names another account than yours.', { errors: [{ pointer: '/disclosure', detail: 'is not the caller’s' }] });
}

export function contractUnopened(): DomainError {
  return new DomainError('LICENSING.DISCLOSURE_INVALID', 'What is signed is the digest of the contract: the disclosure opens /contractSha256 with the sha256 that GET …/contract answers.', { errors: [{ pointer: '/disclosure', detail: 'does not open the digest of the contract' }] });
}

export function paymentNeeded(): DomainError {
  return new DomainError('LICENSING.PAYMENT_NEEDED', 'These terms have a price: agree on it with the owner, who then grants the licence.');
}
