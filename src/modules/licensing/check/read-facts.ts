import type { DataSource } from 'typeorm';
import { combineDecisions, decide, type Decision, type LicenceFact, type Point, type Reason, type RightsFacts } from '../../../lib/rights/index.js';
import { formatWorkNumber, parseWorkNumber } from '../../../lib/statement/index.js';
import { queryPrepared } from '../../../platform/database/index.js';
import { type FactsRow, inForce, type Inquiry, type LicenceRow, NO_WORK, type Surroundings, toLicenceFact, toWorkFacts, type WorkFacts } from './facts.js';

const LICENCE = `jsonb_build_object(
  'id', l.licence_id::text, 'parentId', l.parent_id::text, 'licenseeId', l.licensee_id, 'toAnyone', l.to_anyone, 'declared', l.declared, 'sublicensing', l.sublicensing, 'conditions', l.conditions,
  'grantedAt', l.granted_at, 'acceptedAt', l.accepted_at, 'voidedAt', l.voided_at, 'notedSeq', l.noted_seq, 'from', extract(epoch FROM lower(l.term)) * 1000, 'until', extract(epoch FROM upper(l.term)) * 1000,
  'events', (SELECT jsonb_agg(jsonb_build_object('seq', e.seq, 'kind', e.kind, 'actorId', e.actor_id, 'happenedAt', e.happened_at, 'detail', e.detail, 'until', extract(epoch FROM upper(e.term_before)) * 1000) ORDER BY e.seq)
               FROM licence_event e WHERE e.licence_id = l.licence_id))`;

/** So many licences of one account at one point are looked at, those that stand first. */
const MOST_LICENCES = 50;
const AT_POINT = 'l.rights @> q.rights AND l.territories @> q.territories AND l.uses @> q.uses AND l.languages @> q.languages';
const STANDS_EXCLUSIVE = `l.exclusivity = 'exclusive' AND l.exclusivity <> 'non-exclusive' AND l.voided_at IS NULL AND l.term @> q.at`;
/** As JSON: the planner guesses the same of any number of them, and keeps one plan. The lengths of arrays it would look at, and plan anew for every batch. */
const INQUIRIES = `jsonb_to_recordset($1::jsonb) AS q(item integer, "workId" bigint, number text, "accountId" uuid, "callerId" uuid, "licenceId" bigint, rights integer, territories integer, uses integer, languages integer, at timestamptz, "knownAt" timestamptz, "isOfPast" boolean)`;

/** Not EXISTS, of which the planner makes a hash of all holdings there are. */
const everHeld = (account: 'accountId' | 'callerId'): string => `(SELECT true FROM holding h JOIN holding_holder o USING (holding_id) WHERE h.work_id = q."workId" AND o.account_id = q."${account}" LIMIT 1)`;

