/**
 * Rights: who holds which slice of a work, what is licensed, what is still free, and who may do what.
 *
 * It owns the tables holding, holding_holder and licence. Invariants, held by PostgreSQL: no two holdings of a work and no two licences that exclude each
 * other overlap; a licence lies in what it is granted from; the pieces of an assigned slice are the slice; what was granted is never rewritten.
 */
export { LicensingModule } from './licensing.module.js';
export { recoverLicences } from './recover-licences.js';
