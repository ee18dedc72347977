/** What can keep the development stack from starting. Messages say what to do; programs look at the code. */
export type DevStackErrorCode =
  | 'DEV_STACK.UNSUPPORTED_PLATFORM'
  | 'DEV_STACK.NOT_INSTALLED'
  | 'DEV_STACK.BINARIES_UNUSABLE'
  | 'DEV_STACK.NO_ACCOUNT'
  | 'DEV_STACK.NOT_WRITABLE'
  | 'DEV_STACK.WRONG_OWNER'
  | 'DEV_STACK.WRONG_VERSION'
  | 'DEV_STACK.FOREIGN_DIRECTORY'
  | 'DEV_STACK.IN_USE'
  | 'DEV_STACK.START_FAILED'
  | 'DEV_STACK.STOP_FAILED'
  | 'DEV_STACK.BAD_KEY_FILE';

export class DevStackError extends Error {
  override readonly name = 'DevStackError';

  constructor(readonly code: DevStackErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * The `code` of a Node system error (ENOENT, EACCES, …), or undefined. By its shape and not `instanceof`: in jest, Node's
 * errors come from another realm.
 */
export function systemErrorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message).trim() : String(error);
}
