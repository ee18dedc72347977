import { containsBox } from '../../../lib/rights/index.js';
import { parseWorkNumber, type Statement } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { cutHolding, slicesOf } from '../title/cut-holding.js';
import type { ConsentAct } from '../title/find-missing-consents.js';
import { narrowTerms } from '../title/fix-term.js';
import { insertConsent, withdrawConsent } from '../title/insert-consent.js';
import { readSlices } from '../title/read-slices.js';
import { NotYet } from './not-yet.js';
import { accountOf, boxOf, openTitle } from './open-title.js';

/** What the work's own chain says of who holds it. */
export async function recoverTitle(tx: Tx, statement: Statement): Promise<void> {
  const { subject, seq, type, actor, about, body, sealed, issuedAt } = statement;
  const workId = parseWorkNumber(subject)?.id.toString() ?? '';
  const [accountId, at] = [accountOf(actor), new Date(issuedAt)];
  switch (type) {
    case 'work.consent-given': {
      const box = boxOf(body['scope']);
      await openTitle(tx, workId, statement, box);
      return insertConsent(tx, {
        workId, seq, accountId, toAccount: accountOf(body['to']), act: body['act'] as ConsentAct, partyId: null, box, givenAt: at, expiresAt: new Date(String(body['expiresAt'])),
        // Only the party is ever sealed: without it the consent is for anyone.
        ...(sealed.length > 0 ? { recoveredAt: new Date() } : {}),
      });
    }
    case 'work.consent-withdrawn':
      await withdrawConsent(tx, workId, Number(body['consent']), accountId, at);
      return;
    case 'work.assigned': {
      const box = boxOf(body['scope']);
      await openTitle(tx, workId, statement, box);
      const holders = (body['holders'] as unknown as { account: string; shareBps: number }[]).map(({ account, shareBps }) => ({ accountId: accountOf(account), shareBps }));
      const stored = await readSlices(tx, workId);
      // A slice that goes back with its price, its order says: for whom it is taken from.
      const assignor = actor.startsWith('acct:') ? accountId : (stored.find((slice) => containsBox(slice.box, box))?.holders[0]?.accountId ?? '');
      const slices = slicesOf(stored, box, assignor);
      if (slices === null) throw new Error(`the assignment ${seq} of ${subject} is not of what was held`);
      await cutHolding(tx, slices, { workId, box, holders, actorId: assignor, seq, at });
      // Judged here, not with all that the batch says later: a withdrawal of consent that waited for this may bear the earlier time.
      await tx.query('SET CONSTRAINTS ALL IMMEDIATE');
      await tx.query('SET CONSTRAINTS ALL DEFERRED');
      return;
    }
    case 'work.term-fixed':
      await openTitle(tx, workId, statement, null);
      return narrowTerms(tx, workId, Date.parse(String(body['until'])));
    case 'work.licence-granted':
      return noteGrant(tx, about?.[0], seq);
  }
}

/** Where the grant of an exclusive or sole licence is noted beside its own chain. @throws NotYet when that is not there. */
export async function noteGrant(tx: Tx, licence: string | undefined, seq: number): Promise<void> {
  const licenceId = parseWorkNumber(licence ?? '', 'LC')?.id.toString() ?? null;
  const [granted] = await tx.query<unknown[]>('SELECT 1 FROM licence WHERE licence_id = $1', [licenceId]);
  if (!granted) throw new NotYet(`the licence ${licence ?? ''} is missing`);
  await writePoint('licence.note', () => tx.query('UPDATE licence SET noted_seq = $2 WHERE licence_id = $1 AND noted_seq IS NULL', [licenceId, seq]));
}
