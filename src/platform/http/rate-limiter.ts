import type { FastifyReply } from 'fastify';
import { DomainError } from '../../lib/errors/index.js';

interface Bucket {
  tokens: number;
  /** Monotonic seconds of the last refill. */
  at: number;
}

/** Above this many buckets the full ones, which say nothing, are dropped. */
const MOST_BUCKETS = 100_000;

/**
 * One token bucket for each account, or each address of callers without one, in this process: a minute's quota, refilled steadily.
 * Headers after draft-ietf-httpapi-ratelimit-headers-10.
 */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();
  private readonly perSecond: number;
  private readonly policy: string;

  /** @param quota requests a minute. */
  constructor(private readonly quota: number) {
    this.perSecond = quota / 60;
    this.policy = `"default";q=${quota};w=60`;
  }

  /** @throws DomainError HTTP.TOO_MANY_REQUESTS when nothing is left. */
  take(key: string, reply: FastifyReply): void {
    const bucket = this.refill(key);
    if (bucket.tokens < 1) throw this.refuse(bucket, reply);
    bucket.tokens -= 1;
    this.describe(bucket, reply);
  }

  /** Takes nothing. @throws DomainError HTTP.TOO_MANY_REQUESTS when nothing is left. */
  assertNotExhausted(key: string, reply: FastifyReply): void {
    if (!this.buckets.has(key)) return;
    const bucket = this.refill(key);
    if (bucket.tokens < 1) throw this.refuse(bucket, reply);
  }

  private refill(key: string): Bucket {
    const now = performance.now() / 1000;
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (this.buckets.size >= MOST_BUCKETS) this.dropFull(now);
      bucket = { tokens: this.quota, at: now };
      this.buckets.set(key, bucket);
      return bucket;
    }
    bucket.tokens = Math.min(this.quota, bucket.tokens + (now - bucket.at) * this.perSecond);
    bucket.at = now;
    return bucket;
  }

  private dropFull(now: number): void {
    for (const [key, bucket] of this.buckets) {
      if (bucket.tokens + (now - bucket.at) * this.perSecond >= this.quota) this.buckets.delete(key);
    }
    // All of them busy: an attack from many addresses. Memory stays bounded, at the price of forgetting who asked.
    if (this.buckets.size >= MOST_BUCKETS) this.buckets.clear();
  }

  private describe(bucket: Bucket, reply: FastifyReply): void {
    reply.header('ratelimit-policy', this.policy);
    reply.header('ratelimit', `"default";r=${Math.floor(bucket.tokens)};t=${Math.ceil((this.quota - bucket.tokens) / this.perSecond)}`);
  }

  private refuse(bucket: Bucket, reply: FastifyReply): DomainError {
    this.describe(bucket, reply);
    return new DomainError('HTTP.TOO_MANY_REQUESTS', `More than ${this.quota} requests a minute`, {
      retryAfterSeconds: Math.max(1, Math.ceil((1 - bucket.tokens) / this.perSecond)),
    });
  }
}
