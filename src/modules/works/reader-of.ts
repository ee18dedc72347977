import type { Caller } from '../../platform/http/index.js';

/**
 * As whom a caller reads works on routes that are open to everyone. An API key without `works:read` reads them as a stranger: what it was given for, say
 * to deposit, does not show it its account's confidential works.
 */
export function readerOf(caller: Caller | null): string | null {
  if (caller === null) return null;
  return caller.scopes === 'all' || caller.scopes.has('works:read') ? caller.accountId : null;
}
