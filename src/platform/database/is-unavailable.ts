import { sqlState } from './transact.js';

/** Connection exceptions, statements that took longer than they may, shutdowns and crashes of the server, too many connections (PostgreSQL, appendix A). */
const UNAVAILABLE = /^(?:08|57014|57P0[1-3]|53300)/;
/** What Node says of a connection that cannot be made or was cut. */
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
const SOCKET_CALLS: ReadonlySet<unknown> = new Set(['connect', 'read', 'write']);
/** What the client and its pool say of one, without any code. */
const CUT = /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after)/;

/**
 * Whether a database error says that the database could not be reached, was lost meanwhile or took too long: nothing is wrong with the request, which may be
 * repeated later. Whether a transaction that was being committed is committed is not known.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { name, driverError } = (error ?? {}) as { name?: unknown; driverError?: unknown };
  const cause = driverError ?? error;
  if (UNAVAILABLE.test(sqlState(error) ?? '')) return true;
  // The connection of an open transaction was cut between two of its statements.
  if (name === 'QueryRunnerAlreadyReleasedError' || name === 'QueryRunnerProviderAlreadyReleasedError') return true;
  const { code, message, errors, routine, syscall } = (cause ?? {}) as { code?: unknown; message?: unknown; errors?: unknown[]; routine?: unknown; syscall?: unknown };
  // Of several addresses none could be connected to.
  if (Array.isArray(errors) && errors.length > 0 && errors.every(isDatabaseUnavailable)) return true;
  // A connection that is reset while it is being made says so itself («connect», «read»); a client who leaves is «aborted», with no call of the system.
  const isOfDatabase = name === 'QueryFailedError' || routine !== undefined || SOCKET_CALLS.has(syscall);
  return (isOfDatabase && NETWORK.has(String(code))) || (typeof message === 'string' && CUT.test(message));
}
