/** The terms of licences: their shape and rules, presets that creators choose from, reservations, and what they are called in ODRL 2.2 and in C2PA assertions. */
export { CONDITIONS, type Condition, DERIVING_RIGHTS } from './conditions.js';
export { CC_LICENCES, type CcLicence } from './creative-commons.js';
export type { Fault } from './faults.js';
export { type LicenceTerms, type LicenceTermsInput, licenceTermsSchema, parseTerms, PRICE_UNITS, priceSchema, type TermsFault, type TermsRule } from './terms.js';
export { parseReservation, type Reservation, reservationSchema } from './reservation.js';
export { LICENCE_PRESETS, type LicencePreset, type Preset, PRESET_TEXTS, PRESETS, RESERVATION_PRESETS, type ReservationPreset } from './preset-list.js';
export { PRESET_CHOICES, PRESET_TEMPLATES, type PresetChoice, type PresetTemplate } from './preset-templates.js';
export { applyPreset, applyReservation, type PresetFault, type PresetOptions, presetOptionsSchema, type PresetRule } from './presets.js';
export { fromOdrl, type FromOdrl } from './odrl/from-odrl.js';
export type { LicencePolicy } from './odrl/policy.js';
export { toOdrlProfile } from './odrl/profile.js';
export type { OdrlFault, OdrlRule } from './odrl/reader.js';
export { type OdrlDocument, toOdrl } from './odrl/to-odrl.js';
export { ZHENGBEN_ODRL } from './odrl/vocabulary.js';
export {
  parseTrainingMining, toTrainingMining, TRAINING_MINING_FAMILIES, TRAINING_MINING_USES, type TrainingMiningAssertion, type TrainingMiningEntry, type TrainingMiningFacts, type TrainingMiningFamily, type TrainingMiningUse,
} from './training-mining.js';
