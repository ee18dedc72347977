import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who sends a request. A session may do all that its account may; an API key what its scopes name. */
export interface Caller {
  readonly accountId: string;
  readonly via: 'session' | 'api-key';
  readonly scopes: ReadonlySet<string> | 'all';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard; null when a public route is called without credentials. */
    caller: Caller | null;
  }
}

/** Parameter: the {@link Caller}, or null on a `@Public()` route that was called without credentials. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Caller | null =>
  context.switchToHttp().getRequest<FastifyRequest>().caller);

/**
 * Turns the credentials of a request into a caller; the identity module provides it under {@link AUTHENTICATOR}.
 * Without one every route that is not public answers 401.
 */
export interface Authenticator {
  /**
   * The caller, when it is known without asking the database (the hot path); `undefined` when it is not known yet.
   * Null when the request carries no credentials.
   */
  recall(request: FastifyRequest): Caller | null | undefined;
  /** Looks the credentials up. Null when they are unknown, expired or revoked. */
  authenticate(request: FastifyRequest): Promise<Caller | null>;
}

/** Nest injection token of the {@link Authenticator}. */
export const AUTHENTICATOR = Symbol('Authenticator');
