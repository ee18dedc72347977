import { z } from 'zod';

const MOST_INT8 = 2n ** 63n - 1n;

/** An account's id, in its one spelling: PostgreSQL finds either, code that compares only this one. */
export const accountId = z.uuid().toLowerCase();

/** Seq of a statement, as a part of a path; PostgreSQL's integer ends there. */
export const seqParameter = z.coerce.number().int().min(0).max(2 ** 31 - 1);

/** A row's number as text, which PostgreSQL's bigint holds. */
export const rowNumber = z.string().regex(/^\d{1,19}$/).refine((text) => BigInt(text) <= MOST_INT8, 'is no number that was given');
