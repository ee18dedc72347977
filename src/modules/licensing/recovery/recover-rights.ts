import type { Statement } from '../../../lib/statement/index.js';
import { sqlState, type Tx } from '../../../platform/database/index.js';
import type { Projection } from '../../log/index.js';
import { recoverLicence } from './recover-licence.js';
import { recoverTerms } from './recover-terms.js';
import { recoverTitle } from './recover-title.js';

/** Refusals that another statement may take away: a conflict, a grant beyond what is held, a missing consent. */
const NOT_YET: ReadonlySet<string> = new Set(['23P01', 'ZB061', 'ZB064']);

/**
 * Holdings, consents, licences and offers, from statements that a restored database had lost: else what was granted could be granted again. Who was licensed
 * was sealed: that is gone (null), until a party opens it. Comes after the works.
 */
export function recoverRights(): Projection {
  return async (statements) => async (tx) => {
    // Of acts that raced, the log may have the one first that was committed last: what is refused is tried again after those that follow.
    let waiting: Statement[] = [];
    for (const { statement } of statements) {
      const still: Statement[] = [];
      for (const one of [...waiting, statement]) if (!(await attempt(tx, one))) still.push(one);
      waiting = still;
    }
    const [stuck] = waiting;
    if (stuck) throw new Error(`the statement ${stuck.seq} of ${stuck.subject} contradicts what stands before it`);
  };
}

async function attempt(tx: Tx, statement: Statement): Promise<boolean> {
  if (statement.type !== 'licence.granted' && statement.type !== 'licence.declared') {
    await recoverOne(tx, statement);
    return true;
  }
  await tx.query('SAVEPOINT recovering');
  try {
    await recoverOne(tx, statement);
    await tx.query('RELEASE SAVEPOINT recovering');
    return true;
  } catch (error) {
    if (!NOT_YET.has(sqlState(error) ?? '')) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT recovering');
    return false;
  }
}

async function recoverOne(tx: Tx, statement: Statement): Promise<void> {
  if (statement.subject.startsWith('ZB-')) await recoverTitle(tx, statement);
  else if (statement.subject.startsWith('LC-')) await recoverLicence(tx, statement);
  else if (statement.subject.startsWith('LT-')) await recoverTerms(tx, statement);
}
