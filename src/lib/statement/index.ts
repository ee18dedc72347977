/** Statements: the canonical JSON that the log is made of, their types, sealed members, and work numbers. */
export { bodySchemas, type ContentBody, contentSchema, type DepositBody, type StatementType } from './bodies.js';
export { type DisclosedStatement, projectWork } from './project-work.js';
export { applyDisclosures, computeDisclosureDigest, createDisclosure, type Disclosure, DisclosureError, type DisclosureProblem, parseDisclosure, splitPointer } from './sealing.js';
export { type ActorSignature, actorSignatureSchema, assertStatement, type EncodedStatement, encodeStatement, envelopeSchema, MAX_STATEMENT_BYTES, parseStatement, type Statement } from './statement.js';
export * from './vocabulary.js';
export { formatWorkNumber, MAX_WORK_ID, parseWorkNumber, type WorkNumber } from './work-number.js';
