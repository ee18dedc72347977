import type { Exclusivity } from '../../../lib/rights/index.js';
import { parseWorkNumber, type Statement } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { applyEnd, type End } from '../licences/end-licence.js';
import { fromLicenceRow, LICENCE_COLUMNS, type LicenceRow } from '../licences/find-licence.js';
import { insertLicence } from '../licences/store-grants.js';
import { insertLicenceEvent, LICENCE_EVENTS, type LicenceEventKind, markDoubt } from '../licences/licence-event.js';
import { accountOf, boxOf, noteGrant, openTitle } from './recover-title.js';

const idOf = (number: unknown): bigint => parseWorkNumber(String(number), 'LC')?.id ?? -1n;

/** What the chain of a licence says. */
export async function recoverLicence(tx: Tx, statement: Statement): Promise<void> {
  const { subject, seq, type, actor, about, body, issuedAt } = statement;
  if (type === 'licence.granted' || type === 'licence.declared') return recoverGrant(tx, statement);
  const kind = type.replace(/^licence\./, '') as LicenceEventKind;
  if (!LICENCE_EVENTS.includes(kind)) return;
  const [licenceId, happenedAt] = [idOf(subject), new Date(issuedAt)];
  // Who is licensed is sealed: only the granting side is named.
  const actorId = actor.startsWith('acct:') ? accountOf(actor) : null;
  if (kind === 'terminated') {
    const [row]: LicenceRow[] = await tx.query(`SELECT ${LICENCE_COLUMNS} FROM licence WHERE licence_id = $1`, [licenceId.toString()]);
    if (!row) throw new Error(`the licence ${subject} is missing`);
    const end: End = { ground: body['ground'] as End['ground'], effectiveAt: new Date(String(body['effectiveAt'])), void: body['void'] === true };
    return applyEnd(tx, fromLicenceRow(row), end, { seq, actorId, at: happenedAt });
  }
  const isAboutSublicence = kind === 'sublicence-granted' || kind === 'sublicence-ended';
  await insertLicenceEvent(tx, licenceId, { seq, kind, actorId, happenedAt, detail: isAboutSublicence ? { sublicence: about?.[0] } : body });
  if (kind === 'accepted') await writePoint('licence.accept', () => tx.query('UPDATE licence SET accepted_at = $2 WHERE licence_id = $1', [licenceId.toString(), happenedAt]));
  else if (kind === 'sublicence-granted') await noteGrant(tx, about?.[0], seq);
  else if (!isAboutSublicence) await markDoubt(tx, licenceId);
}

async function recoverGrant(tx: Tx, { subject, type, actor, about, body, sealed, issuedAt }: Statement): Promise<void> {
  const work = parseWorkNumber(about?.[0] ?? '');
  if (work === null) throw new Error(`the licence ${subject} names no work`);
  const [workId, grantedAt] = [work.id.toString(), new Date(issuedAt)];
  await openTitle(tx, workId);
  const toAnyone = body['toAnyone'] === true;
  const declared = type === 'licence.declared';
  // Taking up an offer is said by the licensee’s statement at once, but for who was asked nothing.
  const asked = !toAnyone && !declared && sealed.length > 0 && body['accepted'] !== true;
  await insertLicence(tx, {
    licenceId: idOf(subject), workId, parentId: body['parent'] === undefined ? null : idOf(body['parent']), exclusivity: body['exclusivity'] as Exclusivity, box: boxOf(body['scope']),
    grantorId: actor.startsWith('acct:') ? accountOf(actor) : null, licenseeId: null, toAnyone, sublicensing: body['sublicensing'] === true, declared, conditions: (body['conditions'] as string[] | undefined) ?? [],
    subjectTo: ((body['subjectTo'] as string[] | undefined) ?? []).map(idOf), renewsId: body['renews'] === undefined ? null : idOf(body['renews']), notedSeq: null, grantedAt, acceptedAt: asked ? null : grantedAt,
  });
}
