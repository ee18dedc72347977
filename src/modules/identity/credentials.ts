import type { FastifyRequest } from 'fastify';

export const API_KEY_PREFIX = 'zb_';
const COOKIE = '__Host-zhengben';
const SESSION_SECONDS = 30 * 24 * 3_600;
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const BEARER = /^Bearer +(\S+)$/i;

/** `malformed`: something was sent as an API key that cannot be one. */
export type Credential = { readonly kind: 'api-key' | 'session'; readonly secret: string } | { readonly kind: 'malformed' } | null;

/** An Authorization header goes before a cookie. Cookies that cannot be ours are treated as absent: browsers send what is left over. */
export function credentialOf({ headers }: Pick<FastifyRequest, 'headers'>): Credential {
  const { authorization, cookie } = headers;
  if (authorization !== undefined) {
    const key = BEARER.exec(authorization)?.[1];
    if (key?.startsWith(API_KEY_PREFIX) && SECRET.test(key.slice(API_KEY_PREFIX.length))) return { kind: 'api-key', secret: key };
    return { kind: 'malformed' };
  }
  if (cookie === undefined) return null;
  for (const pair of cookie.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE && value !== undefined && SECRET.test(value)) return { kind: 'session', secret: value };
  }
  return null;
}

/** `__Host-`: no other host, path or plain-text page can set or overwrite it (RFC 6265bis, section 4.1.3.2). */
export function sessionCookie(secret: string): string {
  return `${COOKIE}=${secret}; Path=/; Max-Age=${SESSION_SECONDS}; Secure; HttpOnly; SameSite=Lax`;
}

export const CLEARED_COOKIE = `${COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`;

export function sessionExpiry(from: Date = new Date()): Date {
  return new Date(from.getTime() + SESSION_SECONDS * 1_000);
}
