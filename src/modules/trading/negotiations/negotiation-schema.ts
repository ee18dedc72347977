import { z } from 'zod';
import { line, paragraphs } from '../../../lib/api-schema/index.js';
import { pageQuery } from '../../../platform/http/index.js';
import { moneySchema } from '../listings/listing-schema.js';
import { NEGOTIATION_STATES } from './negotiation.js';

/** When it ends is held against the clock by the act itself: what was accepted once is answered again after that, by its key. */
const expiresAt = z.iso.datetime().meta({ description: 'Until when the offer binds its maker: a minute to 30 days from now' });
const message = paragraphs(4_000).optional();
const offerId = z.int().min(1).max(100).meta({ description: 'The id of the offer, as the negotiation shows it: whoever answers it means this one and no other' });

export const openingSchema = z.strictObject({ offer: moneySchema, expiresAt, message });
export type Opening = z.output<typeof openingSchema>;

export const offerSchema = z.strictObject({
  offer: moneySchema,
  expiresAt,
  message,
  answers: offerId.optional().meta({ description: 'The standing offer of the other side that this one takes the place of; refused when that has changed meanwhile' }),
});
export type NewOffer = z.output<typeof offerSchema>;

export const answerSchema = z.strictObject({ offer: offerId });
export type OfferAnswer = z.output<typeof answerSchema>;

export const leavingSchema = z.strictObject({ reason: line(300).optional() }).prefault({});
export const messageSchema = z.strictObject({ text: paragraphs(4_000) });

export const negotiationsQuery = z.strictObject({
  ...pageQuery.shape,
  role: z.enum(['buyer', 'seller']).default('buyer').meta({ description: 'What the caller is in them' }),
  state: z.enum(NEGOTIATION_STATES).optional(),
  listing: z.string().max(64).optional(),
});
export type NegotiationsQuery = z.output<typeof negotiationsQuery>;
export const threadQuery = z.strictObject(pageQuery.shape);
export type ThreadQuery = z.output<typeof threadQuery>;
