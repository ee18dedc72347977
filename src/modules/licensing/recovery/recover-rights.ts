import { parseWorkNumber, type Statement } from '../../../lib/statement/index.js';
import { sqlState, type Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { type Projection, RecoveryError } from '../../log/index.js';
import { statementOf } from '../../works/index.js';
import { NotYet } from './not-yet.js';
import { recoverLicence } from './recover-licence.js';
import { recoverTerms } from './recover-terms.js';
import { recoverTitle } from './recover-title.js';

/** Refusals of a grant that another statement may take away: a conflict, a licence that is not there, a grant beyond what is held, a missing consent. */
const REFUSALS: ReadonlySet<string> = new Set(['23P01', '23503', 'ZB061', 'ZB064']);

/**
 * Holdings, consents, licences and offers, from statements that a restored database had lost: else what was granted could be granted again. Who was licensed
 * was sealed: that is gone (null), until a party opens it. Comes after the works.
 *
 * Of acts that raced, the log may have the one first that was committed last: what is refused waits, over batches and interruptions, with all that is said of it.
 */
export function recoverRights(): Projection {
  return async (statements) => async (tx, isLast) => {
    let waiting = await readWaiting(tx);
    for (const { statement } of statements) {
      const isSame = (one: Statement): boolean => workOf(one) === workOf(statement);
      waiting = [...waiting.filter((one) => !isSame(one)), ...(await settle(tx, [...waiting.filter(isSame), statement]))];
    }
    await writeWaiting(tx, waiting);
    const [stuck] = waiting;
    if (isLast && stuck) throw new RecoveryError(`the statement ${stuck.seq} of ${stuck.subject} contradicts the others`, waiting.map(({ subject, seq, type }) => `${subject} seq ${seq} (${type}) cannot be followed`));
  };
}

/** Does what the statements say, in their order, again as long as one more of them can be followed. @returns those that still wait. */
async function settle(tx: Tx, statements: readonly Statement[]): Promise<Statement[]> {
  for (let left = [...statements]; ;) {
    const still: Statement[] = [];
    const held = new Set<string>();
    for (const one of left) {
      if (!licencesIn(one).some((number) => held.has(number)) && (await attempt(tx, one))) continue;
      still.push(one);
      if (isLicence(one.subject)) held.add(one.subject);
    }
    if (still.length === 0 || still.length === left.length) return still;
    left = still;
  }
}

const isLicence = (subject: string): boolean => parseWorkNumber(subject, 'LC') !== null;

/** The licences without which a statement cannot be followed: it waits for what is said of them before. */
function licencesIn({ subject, about, body }: Statement): string[] {
  const named = [subject, ...(about ?? []), body['parent'], body['renews'], ...(Array.isArray(body['subjectTo']) ? body['subjectTo'] : [])];
  return named.filter((number): number is string => typeof number === 'string' && isLicence(number));
}

function workOf({ subject, about }: Statement): string | undefined {
  return [subject, ...(about ?? [])].find((number) => parseWorkNumber(number) !== null);
}

async function attempt(tx: Tx, statement: Statement): Promise<boolean> {
  const isGrant = statement.type === 'licence.granted' || statement.type === 'licence.declared';
  // What else may have to wait is known before it writes anything.
  if (isGrant) await tx.query('SAVEPOINT recovering');
  try {
    await recoverOne(tx, statement);
    if (isGrant) await tx.query('RELEASE SAVEPOINT recovering');
    return true;
  } catch (error) {
    if (!(isGrant ? REFUSALS.has(sqlState(error) ?? '') : error instanceof NotYet)) throw error;
    if (isGrant) await tx.query('ROLLBACK TO SAVEPOINT recovering');
    return false;
  }
}

async function recoverOne(tx: Tx, statement: Statement): Promise<void> {
  if (statement.subject.startsWith('ZB-')) await recoverTitle(tx, statement);
  else if (statement.subject.startsWith('LC-')) await recoverLicence(tx, statement);
  else if (statement.subject.startsWith('LT-')) await recoverTerms(tx, statement);
}

async function readWaiting(tx: Tx): Promise<Statement[]> {
  const rows: { bytes: Buffer }[] = await tx.query('SELECT s.bytes FROM recovery_waiting w JOIN statement s USING (subject, seq) ORDER BY w.place');
  return rows.map(statementOf);
}

async function writeWaiting(tx: Tx, waiting: readonly Statement[]): Promise<void> {
  await writePoint('recover.waiting', async () => {
    await tx.query('DELETE FROM recovery_waiting');
    if (waiting.length > 0) {
      await tx.query('INSERT INTO recovery_waiting (subject, seq) SELECT w.subject, w.seq FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS w(subject, seq, place) ORDER BY w.place',
        [waiting.map(({ subject }) => subject), waiting.map(({ seq }) => seq)]);
    }
  });
}
