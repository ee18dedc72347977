import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../lib/errors/index.js';
import type { Config } from '../config/index.js';
import { PUBLIC, SCOPES, UNLIMITED } from './access.decorators.js';
import type { Authenticator, Caller } from './caller.js';
import type { RateLimiter } from './rate-limiter.js';
import { assertSameOrigin } from './same-origin.js';

interface RouteAccess {
  readonly isPublic: boolean;
  readonly scopes: readonly string[];
  readonly limited: boolean;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The one gate of all routes: who calls, how often, and may they. Installed globally: what names no access is closed. */
export class AccessGuard implements CanActivate {
  private readonly routes = new Map<unknown, RouteAccess>();

  constructor(
    private readonly reflector: Reflector,
    private readonly config: Config,
    private readonly limiter: RateLimiter,
    /** Null when no module provides one: every route that is not public is then closed. */
    private readonly authenticator: Authenticator | null,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const route = this.accessOf(context);
    const known = this.authenticator ? this.authenticator.recall(request) : null;
    if (known !== undefined) return this.admit(request, reply, route, known);
    return this.lookUp(request, reply, route);
  }

  /** Guessing credentials costs a look-up each: whoever has used up the address's budget is not looked up at all. */
  private async lookUp(request: FastifyRequest, reply: FastifyReply, route: RouteAccess): Promise<boolean> {
    this.limiter.assertNotExhausted(request.ip, reply);
    const caller = (await this.authenticator?.authenticate(request)) ?? null;
    if (!caller && request.headers.authorization !== undefined) {
      this.limiter.take(request.ip, reply);
      throw unauthenticated(reply, 'The API key is unknown, expired or revoked');
    }
    return this.admit(request, reply, route, caller);
  }

  private admit(request: FastifyRequest, reply: FastifyReply, route: RouteAccess, caller: Caller | null): boolean {
    request.caller = caller;
    if (route.limited) this.limiter.take(caller ? caller.accountId : request.ip, reply);
    if (!caller) {
      if (route.isPublic) return true;
      throw unauthenticated(reply, 'Sign in, or send an API key as «Authorization: Bearer …»');
    }
    if (caller.via === 'session') {
      if (!SAFE_METHODS.has(request.method)) assertSameOrigin(request.headers, this.config);
      return true;
    }
    if (!route.isPublic) assertScopes(route.scopes, caller.scopes);
    return true;
  }

  private accessOf(context: ExecutionContext): RouteAccess {
    const handler = context.getHandler();
    const cached = this.routes.get(handler);
    if (cached) return cached;
    const targets = [handler, context.getClass()];
    const access: RouteAccess = {
      isPublic: this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets) ?? false,
      scopes: this.reflector.getAllAndOverride<string[] | undefined>(SCOPES, targets) ?? [],
      limited: !(this.reflector.getAllAndOverride<boolean | undefined>(UNLIMITED, targets) ?? false),
    };
    this.routes.set(handler, access);
    return access;
  }
}

function assertScopes(needed: readonly string[], given: ReadonlySet<string> | 'all'): void {
  if (given === 'all') return;
  if (needed.length === 0) throw new DomainError('HTTP.SESSION_REQUIRED', 'This needs a signed-in person; an API key cannot do it');
  const missing = needed.filter((scope) => !given.has(scope));
  if (missing.length > 0) throw new DomainError('HTTP.SCOPE_MISSING', `The API key lacks the scope ${missing.join(', ')}`, { members: { missing } });
}

function unauthenticated(reply: FastifyReply, detail: string): DomainError {
  reply.header('WWW-Authenticate', 'Bearer realm="zhengben"');
  return new DomainError('HTTP.UNAUTHENTICATED', detail);
}
