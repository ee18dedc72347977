import type { Exclusivity } from '../../../lib/rights/index.js';
import { parseWorkNumber, type Statement } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { applyEnd, type End } from '../licences/end-licence.js';
import { fromLicenceRow, LICENCE_COLUMNS, type LicenceRow } from '../licences/find-licence.js';
import { insertLicence } from '../licences/store-grants.js';
import { insertLicenceEvent, LICENCE_EVENTS, type LicenceEventKind, markDoubt } from '../licences/licence-event.js';
import { NotYet } from './not-yet.js';
import { accountOf, boxOf, openTitle } from './open-title.js';
import { noteGrant } from './recover-title.js';

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
  const [row]: LicenceRow[] = await tx.query(`SELECT ${LICENCE_COLUMNS} FROM licence WHERE licence_id = $1`, [licenceId.toString()]);
  if (!row) throw new NotYet(`the licence ${subject} is missing`);
  if (kind === 'terminated') {
    const end: End = { ground: body['ground'] as End['ground'], effectiveAt: new Date(String(body['effectiveAt'])), void: body['void'] === true, ...(typeof body['proposal'] === 'number' ? { proposal: body['proposal'] } : {}) };
    return applyEnd(tx, fromLicenceRow(row), end, { seq, actorId, at: happenedAt });
  }
  const isAboutSublicence = kind === 'sublicence-granted' || kind === 'sublicence-ended';
  if (kind === 'sublicence-granted') await noteGrant(tx, about?.[0], seq);
  await insertLicenceEvent(tx, licenceId, { seq, kind, actorId, happenedAt, detail: isAboutSublicence ? { sublicence: about?.[0] } : body });
  if (kind === 'accepted') await writePoint('licence.accept', () => tx.query('UPDATE licence SET accepted_at = greatest($2, granted_at) WHERE licence_id = $1', [licenceId.toString(), happenedAt]));
  else if (!isAboutSublicence) await markDoubt(tx, licenceId);
}

async function recoverGrant(tx: Tx, statement: Statement): Promise<void> {
  const { subject, type, actor, about, body, sealed, issuedAt } = statement;
  const work = parseWorkNumber(about?.[0] ?? '');
  if (work === null) throw new Error(`the licence ${subject} names no work`);
  const [workId, grantedAt] = [work.id.toString(), new Date(issuedAt)];
  const [box, parentId] = [boxOf(body['scope']), body['parent'] === undefined ? null : idOf(body['parent'])];
  await openTitle(tx, workId, statement, box);
  const toAnyone = body['toAnyone'] === true;
  const declared = type === 'licence.declared';
  // Taking up an offer is said by the licensee’s statement at once, but for who was asked nothing.
  const asked = !toAnyone && !declared && sealed.length > 0 && body['accepted'] !== true;
  // What was agreed is always sealed; of a declared licence without an account for its licensee nothing else is.
  const licenseeSealed = !toAnyone && (!declared || sealed.length > 1);
  await insertLicence(tx, {
    licenceId: idOf(subject), workId, parentId, exclusivity: body['exclusivity'] as Exclusivity, box,
    grantorId: actor.startsWith('acct:') ? accountOf(actor) : await licenseeOf(tx, parentId), licenseeId: null, licenseeSealed, toAnyone, sublicensing: body['sublicensing'] === true, declared, conditions: (body['conditions'] as string[] | undefined) ?? [],
    subjectTo: ((body['subjectTo'] as string[] | undefined) ?? []).map(idOf), renewsId: body['renews'] === undefined ? null : idOf(body['renews']), notedSeq: null, grantedAt, recoveredAt: new Date(), acceptedAt: asked ? null : grantedAt,
  });
}

/** Who grants a sublicence is the licensee of what it is granted from: known where that was not lost. */
async function licenseeOf(tx: Tx, parentId: bigint | null): Promise<string | null> {
  const [parent]: { licensee_id: string | null }[] = await tx.query('SELECT licensee_id FROM licence WHERE licence_id = $1', [parentId?.toString() ?? null]);
  return parent?.licensee_id ?? null;
}
