import { z } from 'zod';
import { ACQUISITIONS, AI_GENERATED, CATEGORIES, CREATION_NATURES, NO_RIGHTS_BASES, ORIGINAL_STATUSES, OWNER_KINDS, OWNERSHIPS, RIGHTS, SIGNED_AS } from '../statement/vocabulary.js';
import { parseWorkNumber } from '../statement/work-number.js';
import { accountId } from './ids.js';
import { fileName, line, paragraphs } from './text.js';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const mediaType = z.string().max(127).regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/, 'must be a media type such as image/jpeg');

const author = z.strictObject({
  name: line(200).optional(),
  creditedAs: line(200).optional(),
  signedAs: z.enum(SIGNED_AS),
}).refine((value) => value.signedAs === 'anonymous' || value.name !== undefined, { path: ['name'], message: 'is required unless the author signs anonymously' })
  .refine((value) => value.signedAs !== 'pseudonym' || value.creditedAs !== undefined, { path: ['creditedAs'], message: 'give the pseudonym' });

const owner = z.strictObject({
  name: line(200),
  kind: z.enum(OWNER_KINDS),
  shareBps: z.int().min(1).max(10_000),
  account: accountId.optional().meta({ description: 'Holds this owner’s share of the rights; without one the depositing account does' }),
  identity: z.strictObject({ kind: line(40), number: line(80) }).optional(),
  contact: line(200).optional(),
  address: line(500).optional(),
});

/** What a derivative was made from (Copyright Law Art. 16): a work of this ledger, or one outside of it. */
const original = z.union([
  z.strictObject({ work: z.string().max(64).refine((typed) => parseWorkNumber(typed) !== null, 'is no work number') }),
  z.strictObject({ title: line(500), status: z.enum(ORIGINAL_STATUSES) }),
]);

const creation = z.strictObject({
  nature: z.enum(CREATION_NATURES),
  completedOn: z.iso.date(),
  place: line(200).optional(),
  derivedFrom: z.array(original).min(1).max(20).optional(),
});

const publication = z.strictObject({ state: z.enum(['published', 'unpublished']), firstPublishedOn: z.iso.date().optional(), place: line(200).optional() })
  .refine((value) => value.state === 'unpublished' || value.firstPublishedOn !== undefined, { path: ['firstPublishedOn'], message: 'is required of a published work' })
  .refine((value) => value.state === 'published' || value.firstPublishedOn === undefined, { path: ['firstPublishedOn'], message: 'an unpublished work has none' });

/** One file whose digest its owner declares; the file itself stays where it is. */
export const declaredContentSchema = z.strictObject({ name: fileName(), mediaType, byteLength: z.int().min(0), sha256: hex64, sm3: hex64.optional() });

const form = z.strictObject({
  title: line(500),
  category: z.enum(CATEGORIES),
  composition: z.enum(['single', 'series']).default('single'),
  creation,
  publication,
  visibility: z.enum(['public', 'confidential']).default('public'),
  authors: z.array(author).min(1).max(50),
  owners: z.array(owner).min(1).max(50).refine((owners) => owners.reduce((sum, one) => sum + one.shareBps, 0) === 10_000, 'the shares must sum to 10000 basis points'),
  acquisition: z.enum(ACQUISITIONS).default('original'),
  acquisitionEvidence: z.array(fileName()).max(50).optional(),
  creationEvidence: z.array(fileName()).max(50).optional(),
  ownership: z.enum(OWNERSHIPS).default('individual'),
  rights: z.union([z.enum(['all', 'none']), z.array(z.enum(RIGHTS)).min(1).refine((list) => new Set(list).size === list.length, 'names a right twice')]).default('all'),
  noRightsBasis: z.enum(NO_RIGHTS_BASES).optional(),
  workStatement: z.strictObject({ purpose: paragraphs(4_000).optional(), process: paragraphs(4_000).optional(), originality: paragraphs(4_000).optional() }).optional(),
  applicant: z.strictObject({ capacity: z.enum(['owner', 'agent']), name: line(200), contact: line(200).optional() }).optional(),
  registration: z.strictObject({ number: line(80), registry: line(200), registeredOn: z.iso.date().optional() }).optional(),
  aiGenerated: z.enum(AI_GENERATED).default('none'),
  aigc: z.strictObject({ contentProducer: line(200).optional(), produceId: line(200).optional(), contentPropagator: line(200).optional(), propagateId: line(200).optional() }).optional(),
  claim: z.enum(['first', 'rival']).default('first'),
});

interface FormRules {
  acquisition: string;
  acquisitionEvidence?: string[] | undefined;
  rights: string | readonly string[];
  noRightsBasis?: string | undefined;
}

function rules<T extends z.ZodType<FormRules>>(schema: T): T {
  return schema
    .refine((value) => value.acquisition === 'original' || (value.acquisitionEvidence?.length ?? 0) > 0, { path: ['acquisitionEvidence'], message: 'name the files that prove how the rights were acquired' })
    .refine((value) => (value.rights === 'none') === (value.noRightsBasis !== undefined), { path: ['noRightsBasis'], message: 'is given exactly when no rights are claimed' }) as T;
}

/** The registration form (作品登记) as the multipart part `work`. */
export const workFormSchema = rules(form);
/** The same as JSON with digests only, so that a file never leaves its owner. */
export const declaredWorkSchema = rules(form.extend({ contents: z.array(declaredContentSchema).min(1) }));

export type WorkForm = z.output<typeof form>;
export type DeclaredContent = z.output<typeof declaredContentSchema>;

/** What an amendment may replace. Owners and rights change hands by assignment, files by a new deposit. */
export const amendmentSchema = z.strictObject({
  title: form.shape.title.optional(),
  category: form.shape.category.optional(),
  composition: z.enum(['single', 'series']).optional(),
  creation: creation.optional(),
  publication: publication.optional(),
  authors: form.shape.authors.optional(),
  workStatement: form.shape.workStatement,
  registration: form.shape.registration,
  aiGenerated: z.enum(AI_GENERATED).optional(),
  aigc: form.shape.aigc,
  reason: line(500).optional(),
});
export type Amendment = z.output<typeof amendmentSchema>;

export const withdrawalSchema = z.strictObject({ reason: z.enum(['mistake', 'not-mine', 'duplicate', 'other']) });
