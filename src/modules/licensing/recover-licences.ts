import { decodeUtf8 } from '../../lib/bytes/index.js';
import { computeTitle, type Exclusivity, type Scope, toBox } from '../../lib/rights/index.js';
import { type DepositBody, parseWorkNumber, type Statement } from '../../lib/statement/index.js';
import type { Tx } from '../../platform/database/index.js';
import type { Projection } from '../log/index.js';
import { insertFirstHolding } from './insert-first-holding.js';
import { insertLicence } from './insert-licence.js';
import { toTitleFacts } from './title-facts.js';

/**
 * Licences, from statements that a restored database had lost: else what was granted could be granted again. Who was licensed was sealed: that is
 * gone (null), until a party opens it. Comes after the works.
 */
export function recoverLicences(): Projection {
  return async (statements) => async (tx) => {
    for (const { statement } of statements) if (statement.type === 'licence.granted') await recoverLicence(tx, statement);
  };
}

async function recoverLicence(tx: Tx, { subject, about, body, actor, issuedAt }: Statement): Promise<void> {
  const [licence, work] = [parseWorkNumber(subject, 'LC'), parseWorkNumber(about?.[0] ?? '')];
  const { box } = toBox(body['scope'] as unknown as Scope);
  if (licence === null || work === null || box === null) throw new Error(`the licence ${subject} cannot be read`);
  const grantorId = actor.replace(/^acct:/, '');
  const workId = work.id.toString();
  await openTitle(tx, work.number, workId);
  const [slice]: { holding_id: string }[] = await tx.query('SELECT holding_id FROM holding WHERE work_id = $1 AND replaced_seq IS NULL ORDER BY holding_id LIMIT 1', [workId]);
  await insertLicence(tx, {
    licenceId: licence.id, workId, holdingId: slice?.holding_id ?? '', exclusivity: body['exclusivity'] as Exclusivity, box, grantorId, licenseeId: null, sublicensing: body['sublicensing'] === true, grantedAt: new Date(issuedAt),
  });
}

async function openTitle(tx: Tx, work: string, workId: string): Promise<void> {
  const [deposited]: { bytes: Buffer }[] = await tx.query('SELECT bytes FROM statement WHERE subject = $1 AND seq = 0', [work]);
  if (!deposited) return;
  const { body, actor } = JSON.parse(decodeUtf8(deposited.bytes)) as Statement;
  const title = computeTitle(toTitleFacts(body as unknown as DepositBody));
  if (title) await insertFirstHolding(tx, workId, title.box, [{ accountId: actor.replace(/^acct:/, ''), shareBps: 10_000 }]);
}
