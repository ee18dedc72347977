import { z } from 'zod';
import { accountId, line, paragraphs } from '../../../lib/api-schema/index.js';
import { CONDITIONS, priceSchema } from '../../../lib/licence-terms/index.js';
import { EXCLUSIVITIES, scopeSchema } from '../../../lib/rights/index.js';

/** What a licence says besides its scope (Art. 26): payment, breach, and what else was agreed. Sealed in its statement. */
export const agreementShape = {
  price: priceSchema.optional(),
  payment: paragraphs(2_000).optional(),
  attribution: line(500).optional(),
  revenueShareBps: z.int().min(1).max(10_000).optional(),
  curePeriodDays: z.int().min(1).max(365).default(30).meta({ description: 'How long a party has to cure a breach' }),
  governingLaw: line(200).default('CN'),
};

/** A paper outside of this ledger that its owner declares. */
const declared = z.strictObject({
  kind: z.enum(['licence', 'assignment']),
  paperSha256: z.string().regex(/^[0-9a-f]{64}$/),
  signedOn: z.iso.date(),
  licenseeName: line(200).optional(),
});

export const grantSchema = z.strictObject({
  licensee: z.union([accountId, z.literal('anyone')]).optional().meta({ description: 'The account that is licensed; left out only of a declared licence, whose licensee may have none' }),
  exclusivity: z.enum(EXCLUSIVITIES),
  scope: scopeSchema,
  sublicensing: z.boolean().default(false),
  conditions: z.array(z.enum(CONDITIONS)).max(CONDITIONS.length).default([]),
  subjectTo: z.array(z.string().max(64)).max(90).default([]).meta({ description: 'Earlier non-exclusive licences that an exclusive or sole one leaves alone' }),
  declared: declared.optional(),
  ...agreementShape,
}).refine((grant) => grant.licensee !== undefined || grant.declared !== undefined, { path: ['licensee'], message: 'is required unless the licence is declared' })
  .refine((grant) => grant.licensee !== 'anyone' || (grant.exclusivity === 'non-exclusive' && !grant.sublicensing && grant.price === undefined), { path: ['licensee'], message: 'anyone is licensed non-exclusively, without sublicences, and free' })
  .refine((grant) => grant.subjectTo.length === 0 || grant.exclusivity !== 'non-exclusive', { path: ['subjectTo'], message: 'is of exclusive and sole licences' });
export type Grant = z.output<typeof grantSchema>;

/** The next period of a licence: all else stays as it is. */
export const renewalSchema = z.strictObject({ until: z.union([z.iso.datetime(), z.iso.date()]).nullable().meta({ description: 'An instant, or a day (Asia/Shanghai) that is meant; null: to the end of protection' }), price: agreementShape.price, payment: agreementShape.payment });
export type Renewal = z.output<typeof renewalSchema>;
