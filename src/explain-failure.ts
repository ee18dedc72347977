import { ConfigError } from './platform/config/index.js';
import { PrivilegedRoleError } from './platform/database/index.js';

/** sysexits(3): EX_CONFIG and EX_UNAVAILABLE. */
const EXIT_CONFIG = 78;
const EXIT_UNAVAILABLE = 69;

const NO_ANSWER: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', '57P03', '53300']);
/** PostgreSQL, appendix A: invalid authorisation, wrong password, no such database, no privilege. */
const WRONG_DATABASE_URL: ReadonlySet<unknown> = new Set(['28000', '28P01', '3D000', '42501']);

/** Why the service could not start, for the person who started it: one clear message, and the exit code. */
export function explainFailure(error: unknown): { message: string; exitCode: number } {
  if (error instanceof ConfigError || error instanceof PrivilegedRoleError) return { message: error.message, exitCode: EXIT_CONFIG };
  const { code, port } = error as { code?: unknown; port?: number };
  if (code === 'EADDRINUSE') return { message: `Port ${port} is taken by another program. Stop it, or choose another one: PORT=${Number(port) + 1} npm start`, exitCode: EXIT_UNAVAILABLE };
  if (code === 'EACCES' && port !== undefined) return { message: `Port ${port} may not be used by this user. Choose one above 1023: PORT=3000 npm start`, exitCode: EXIT_UNAVAILABLE };
  const message = messageOf(error);
  if (NO_ANSWER.has(code)) return { message: `The database at DATABASE_URL does not answer: ${message}`, exitCode: EXIT_UNAVAILABLE };
  if (WRONG_DATABASE_URL.has(code)) return { message: `DATABASE_URL: ${message}`, exitCode: EXIT_CONFIG };
  if (typeof code === 'string' && code.startsWith('DEV_STACK.')) return { message, exitCode: EXIT_UNAVAILABLE };
  return { message: `Zhengben could not start: ${message}`, exitCode: 1 };
}

/** A name with several addresses fails with an error for each, and no message of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
