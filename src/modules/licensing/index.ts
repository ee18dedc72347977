/**
 * Rights: who holds which slice of a work, what is licensed, what is still free, and who may do what.
 *
 * It owns the tables holding, holding_holder, consent, consent_asked, licence, licence_event and licence_terms. Invariants, held by PostgreSQL: no two holdings of a work and
 * no two licences that exclude each other overlap; a licence lies in what its grantor holds; what bars others has the consent of all co-owners; the pieces of an
 * assigned slice are the slice; what was granted is never rewritten.
 */
export { type AppendedAnswer, toAnswer } from './appended-answer.js';
export { BOX_COLUMNS, type BoxRow, fromBoxRow, toBoxParameters } from './box-columns.js';
export { toGrantedBox } from './granted-box.js';
export { accountsUnknown, beyondTitle, consentMissing, noTitle, scopeConflict } from './licensing.errors.js';
export { type ComposedGrant, ComposeGrant, type PreparedGrant } from './licences/compose-grant.js';
export { FindLicence } from './licences/find-licence.js';
export { findTaken } from './licences/find-taken.js';
export { GrantLicence } from './licences/grant-licence.js';
export { agreementShape, type Grant } from './licences/grant-schema.js';
export { standingOf } from './licences/licence-event.js';
export { RescindLicence } from './licences/rescind-licence.js';
export { toGrantItem } from './licences/store-grants.js';
export { AskForConsent } from './title/ask-for-consent.js';
export { type Assignment, AssignTitle, type PreparedAssignment } from './title/assign-title.js';
export { slicesOf } from './title/cut-holding.js';
export { findMissingConsents } from './title/find-missing-consents.js';
export { holdersFrom, type Slice } from './title/read-slices.js';
export { ReadTitle, type TitledWork } from './title/read-title.js';
export { ReturnSlice } from './title/return-slice.js';
export { LicensingModule } from './licensing.module.js';
export { recoverRights } from './recovery/recover-rights.js';
