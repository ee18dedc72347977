import { z } from 'zod';
import { encodeUtf8, equalBytes } from '../bytes/index.js';
import { canonicalize, isCanonical, type JsonValue, parseJsonBytes } from '../canonical-json/index.js';
import { DomainError } from '../errors/index.js';
import { type Hash, hashLeaf } from '../merkle/index.js';
import { bodySchemas, type StatementType } from './bodies.js';

/** A statement's bytes fit the 16-bit length of a C2SP entry bundle. */
export const MAX_STATEMENT_BYTES = 65_535;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const sealedDigest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** An actor's own signature; docs/spec/statement.md says over which bytes. */
export const actorSignatureSchema = z.strictObject({
  scheme: z.enum(['ed25519', 'eip191']),
  by: z.string().min(1).max(200),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  expiresAt: instant,
  value: z.string().min(1).max(400),
});
export type ActorSignature = z.infer<typeof actorSignatureSchema>;

const json: z.ZodType<JsonValue> = z.any();

/** What every statement has, whatever its type: a verifier needs no more than this. */
export const envelopeSchema = z.strictObject({
  zhengben: z.literal(1),
  type: z.string().regex(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/).max(64),
  id: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  subject: z.string().min(1).max(80),
  seq: z.int().min(0),
  prev: hash.nullable(),
  issuedAt: instant,
  actor: z.string().min(1).max(200),
  about: z.array(z.string().max(80)).max(100).optional(),
  body: z.record(z.string(), json),
  sealed: z.array(sealedDigest).max(1_000).refine((digests) => digests.every((digest, i) => i === 0 || (digests[i - 1] ?? '') < digest), 'must be sorted, without doubles'),
  signatures: z.array(actorSignatureSchema).max(10).optional(),
}).refine((statement) => (statement.seq === 0) === (statement.prev === null), 'prev is null exactly at seq 0');

/** RFC 8785 canonical JSON is what is hashed; this is its parsed form. */
export type Statement = z.infer<typeof envelopeSchema>;

export interface EncodedStatement {
  /** The canonical text, and its UTF-8. */
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly leafHash: Hash;
}

/**
 * The bytes to log and their leaf hash.
 * @throws DomainError `STATEMENT.TOO_LONG` over 65,535 bytes, `STATEMENT.NOT_CANONICAL` when the bytes do not parse back to themselves.
 * @param hash computes the leaf hash; the service gives one in native code.
 */
export function encodeStatement(statement: Statement, hash: (bytes: Uint8Array) => Hash = hashLeaf): EncodedStatement {
  const text = canonicalize(statement as unknown as JsonValue);
  const bytes = encodeUtf8(text);
  if (bytes.length > MAX_STATEMENT_BYTES) {
    throw new DomainError('STATEMENT.TOO_LONG', `The statement would be ${bytes.length} bytes; at most ${MAX_STATEMENT_BYTES} fit. Use fewer files, authors or owners in one deposit.`);
  }
  if (!isCanonical(text)) throw new DomainError('STATEMENT.NOT_CANONICAL', 'The statement does not survive a round trip.');
  return { text, bytes, leafHash: hash(bytes) };
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
