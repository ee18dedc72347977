/**
 * Rights verdicts: the answer to «may X do Y with work W», signed, with the statements that it rests on; and its verifier. The file is the attacker's; whom to
 * trust is a parameter. A verdict never vouches for itself.
 */
export { VERDICT_CHECKS, type VerdictCheckLine, type VerdictCheckName, type VerdictReport } from './report.js';
export {
  isVerdictText, parseVerdict, type RightsAnswer, type RightsVerdict, type UnsignedVerdict, VERDICT_FORMAT, type VerdictQuestion, type VerdictReason,
} from './schema.js';
export { encodeVerdict } from './encode-verdict.js';
export { composeVerdictNote, formatVerdictNote, parseVerdictNote, type VerdictNote } from './verdict-note.js';
export { verifyVerdict, type VerifyVerdictOptions } from './verify-verdict.js';
