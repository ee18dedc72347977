/** The algebra of rights scopes: boxes of rights × territories × uses × languages × term, what is left of them, and how they are written and said. */
export { type Availability, type AvailabilityLimits, computeAvailability, EXCLUSIVITIES, excludes, type Exclusivity, findBlockers, type Grant } from './availability.js';
export { Budget } from './budget.js';
export { type Box, boxesOverlap, containsBox, intersectBoxes, isEmptyBox, SET_DIMENSIONS, type SetDimension, subtractBox, subtractBoxes, volumeOf } from './box.js';
export {
  CODE_SPACE, type CodeSet, codesOf, complementOf, containsSet, EMPTY_SET, equalSets, formatMultirange, hasCode, intersectSets, parseMultirange, setsOverlap, subtractSets, toCodeSet, uniteSets, WHOLE_SET,
} from './code-set.js';
export { mergeBoxes, uniteBoxes } from './merge-boxes.js';
export { containsTerm, intersectTerms, isEmptyTerm, OPEN_END, type Term, termsOverlap } from './term.js';
export { type EconomicRight, RIGHT_CODES } from './codes/rights.js';
export { LANGUAGE_CODES } from './codes/languages.js';
export { TERRITORY_CODES } from './codes/territories.js';
export { type Use, USE_CODES } from './codes/uses.js';
export { describeScope, type Locale, toInclusiveDates } from './describe-scope.js';
export { type Scope, type ScopeFault, type ScopeRule, scopeSchema, toBox, toScope } from './scope.js';
export { computeProtection, computeTermAfterDeath, computeTitle, type Protection, type ProtectionBasis, rightsOfCategory, type TitleFacts } from './title.js';
export { combineDecisions, decide, type Decision, type LicenceFact, type Point, type Reason, type RightsFacts, ruleOf, type StatementRef, type Verdict } from './decide.js';
export { type Effect, type Rule, RULES } from './rules.js';
