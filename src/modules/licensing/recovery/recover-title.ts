import { decodeUtf8 } from '../../../lib/bytes/index.js';
import { type Box, computeTitle, type Scope, toBox } from '../../../lib/rights/index.js';
import { type DepositBody, formatWorkNumber, parseWorkNumber, type Statement } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { cutHolding, slicesOf } from '../title/cut-holding.js';
import type { ConsentAct } from '../title/find-missing-consents.js';
import { narrowTerms } from '../title/fix-term.js';
import { insertConsent, withdrawConsent } from '../title/insert-consent.js';
import { insertFirstHolding } from '../title/insert-holding.js';
import { readSlices } from '../title/read-slices.js';
import { toFirstHolders, toTitleFacts } from '../title/title-facts.js';

export const accountOf = (actor: unknown): string => String(actor).replace(/^acct:/, '');

/** What the work's own chain says of who holds it. */
export async function recoverTitle(tx: Tx, { subject, seq, type, actor, about, body, issuedAt }: Statement): Promise<void> {
  const workId = parseWorkNumber(subject)?.id.toString() ?? '';
  const [accountId, at] = [accountOf(actor), new Date(issuedAt)];
  switch (type) {
    case 'work.consent-given':
      await openTitle(tx, workId);
      return insertConsent(tx, { workId, seq, accountId, toAccount: accountOf(body['to']), act: body['act'] as ConsentAct, partyId: null, box: boxOf(body['scope']), givenAt: at, expiresAt: new Date(String(body['expiresAt'])) });
    case 'work.consent-withdrawn':
      await withdrawConsent(tx, workId, Number(body['consent']), accountId, at);
      return;
    case 'work.assigned': {
      await openTitle(tx, workId);
      const box = boxOf(body['scope']);
      const holders = (body['holders'] as unknown as { account: string; shareBps: number }[]).map(({ account, shareBps }) => ({ accountId: accountOf(account), shareBps }));
      const slices = slicesOf(await readSlices(tx, workId), box, accountId);
      if (slices === null) throw new Error(`the assignment ${seq} of ${subject} is not of what was held`);
      return cutHolding(tx, slices, { workId, box, holders, actorId: accountId, seq, at });
    }
    case 'work.term-fixed':
      await openTitle(tx, workId);
      return narrowTerms(tx, workId, Date.parse(String(body['until'])));
    case 'work.licence-granted':
      return noteGrant(tx, about?.[0], seq);
  }
}

/** Where the grant of an exclusive or sole licence is noted beside its own chain. */
export async function noteGrant(tx: Tx, licence: string | undefined, seq: number): Promise<void> {
  const licenceId = parseWorkNumber(licence ?? '', 'LC')?.id.toString() ?? null;
  await writePoint('licence.note', () => tx.query('UPDATE licence SET noted_seq = $2 WHERE licence_id = $1 AND noted_seq IS NULL', [licenceId, seq]));
}

/** The first holding, by the deposit, when no act has made it a row yet. */
export async function openTitle(tx: Tx, workId: string): Promise<void> {
  const [deposited]: { bytes: Buffer }[] = await tx.query('SELECT bytes FROM statement WHERE subject = $1 AND seq = 0', [formatWorkNumber(BigInt(workId))]);
  if (!deposited) return;
  const { body, actor, issuedAt } = JSON.parse(decodeUtf8(deposited.bytes)) as Statement;
  const deposit = body as unknown as DepositBody;
  const title = computeTitle(toTitleFacts(deposit));
  if (title) await insertFirstHolding(tx, { workId, box: title.box, holders: toFirstHolders(deposit.owners, accountOf(actor)), madeSeq: 0, madeAt: new Date(issuedAt) });
}

export function boxOf(scope: unknown): Box {
  const { box } = toBox(scope as Scope);
  if (box === null) throw new Error('a scope in the log cannot be read');
  return box;
}
