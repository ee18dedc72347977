import { z } from 'zod';
import { encodeUtf8, equalBytes } from '../bytes/index.js';
import { canonicalize, isCanonical, type JsonValue, parseJsonBytes } from '../canonical-json/index.js';
import { DomainError } from '../errors/index.js';
import { type Hash, hashLeaf } from '../merkle/index.js';
import { bodySchemas, type StatementType } from './bodies.js';

/** A statement's bytes fit the 16-bit length of a C2SP entry bundle. */
export const MAX_STATEMENT_BYTES = 65_535;

/** The envelope's limits: {@link envelopeSchema} for who reads, {@link assertEnvelope} for who writes. */
const MOST = { type: 64, subject: 80, actor: 200, about: 100, sealed: 1_000, signatures: 10 } as const;
const TYPE = /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/;
const UUIDV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const SEALED_DIGEST = /^[A-Za-z0-9_-]{43}$/;

const instant = z.string().regex(INSTANT);

/** An actor's own signature; docs/spec/statement.md says over which bytes. */
export const actorSignatureSchema = z.strictObject({
  scheme: z.enum(['ed25519', 'eip191']),
  by: z.string().min(1).max(200),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  expiresAt: instant,
  value: z.string().min(1).max(400),
});
export type ActorSignature = z.infer<typeof actorSignatureSchema>;

const signatures = z.array(actorSignatureSchema).max(MOST.signatures);
const json: z.ZodType<JsonValue> = z.any();

/** What every statement has, whatever its type: a verifier needs no more than this. */
export const envelopeSchema = z.strictObject({
  zhengben: z.literal(1),
  type: z.string().regex(TYPE).max(MOST.type),
  id: z.string().regex(UUIDV7),
  subject: z.string().min(1).max(MOST.subject),
  seq: z.int().min(0),
  prev: z.string().regex(HASH).nullable(),
  issuedAt: instant,
  actor: z.string().min(1).max(MOST.actor),
  about: z.array(z.string().max(MOST.subject)).max(MOST.about).optional(),
  body: z.record(z.string(), json),
  sealed: z.array(z.string().regex(SEALED_DIGEST)).max(MOST.sealed).refine(isAscending, 'must be sorted, without doubles'),
  signatures: signatures.optional(),
}).refine((statement) => (statement.seq === 0) === (statement.prev === null), 'prev is null exactly at seq 0');

function isAscending(digests: readonly string[]): boolean {
  return digests.every((digest, i) => i === 0 || (digests[i - 1] ?? '') < digest);
}

/** RFC 8785 canonical JSON is what is hashed; this is its parsed form. */
export type Statement = z.infer<typeof envelopeSchema>;

export interface EncodedStatement {
  /** The canonical text, and its UTF-8. */
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly leafHash: Hash;
}

/**
 * The bytes to log and their leaf hash. What it returns, {@link parseStatement} accepts, as long as the body is one of its type: what nobody can read must not be logged.
 * @throws DomainError `STATEMENT.TOO_LONG` over 65,535 bytes or 1,000 sealed members, `STATEMENT.MALFORMED` when the envelope has the wrong shape,
 * `STATEMENT.NOT_CANONICAL` when the bytes do not parse back to themselves.
 * @param hash computes the leaf hash; the service gives one in native code.
 */
export function encodeStatement(statement: Statement, hash: (bytes: Uint8Array) => Hash = hashLeaf): EncodedStatement {
  assertEnvelope(statement);
  const text = canonicalize(statement as unknown as JsonValue);
  const bytes = encodeUtf8(text);
  if (bytes.length > MAX_STATEMENT_BYTES) {
    throw new DomainError('STATEMENT.TOO_LONG', `The statement would be ${bytes.length} bytes; at most ${MAX_STATEMENT_BYTES} fit. Use fewer files, authors or owners in one deposit.`);
  }
  if (!isCanonical(text)) throw new DomainError('STATEMENT.NOT_CANONICAL', 'The statement does not survive a round trip.');
  return { text, bytes, leafHash: hash(bytes) };
}

/** {@link envelopeSchema} by hand: the schema itself would cost a registration more than the rest of its statement. */
function assertEnvelope(statement: Statement): void {
  const { zhengben, type, id, subject, seq, prev, issuedAt, actor, about = [], body, sealed } = statement;
  if (sealed.length > MOST.sealed) {
    throw new DomainError('STATEMENT.TOO_LONG', `The statement would seal ${sealed.length} members; at most ${MOST.sealed} fit. Use fewer files, authors or owners in one deposit.`);
  }
  const fits = zhengben === 1 && type.length <= MOST.type && TYPE.test(type) && UUIDV7.test(id) && isWithin(subject, MOST.subject) && isWithin(actor, MOST.actor)
    && Number.isSafeInteger(seq) && seq >= 0 && (prev === null ? seq === 0 : seq > 0 && HASH.test(prev)) && INSTANT.test(issuedAt)
    && about.length <= MOST.about && about.every((one) => one.length <= MOST.subject)
    // A member of this name would be lost on the way through JavaScript objects.
    && !Object.hasOwn(body, '__proto__')
    && sealed.every((digest) => SEALED_DIGEST.test(digest)) && isAscending(sealed)
    && (statement.signatures === undefined || signatures.safeParse(statement.signatures).success);
  if (!fits) throw new DomainError('STATEMENT.MALFORMED', 'The envelope of the statement has the wrong shape.');
}

function isWithin(text: string, most: number): boolean {
  return text.length > 0 && text.length <= most;
}

/**
 * Untrusted bytes → statement. Unknown types pass: a verifier must be able to check what a later version logged.
 * @throws VerificationError from the JSON parser; DomainError `STATEMENT.MALFORMED` or `STATEMENT.NOT_CANONICAL`.
 */
export function parseStatement(bytes: Uint8Array): Statement {
  if (bytes.length > MAX_STATEMENT_BYTES) throw new DomainError('STATEMENT.TOO_LONG', `A statement has at most ${MAX_STATEMENT_BYTES} bytes.`);
  const statement = assertStatement(parseJsonBytes(bytes));
  if (!equalBytes(encodeUtf8(canonicalize(statement as unknown as JsonValue)), bytes)) {
    throw new DomainError('STATEMENT.NOT_CANONICAL', 'The statement is not RFC 8785 canonical JSON.');
  }
  return statement;
}

/** @throws DomainError `STATEMENT.MALFORMED` when the envelope, or the body of a known type, has the wrong shape. */
export function assertStatement(value: JsonValue): Statement {
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) throw malformed(envelope.error, '');
  const bodySchema = Object.hasOwn(bodySchemas, envelope.data.type) ? bodySchemas[envelope.data.type as StatementType] : undefined;
  if (bodySchema) {
    const body = bodySchema.safeParse(envelope.data.body);
    if (!body.success) throw malformed(body.error, '/body');
  }
  return envelope.data;
}

function malformed(error: z.ZodError, at: string): DomainError {
  const errors = error.issues.slice(0, 20).map((issue) => ({ pointer: `${at}${issue.path.map((part) => `/${String(part)}`).join('')}`, detail: issue.message }));
  return new DomainError('STATEMENT.MALFORMED', 'This is not a statement of the kind that it says it is.', { errors });
}
