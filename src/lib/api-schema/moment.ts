import { z } from 'zod';

const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
/** PostgreSQL reads no offset of 16 hours or more, and no text that is much longer than this. */
const OFFSET = /[+-](?:0\d|1[0-5]):[0-5]\d$/;
const MAX_LENGTH = 40;

/** An instant that PostgreSQL can have, as it was typed: in the years 0001 to 9999, with `Z` or an offset below 16 hours. */
export const moment = z.iso.datetime({ offset: true }).max(MAX_LENGTH)
  .refine((text) => (text.endsWith('Z') || OFFSET.test(text)) && Date.parse(text) >= EARLIEST && Date.parse(text) <= LATEST, 'lies in the years 0001 to 9999, with an offset below 16 hours');

/** When a row was made, to the microsecond, in a cursor: of two rows of one millisecond the second would be lost. */
export const rowTime = z.iso.datetime({ precision: 6 }).refine((text) => Date.parse(text) >= 0, 'is no time that was given');
