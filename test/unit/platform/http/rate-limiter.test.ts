import type { FastifyReply } from 'fastify';
import { DomainError } from '../../../../src/lib/errors/index.js';
import { RateLimiter } from '../../../../src/platform/http/rate-limiter.js';

function replyStub(): { reply: FastifyReply; headers: Map<string, string> } {
  const headers = new Map<string, string>();
  return { headers, reply: { header: (name: string, value: string) => headers.set(name, value) } as unknown as FastifyReply };
}

const refusal = (act: () => void): DomainError | null => {
  try {
    act();
    return null;
  } catch (error) {
    return error as DomainError;
  }
};

afterEach(() => jest.restoreAllMocks());

test('a burst of the quota passes, then a steady trickle', () => {
  let now = 1_000_000;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  const limiter = new RateLimiter(60);
  const { reply, headers } = replyStub();
  for (let n = 0; n < 60; n++) limiter.take('a', reply);
  expect(headers.get('ratelimit-policy')).toBe('"default";q=60;w=60');
  expect(headers.get('ratelimit')).toBe('"default";r=0;t=60');
  expect(refusal(() => limiter.take('a', reply))).toMatchObject({ code: 'HTTP.TOO_MANY_REQUESTS', retryAfterSeconds: 1 });
  expect(refusal(() => limiter.assertNotExhausted('a', reply))).toMatchObject({ code: 'HTTP.TOO_MANY_REQUESTS' });
  limiter.take('b', reply);
  now += 1_000;
  limiter.take('a', reply);
  expect(refusal(() => limiter.take('a', reply))).not.toBeNull();
  now += 3_600_000;
  for (let n = 0; n < 60; n++) limiter.take('a', reply);
  expect(refusal(() => limiter.take('a', reply))).not.toBeNull();
});

test('memory stays bounded under a flood of addresses', () => {
  const limiter = new RateLimiter(60);
  const { reply } = replyStub();
  for (let n = 0; n < 250_000; n++) limiter.take(`ip-${n}`, reply);
  expect((limiter as unknown as { buckets: Map<string, unknown> }).buckets.size).toBeLessThanOrEqual(100_000);
});

test('it costs less than 5 µs a request', () => {
  const limiter = new RateLimiter(1e9);
  const { reply } = replyStub();
  for (let n = 0; n < 20_000; n++) limiter.take('warm', reply);
  // The best of several: other processes share the machine.
  const times = Array.from({ length: 5 }, () => {
    const started = process.cpuUsage();
    for (let n = 0; n < 20_000; n++) limiter.take(`k${n % 100}`, reply);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 20_000;
  });
  expect(Math.min(...times)).toBeLessThan(5);
});
