import { z } from 'zod';
import { EXCLUSIVITIES } from '../rights/availability.js';
import { scopeSchema } from '../rights/scope.js';
import { AI_GENERATED, ACQUISITIONS, CATEGORIES, CREATION_NATURES, FILE_ROLES, NO_RIGHTS_BASES, ORIGINAL_STATUSES, OWNER_KINDS, OWNERSHIPS, RIGHTS, SIGNED_AS } from './vocabulary.js';

/**
 * The bodies of the statement types that this version writes. Members that may be sealed are optional here: what is logged is the body
 * without them. Nothing personal is a member: names, titles and contacts occur only as sealed digests.
 */
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.iso.date();
const instant = z.iso.datetime({ precision: 3 });
const account = z.string().regex(/^acct:[0-9a-f-]{36}$/);
const workNumber = z.string().regex(/^ZB-/);
const licenceNumber = z.string().regex(/^LC-/);

export const contentSchema = z.looseObject({
  mediaType: z.string().max(255),
  byteLength: z.int().min(0),
  sha256: hex64,
  sm3: hex64.optional(),
  deposit: z.enum(['held', 'declared']),
  role: z.enum(FILE_ROLES).optional(),
});

const depositBody = z.looseObject({
  category: z.enum(CATEGORIES),
  composition: z.enum(['single', 'series']).optional(),
  authors: z.array(z.looseObject({ signedAs: z.enum(SIGNED_AS) })).optional(),
  owners: z.array(z.looseObject({ kind: z.enum(OWNER_KINDS), shareBps: z.int().min(1).max(10_000), account: account.optional() })).optional(),
  creation: z.looseObject({
    nature: z.enum(CREATION_NATURES),
    completedOn: day,
    derivedFrom: z.array(z.union([z.looseObject({ work: workNumber }), z.looseObject({ status: z.enum(ORIGINAL_STATUSES) })])).optional(),
  }).optional(),
  publication: z.looseObject({ state: z.enum(['published', 'unpublished']) }).optional(),
  acquisition: z.enum(ACQUISITIONS),
  ownership: z.enum(OWNERSHIPS),
  rights: z.union([z.enum(['all', 'none']), z.array(z.enum(RIGHTS)).min(1)]),
  noRightsBasis: z.enum(NO_RIGHTS_BASES).optional(),
  visibility: z.enum(['public', 'confidential']),
  aiGenerated: z.enum(AI_GENERATED),
  claim: z.literal('rival').optional(),
  contents: z.array(contentSchema).optional(),
});

const grantBody = z.looseObject({
  exclusivity: z.enum(EXCLUSIVITIES),
  scope: scopeSchema,
  sublicensing: z.boolean(),
  /** Granted to whoever wants it. */
  toAnyone: z.literal(true).optional(),
  conditions: z.array(z.string().max(40)).max(20).optional(),
  /** Sublicences: the licence that it was granted from. */
  parent: licenceNumber.optional(),
  /** Earlier licences that an exclusive or sole one leaves alone. */
  subjectTo: z.array(licenceNumber).min(1).max(90).optional(),
  renews: licenceNumber.optional(),
  /** The offer that it was taken up by, or the open terms that it is. */
  terms: z.string().regex(/^LT-/).optional(),
  /** The licensee took up an offer: no acceptance follows. */
  accepted: z.literal(true).optional(),
});

/** A paper outside of this ledger: its SHA-256, and what it is. */
const declaredBody = grantBody.extend({ declared: z.looseObject({ kind: z.enum(['licence', 'assignment']), paperSha256: hex64, signedOn: day }) });
const ended = z.looseObject({ ground: z.enum(['mutual', 'breach', 'declined', 'withdrawn', 'unpaid']), effectiveAt: instant, void: z.boolean() });
/** Whom who says it speaks for: people change on either side. */
const by = z.enum(['licensee', 'grantor']);
const holders = z.array(z.looseObject({ account, shareBps: z.int().min(1).max(10_000) })).min(1).max(50);

