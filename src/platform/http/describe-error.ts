interface Described {
  readonly type: string;
  /** SQLSTATE, an error code of the system, or one of ours. */
  readonly code?: string;
  readonly constraint?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: Described;
}

/** So many causes are followed: errors may be each other's. */
const MOST_CAUSES = 5;

/**
 * What of an error stands in the log. A failed query carries its parameters and the rows that it met, and these hold what the database keeps sealed:
 * names, identities, receipts. Only what is named here is written.
 */
export function describeError(error: unknown, depth = 0): Described {
  if (!(error instanceof Error)) return { type: typeof error, message: typeof error === 'string' ? error : 'not an error' };
  const { code, constraint, driverError, cause } = error as Error & { code?: unknown; constraint?: unknown; driverError?: { code?: unknown; constraint?: unknown }; cause?: unknown };
  const [named, violated] = [code ?? driverError?.code, constraint ?? driverError?.constraint];
  return {
    type: error.name,
    ...(typeof named === 'string' ? { code: named } : {}),
    ...(typeof violated === 'string' ? { constraint: violated } : {}),
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(cause === undefined || depth === MOST_CAUSES ? {} : { cause: describeError(cause, depth + 1) }),
  };
}
