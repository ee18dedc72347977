import { parseStatement, type Statement } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { hashEntry } from '../../../platform/tlog/index.js';

/** A statement that stands in the log and may be missing in the database. */
export interface RecoveredStatement {
  readonly statement: Statement;
  readonly bytes: Uint8Array;
  readonly leafHash: Buffer;
  readonly leafIndex: number;
}

/**
 * How a module makes good what follows from statements that its tables have lost. Called for each batch with what was missing, in the order of the log:
 * first outside of the transaction (files and the like), then what it returns inside of it, exactly once per statement. What was sealed is gone.
 * What it has to remember from batch to batch it keeps in the database: an interrupted recovery goes on in another process, and a transaction may run again.
 * `isLast`: nothing follows; what is thrown now leaves the recovery unfinished.
 */
export type Projection = (statements: readonly RecoveredStatement[]) => Promise<(tx: Tx, isLast: boolean) => Promise<void>>;

/** The recovery cannot go on; nothing that was there has been changed. `message` says what to do. */
export class RecoveryError extends Error {
  override readonly name = 'RecoveryError';
  constructor(message: string, /** For `collision`: one line each. */ readonly problems: readonly string[] = []) {
    super(message);
  }
}

/** @throws RecoveryError when the entry is no statement that this version can store. */
export function toRecovered(bytes: Uint8Array, leafIndex: number): RecoveredStatement {
  try {
    return { statement: parseStatement(bytes), bytes, leafHash: hashEntry(bytes), leafIndex };
  } catch (error) {
    throw new RecoveryError(`entry ${leafIndex} is not a statement that this version can store (${(error as Error).message}): use the version of the service that logged it`);
  }
}
