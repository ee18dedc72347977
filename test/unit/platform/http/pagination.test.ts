import { assert, integer, property, string, tuple } from 'fast-check';
import { z } from 'zod';
import { decodeCursor, encodeCursor, toPage } from '../../../../src/platform/http/index.js';

test('a cursor comes back as it was', () => {
  assert(property(tuple(string(), integer()), (position) => {
    expect(decodeCursor(z.tuple([z.string(), z.int()]), encodeCursor(position))).toEqual(position);
  }));
});

test('whatever is sent as a cursor, it is a value of the schema or HTTP.INVALID_CURSOR', () => {
  const outcome = (text: string): string => {
    try {
      return typeof decodeCursor(z.object({ a: z.int() }), text).a;
    } catch (error) {
      return String((error as { code?: unknown }).code);
    }
  };
  assert(property(string(), (text) => ['number', 'HTTP.INVALID_CURSOR'].includes(outcome(text))));
  expect(outcome(encodeCursor({ a: 1 }))).toBe('number');
  expect(outcome('!')).toBe('HTTP.INVALID_CURSOR');
});

test('the row too many is not shown, and says that there is more', () => {
  expect(toPage([1, 2, 3], 2, (n) => n * 10, (n) => n)).toEqual({ items: [10, 20], nextCursor: encodeCursor(2) });
  expect(toPage([1, 2], 2, (n) => n, (n) => n)).toEqual({ items: [1, 2], nextCursor: null });
  expect(toPage([], 2, (n) => n, (n) => n)).toEqual({ items: [], nextCursor: null });
});