// Look-ups by key for each question, whatever the statistics say: LATERAL and scalar subqueries, no joins.
const FACTS = `
  SELECT q.item, w.account_id, w.visibility, w.deposited_at,
         CASE WHEN w.visibility = 'confidential' THEN w.account_id = q."callerId"
           OR ${everHeld('callerId')} OR (SELECT true FROM licence l WHERE l.work_id = q."workId" AND l.licensee_id = q."callerId" LIMIT 1) END AS is_insider,
         (SELECT convert_from(s.bytes, 'UTF8') FROM statement s WHERE s.subject = q.number AND s.seq = 0) AS deposit,
         CASE WHEN w.visibility = 'confidential' THEN (SELECT d.disclosures FROM statement_disclosure d WHERE d.subject = q.number AND d.seq = 0) END AS disclosures,
         (SELECT jsonb_agg(jsonb_build_object('seq', s.seq, 'type', s.type, 'acceptedAt', s.accepted_at, 'bytes', convert_from(s.bytes, 'UTF8'),
                                              'disclosures', (SELECT d.disclosures FROM statement_disclosure d WHERE d.subject = s.subject AND d.seq = s.seq)) ORDER BY s.seq)
            FROM statement s WHERE s.subject = q.number AND s.type IN ('work.amended', 'work.withdrawn', 'work.term-fixed')) AS later,
         (SELECT jsonb_build_object('rights', h.rights @> q.rights, 'from', extract(epoch FROM lower(h.term)) * 1000, 'until', extract(epoch FROM upper(h.term)) * 1000)
            FROM holding h WHERE h.work_id = q."workId" AND h.cut_from IS NULL) AS first,
         (SELECT jsonb_build_object('seq', l.made_seq, 'holders', (SELECT jsonb_agg(o.account_id) FROM holding_holder o WHERE o.holding_id = l.holding_id))
            FROM holding l WHERE l.work_id = q."workId" AND ${AT_POINT} AND lower(l.term) <= q.at
             -- One that lasts as long as protection lasts for ever, as long as nobody knows when that ends.
             AND (q.at < upper(l.term) OR upper(l.term) = (SELECT upper(f.term) FROM holding f WHERE f.work_id = q."workId" AND f.cut_from IS NULL)) AND l.made_at <= q."knownAt" AND (l.replaced_at IS NULL OR l.replaced_at > q."knownAt") LIMIT 1) AS slice,
         (SELECT jsonb_agg(${LICENCE}) FROM (
            (SELECT * FROM licence l WHERE l.work_id = q."workId" AND l.licensee_id = q."accountId" AND ${AT_POINT} AND lower(l.term) <= q.at
              ORDER BY (l.voided_at IS NULL AND upper(l.term) > q.at) DESC, l.granted_at DESC LIMIT ${MOST_LICENCES})
            UNION ALL (SELECT * FROM licence l WHERE l.work_id = q."workId" AND l.to_anyone AND ${AT_POINT} AND lower(l.term) <= q.at LIMIT ${MOST_LICENCES})
            UNION ALL (SELECT * FROM licence l WHERE l.licence_id = q."licenceId" AND l.work_id = q."workId" AND ${AT_POINT} AND lower(l.term) <= q.at)) l) AS licences,
         -- Exclusive grants, of anybody, found by the index of those that stand; for who held of the work at any time.
         CASE WHEN NOT q."isOfPast" AND ${everHeld('accountId')} THEN
           (SELECT jsonb_agg(${LICENCE}) FROM licence l WHERE l.granted_from = q."workId" AND ${STANDS_EXCLUSIVE} AND ${AT_POINT}) END AS barring
    FROM ${INQUIRIES}
    CROSS JOIN LATERAL (SELECT * FROM work w WHERE w.work_id = q."workId" OFFSET 0) w`;

const PARENTS = `
  WITH RECURSIVE above AS (
    SELECT l.* FROM licence l WHERE l.licence_id = ANY ($1::bigint[])
    UNION ALL SELECT p.* FROM above a JOIN licence p ON p.licence_id = a.parent_id)
  SELECT ${LICENCE} AS licence FROM above l`;

/** Exclusive grants at the points, of anybody: those that stand now, or all that ever were. */
const EXCLUSIVE = (alsoEnded: boolean): string => `
  SELECT q.item, ${LICENCE} AS licence
    FROM jsonb_to_recordset($1::jsonb) AS q(item integer, "grantedFrom" bigint, rights integer, territories integer, uses integer, languages integer, at timestamptz)
    CROSS JOIN LATERAL (SELECT * FROM licence l WHERE l.granted_from = q."grantedFrom" AND ${AT_POINT}
                        AND ${alsoEnded ? "l.exclusivity = 'exclusive' AND lower(l.term) <= q.at" : STANDS_EXCLUSIVE} OFFSET 0) l`;

/** One inquiry, answered by what is recorded. */
export interface Found {
  readonly inquiry: Inquiry;
  readonly work: WorkFacts | null;
  /** Whether who asks may know of the work: of a confidential one who deposited it, holds of it or is licensed. */
  readonly mayKnow: boolean;
  /** Who is licensed is sealed: about another account only who holds of the work may ask. A licence's number is enough for everyone. */
  readonly mayAsk: boolean;
  readonly decision: Decision;
}