export const bodySchemas = {
  /** 存证: what anyone can do alone. */
  'work.deposited': depositBody,
  /** Replaces the members that it names; `replaces` are their names in the body. */
  'work.amended': z.looseObject({ replaces: z.array(z.string()).min(1), reason: z.string().optional() }),
  'work.withdrawn': z.looseObject({ reason: z.enum(['mistake', 'not-mine', 'duplicate', 'other']) }),
  /** In the licence's own chain; `about` names the work. Parties and price are sealed. */
  'licence.granted': grantBody,
  /** The same in the work's chain, of an exclusive or sole grant; `about` names the licence. */
  'work.licence-granted': grantBody,
  /** As `licence.granted`, of a paper outside of this ledger: who declares it answers for it. */
  'licence.declared': declaredBody,
  /** By the licensee; `contractSha256` is sealed with the parties. */
  'licence.accepted': z.looseObject({}),
  /** By a party, in their own name and with their own key; `contractSha256` is sealed by them. */
  'licence.signed': z.looseObject({}),
  /** Art. 14: a co-owner's reason is sealed. */
  'licence.objected': z.looseObject({}),
  'licence.objection-withdrawn': z.looseObject({ objection: z.int().min(1) }),
  'licence.termination-proposed': z.looseObject({ effectiveAt: instant, void: z.boolean(), by }),
  'licence.breach-notified': z.looseObject({ cureBy: instant, by }),
  'licence.breach-cured': z.looseObject({ by }),
  'licence.breach-disputed': z.looseObject({ by }),
  'licence.breach-dispute-withdrawn': z.looseObject({ by }),
  /** `proposal`: seq of what the other side agreed to. */
  'licence.terminated': ended.extend({ proposal: z.int().min(1).optional() }),
  /** Of an exclusive or sole sublicence, in its parent's chain; `about` names it. */
  'licence.sublicence-granted': grantBody,
  'licence.sublicence-ended': ended,
  /** Of an exclusive or sole licence, in the work's chain; `about` names it. */
  'work.licence-ended': ended,
  /** What all holders of the slices agreed to; who they were is what the chain says before. */
  'work.assigned': z.looseObject({ scope: scopeSchema, holders }),
  'work.consent-given': z.looseObject({ to: account, act: z.enum(['licence', 'assignment', 'term']), scope: scopeSchema, expiresAt: instant }),
  'work.consent-withdrawn': z.looseObject({ consent: z.int().min(1) }),
  /** Art. 23: the end of protection, known now. `evidenceSha256` is of what shows it. */
  'work.term-fixed': z.looseObject({ until: instant, lastAuthorDiedOn: day, evidenceSha256: hex64.optional() }),
  /** An offer to license (`LT-…`); `about` names the work. */
  'terms.offered': z.looseObject({ preset: z.string().max(40).optional() }),
  'terms.withdrawn': z.looseObject({}),
  /** A trade (`OR-…`); `about` names the work, and the licence when one was sold. Parties and price are sealed. */
  'order.settled': z.looseObject({ kind: z.enum(['licence', 'exclusive-licence', 'assignment']), listing: z.string().regex(/^LS-/), method: z.enum(['balance', 'chain']) }),
  /** After `order.settled`: the buyer has the money again, or the chain has undone its payment; what was sold is void, or assigned back. */
  'order.rescinded': z.looseObject({ reason: z.enum(['payment-taken-back', 'payment-undone']) }),
  'account.key-added': z.looseObject({ scheme: z.enum(['ed25519', 'eip191']), key: z.string().max(200) }),
  'account.key-revoked': z.looseObject({ key: z.string().max(200) }),
  /** Both keys sign checkpoints until `until`. */
  'log.key-changed': z.looseObject({ from: z.string(), to: z.string(), until: z.string() }),
  /** The first statement of a log that takes the place of another: the last good head of the other. */
  'log.succeeds': z.looseObject({ origin: z.string(), treeSize: z.int().min(0), rootHash: hex64, chainId: z.int(), contract: z.string() }),
} as const satisfies Record<string, z.ZodType>;

export type StatementType = keyof typeof bodySchemas;
export type DepositBody = z.infer<typeof depositBody>;
export type ContentBody = z.infer<typeof contentSchema>;
