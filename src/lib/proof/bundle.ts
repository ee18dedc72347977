import { z } from 'zod';
import { canonicalize, type JsonValue, parseJson } from '../canonical-json/index.js';
import { VerificationError } from '../errors/index.js';

export const BUNDLE_FORMAT = 'zhengben-proof/1';
export const BUNDLE_MEDIA_TYPE = 'application/vnd.zhengben.proof+json';
export const BUNDLE_EXTENSION = '.zbproof.json';

// Bounds on what a stranger can make a verifier do. A bundle of a long-lived work stays far below them.
const MAX_TEXT_UNITS = 32 * 1024 * 1024;
const MAX_CHAINS = 1_000;
const MAX_ENTRIES = 10_000;
const MAX_DISCLOSURES = 1_000;
const MAX_DISCLOSURE_UNITS = 131_072;
const MAX_PROOF_UNITS = 65_536;

/** Kept as it came: zod would copy it and could lose a key on the way, and what is hashed must be what was sent. */
const rawStatement = z.custom<{ readonly [key: string]: JsonValue }>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

const entrySchema = z.strictObject({
  statement: rawStatement,
  disclosures: z.array(z.string().max(MAX_DISCLOSURE_UNITS)).max(MAX_DISCLOSURES),
  proof: z.string().max(MAX_PROOF_UNITS),
});

const chainSchema = z.strictObject({
  subject: z.string().min(1).max(80),
  /** Whether the chain shows every statement of the subject from seq 0 to its last entry. */
  complete: z.boolean(),
  entries: z.array(entrySchema).min(1).max(MAX_ENTRIES),
});

/** Where the bundle says that its checkpoint was anchored. The forms of the members are checked with their truth: a wrong one refutes. */
const anchorSchema = z.strictObject({
  chainId: z.int().min(1),
  genesisHash: z.string().max(200),
  contract: z.string().max(200),
  treeSize: z.int().min(0),
  rootHash: z.string().max(200),
  transactionHash: z.string().max(200),
  blockNumber: z.int().min(0),
  blockHash: z.string().max(200),
  blockTime: z.string().max(200),
});

const bundleSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  subject: z.string().min(1).max(80),
  /** A hint, never trusted. */
  logKey: z.string().max(400),
  chains: z.array(chainSchema).min(1).max(MAX_CHAINS),
  anchor: anchorSchema.nullable(),
});

/** docs/spec/proof-bundle.md. The first chain is the subject's. */
export type ProofBundle = z.infer<typeof bundleSchema>;
export type BundleChain = z.infer<typeof chainSchema>;
export type BundleEntry = z.infer<typeof entrySchema>;
export type BundleAnchor = z.infer<typeof anchorSchema>;

/**
 * The outer shape of a bundle, from its text or from a parsed value. What the members claim is not looked at: a statement, proof or anchor that is
 * damaged is for {@link verifyBundle} to refute. Throws BUNDLE.TOO_LARGE, BUNDLE.MALFORMED, or a JSON.* code.
 */
export function parseBundle(input: unknown): ProofBundle {
  // A value of unknown making (getters, shared parts, duplicate keys already lost) goes through text once.
  const text = typeof input === 'string' ? input : canonicalize(input);
  if (text.length > MAX_TEXT_UNITS) throw new VerificationError('BUNDLE.TOO_LARGE', `a bundle of ${text.length} characters`);
  const parsed = bundleSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new VerificationError('BUNDLE.MALFORMED', `not a proof bundle: ${issue?.path.map((part) => `/${String(part)}`).join('') ?? ''} ${issue?.message ?? ''}`);
  }
  const entries = parsed.data.chains.reduce((sum, chain) => sum + chain.entries.length, 0);
  if (entries > MAX_ENTRIES) throw new VerificationError('BUNDLE.TOO_LARGE', `${entries} entries`);
  return parsed.data;
}