/** @returns one for each inquiry, in their order; null for a work that is not there. What the caller may not ask is decided for nobody. */
async function readDecisions(dataSource: DataSource, asked: readonly { inquiry: Inquiry; point: Point }[]): Promise<(Found | null)[]> {
  const inquiries = asked.map(({ inquiry }) => inquiry);
  const rows = await queryPrepared<FactsRow>(dataSource, 'rights-facts', FACTS, [JSON.stringify(inquiries.map((inquiry, i) => ({ ...inquiry, item: i + 1, number: inquiry.workId === NO_WORK.toString() ? '' : formatWorkNumber(BigInt(inquiry.workId)) })))]);
  const found = new Map(rows.map((row) => [row.item, { row, work: toWorkFacts(row, inquiries[row.item - 1] as Inquiry) }]));
  const around = await readSurroundings(dataSource, inquiries, found);
  return asked.map(({ inquiry, point }, i) => {
    const one = found.get(i + 1);
    if (!one) return null;
    const { row, work } = one;
    const { accountId, licenceId, callerId } = inquiry;
    const holds = callerId !== null && (work?.holders.includes(callerId) ?? false);
    const mayAsk = licenceId !== null || accountId === callerId || holds;
    const mayKnow = row.visibility === 'public' || holds || row.is_insider === true;
    if (work === null) return { inquiry, work, mayKnow, mayAsk, decision: { verdict: 'unclear', reasons: [], conditions: [] } };
    const licences = (row.licences ?? []).filter(({ toAnyone }) => mayAsk || toAnyone);
    const facts: RightsFacts = {
      ...work.facts,
      slice: work.facts.slice === null ? null : { ...work.facts.slice, isHolder: mayAsk && work.facts.slice.isHolder },
      licences: licences.flatMap((licence): readonly LicenceFact[] | LicenceFact => toLicenceFact(licence, inquiry, around, work.narrowed) ?? []),
      barredBy: barredBy(around.exclusive.get(i) ?? [], inquiry),
    };
    return { inquiry, work, mayKnow, mayAsk, decision: decide(point, facts) };
  });
}

/** An exclusive grant to somebody else bars the owners too (Implementing Regulations Art. 24). */
function barredBy(exclusive: readonly LicenceRow[], { workId, accountId, at, knownAt }: Inquiry): Reason['ref'] | null {
  const one = exclusive.find((licence) => licence.licenseeId !== accountId && inForce(licence, at, knownAt));
  return one === undefined ? null : { subject: formatWorkNumber(BigInt(workId)), seq: one.notedSeq ?? 0 };
}

type Around = Surroundings & { readonly exclusive: ReadonlyMap<number, readonly LicenceRow[]> };

/** What has to be asked besides: who bars the owners, and what lies above and below licences. Most questions need none of it. */
async function readSurroundings(dataSource: DataSource, inquiries: readonly Inquiry[], found: ReadonlyMap<number, { row: FactsRow; work: WorkFacts | null }>): Promise<Around> {
  const exclusive = new Map<number, readonly LicenceRow[]>();
  const wanted: { i: number; inquiry: Inquiry; grantedFrom: string; licence: string | null }[] = [];
  const parentIds = new Set<string>();
  for (const [i, inquiry] of inquiries.entries()) {
    const one = found.get(i + 1);
    if (one?.work?.facts.slice?.isHolder === true) {
      if (inquiry.isOfPast) wanted.push({ i, inquiry, grantedFrom: inquiry.workId, licence: null });
      else exclusive.set(i, one.row.barring ?? []);
    }
    for (const licence of one?.row.licences ?? []) {
      if (licence.parentId !== null) parentIds.add(licence.parentId);
      if (licence.sublicensing) wanted.push({ i, inquiry, grantedFrom: (BigInt(licence.id) + (1n << 60n)).toString(), licence: licence.id });
    }
  }
  const below = new Map<string, LicenceRow[]>();
  const [parents] = await Promise.all([
    parentIds.size === 0 ? [] : dataSource.query<{ licence: LicenceRow }[]>(PARENTS, [[...parentIds]]),
    readExclusive(dataSource, wanted, (k, licence) => {
      const { i, licence: under } = wanted[k] as (typeof wanted)[number];
      if (under === null) exclusive.set(i, [...(exclusive.get(i) ?? []), licence]);
      else below.set(under, [...(below.get(under) ?? []), licence]);
    }),
  ]);
  return { parents: new Map(parents.map(({ licence }) => [licence.id, licence])), below, exclusive };
}

