/**
 * Rights: who holds which slice of a work, what is licensed, what is still free, and who may do what.
 *
 * It owns the tables holding, holding_holder, consent, licence, licence_event and licence_terms. Invariants, held by PostgreSQL: no two holdings of a work and
 * no two licences that exclude each other overlap; a licence lies in what its grantor holds; what bars others has the consent of all co-owners; the pieces of an
 * assigned slice are the slice; what was granted is never rewritten.
 */
export { LicensingModule } from './licensing.module.js';
export { recoverRights } from './recovery/recover-rights.js';
