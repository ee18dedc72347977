import { requestIdOf } from '../../../../src/platform/http/request-id.js';
import { uuidv7 } from '../../../../src/platform/random/index.js';

test('UUIDv7: version, variant, time in front, and no repetition over many pools of random bytes', () => {
  const ids = Array.from({ length: 5_000 }, () => uuidv7(1_700_000_000_123));
  for (const id of ids) expect(id).toMatch(/^018bcfe5-687b-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(5_000);
});

test.each(['short', 'a'.repeat(129), 'has space in it', 'line\nbreak1234', 'quote"quote', ['twice-000', 'twice-001'], undefined])('%j is replaced', (given) => {
  expect(requestIdOf(given as string)).toMatch(/^[0-9a-f-]{36}$/);
});

test('a sane id is kept', () => {
  expect(requestIdOf('req_01HZ:abc-9')).toBe('req_01HZ:abc-9');
});
