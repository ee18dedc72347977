import { VerificationError, type VerificationCode } from '../../../src/lib/errors/index.js';

/** The code an action is refused with, or 'ok'. Any other error is a bug and passes through. */
export function codeOf(action: () => unknown): VerificationCode | 'ok' {
  try {
    action();
    return 'ok';
  } catch (error) {
    if (error instanceof VerificationError) return error.code;
    throw error;
  }
}