async function readExclusive(dataSource: DataSource, wanted: readonly { inquiry: Inquiry; grantedFrom: string }[], take: (k: number, licence: LicenceRow) => void): Promise<void> {
  if (wanted.length === 0) return;
  // What has ended since is asked for only by who asks of the past.
  const past = wanted.some(({ inquiry }) => inquiry.isOfPast);
  const rows = await queryPrepared<{ item: number; licence: LicenceRow }>(dataSource, past ? 'rights-exclusive-ever' : 'rights-exclusive', EXCLUSIVE(past), [JSON.stringify(wanted.map(({ inquiry, grantedFrom }, k) => ({ ...inquiry, item: k + 1, grantedFrom })))]);
  for (const { item, licence } of rows) take(item - 1, licence);
}

/** So many works a derivative may rest on, through all its originals. */
const MOST_ORIGINALS = 50;

export interface Decided extends Found {
  /** The work itself first, then its originals; each with the work that its statements are about. */
  readonly parts: readonly { readonly work: string; readonly decision: Decision }[];
}

/** The decision of each inquiry together with those of the originals it was made from, each by the same question (Art. 16). */
export async function decideWithOriginals(dataSource: DataSource, asked: readonly { inquiry: Inquiry; point: Point }[]): Promise<(Decided | null)[]> {
  const found = await readDecisions(dataSource, asked);
  return Promise.all(found.map(async (one, i) => {
    if (one === null) return null;
    const { inquiry, point } = asked[i] as (typeof asked)[number];
    const parts = [{ work: formatWorkNumber(BigInt(inquiry.workId)) as string, decision: one.decision }, ...(await decideOriginals(dataSource, one, point))];
    return { ...one, decision: combineDecisions(parts.map(({ decision }) => decision)), parts };
  }));
}

async function decideOriginals(dataSource: DataSource, { inquiry, work }: Found, point: Point): Promise<{ work: string; decision: Decision }[]> {
  const derivative: string = formatWorkNumber(BigInt(inquiry.workId));
  // What is not there, or not for the caller to know, is known by what names it.
  const doubt = (rule: 'original-outside' | 'originals-unnamed'): { work: string; decision: Decision } => ({
    work: derivative, decision: { verdict: 'unclear', reasons: [{ rule, ref: { subject: derivative, seq: 0 } }], conditions: [] },
  });
  const parts: { work: string; decision: Decision }[] = [];
  const seen = new Set([inquiry.workId]);
  for (let next = idsOf(work?.originals ?? [], seen); next.length > 0;) {
    if (seen.size > MOST_ORIGINALS) return [...parts, doubt('originals-unnamed')];
    const originals = await readDecisions(dataSource, next.map((workId) => ({ inquiry: { ...inquiry, workId }, point })));
    const further: string[] = [];
    for (const original of originals) {
      if (original === null || !original.mayKnow) {
        parts.push(doubt('original-outside'));
        continue;
      }
      parts.push({ work: formatWorkNumber(BigInt(original.inquiry.workId)), decision: original.decision });
      further.push(...(original.work?.originals ?? []));
    }
    next = idsOf(further, seen);
  }
  return parts;
}

function idsOf(numbers: readonly string[], seen: Set<string>): string[] {
  return numbers.flatMap((number) => {
    const id = parseWorkNumber(number)?.id.toString();
    if (id === undefined || seen.has(id)) return [];
    seen.add(id);
    return [id];
  });
}
