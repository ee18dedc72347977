import { z } from 'zod';
import { DomainError } from '../../lib/errors/index.js';

/** One page of a list. `nextCursor` is opaque to clients; null on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const MOST_CURSOR_CHARACTERS = 1_000;

/** `?cursor=&limit=` of every list: spread its shape into the query schema of a route. */
export const pageQuery = z.object({
  cursor: z.string().max(MOST_CURSOR_CHARACTERS).optional().meta({ description: 'The nextCursor of the page before' }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** @param position the sort key of the last item of a page; JSON values only. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');
}

/**
 * A cursor is what the client sends back: it is checked like any input.
 * @throws DomainError HTTP.INVALID_CURSOR
 */
export function decodeCursor<T>(schema: z.ZodType<T>, cursor: string): T {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw new DomainError('HTTP.INVALID_CURSOR', 'The cursor is not one of this list', { cause });
  }
  const parsed = schema.safeParse(position);
  if (!parsed.success) throw new DomainError('HTTP.INVALID_CURSOR', 'The cursor is not one of this list');
  return parsed.data;
}

/** @param rows at most `limit + 1` rows: the one too many says that there is a next page. */
export function toPage<Row, Item>(rows: readonly Row[], limit: number, toItem: (row: Row) => Item, positionOf: (row: Row) => unknown): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
}
