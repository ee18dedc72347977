import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { bytesToHex } from '../../src/lib/bytes/index.js';
import { computeTitle, formatMultirange, type Scope } from '../../src/lib/rights/index.js';
import { type DepositBody, formatWorkNumber } from '../../src/lib/statement/index.js';
import type { WorkForm } from '../../src/lib/api-schema/index.js';
import { type ComposedStatement, composeStatement, type LogKeys } from '../../src/modules/log/index.js';
import { composeDeposit } from '../../src/modules/works/compose-deposit.js';
import { toTitleFacts } from '../../src/modules/licensing/title/title-facts.js';
import { type Chosen, CHOICES, exclusiveBox, FILLED_CELLS, seeded, sharedBox, toWritten } from './boxes.js';

/** One that is remembered, to be asked about. It is in force. */
export interface Licence {
  readonly work: string;
  readonly number: string;
  readonly licensee: string;
  readonly box: Chosen;
  readonly isExclusive: boolean;
}

export interface Filled {
  /** The work that many are licensed. */
  readonly hot: string;
  readonly ofHot: readonly Licence[];
  readonly works: readonly string[];
  /** Of all other works, one licence in {@link REMEMBERED}. */
  readonly ofWorks: readonly Licence[];
  readonly licensees: readonly string[];
}

export interface Sizes {
  readonly licences: number;
  readonly works: number;
  readonly onOneWork: number;
}

const REMEMBERED = 10;
const LICENSEES = 10_000;
const WORKS_A_BATCH = 400;
/** Of the work of many licences one in so many is exclusive; each other work has one. */
const EXCLUSIVE_OF_HOT = 25;
/** Parts texts; no JSON holds it as it is. */
const PART = '\u001e';

const form: WorkForm = {
  title: '珠江夜航', category: 'photography', composition: 'single', creation: { nature: 'original', completedOn: '2015-05-01', place: 'Shenzhen' }, publication: { state: 'unpublished' }, visibility: 'public',
  authors: [{ name: '林舟', creditedAs: '阿舟', signedAs: 'pseudonym' }], owners: [{ name: '林舟', kind: 'person', shareBps: 10_000 }], acquisition: 'original', ownership: 'individual', rights: 'all', aiGenerated: 'none',
} as WorkForm;

interface LicenceRow { readonly id: bigint; readonly workId: bigint; readonly licensee: string; readonly box: Chosen; readonly seat: number | null; readonly notedSeq: number | null }
interface Batch { readonly now: Date; readonly statements: ComposedStatement[]; readonly prevs: (string | null)[]; readonly works: bigint[]; readonly licences: LicenceRow[] }

const drawId = (): bigint => randomBytes(8).readBigUInt64BE() >> 4n;

/** Composes works and licences as the service does: a deposit for each work, a grant for each licence, and one in the work's chain for what bars others. */
class Composer {
  private readonly random = seeded(20_260_501);
  private seats = 0;

  constructor(private readonly owner: string, private readonly licensees: readonly string[]) {}

  get seatsTaken(): number {
    return this.seats;
  }

  begin(now = new Date()): Batch {
    return { now, statements: [], prevs: [], works: [], licences: [] };
  }

  /** @param exclusive how many of the licences bar others. @returns what is in force of it. */
  work(batch: Batch, licences: number, exclusive: number): { work: string; licences: Licence[] } {
    const workId = drawId();
    const work = formatWorkNumber(workId);
    batch.works.push(workId);
    const { body, sealed } = composeDeposit(form, [{ name: 'night.jpg', mediaType: 'image/jpeg', byteLength: 48_213, sha256: randomBytes(32).toString('hex'), deposit: 'declared' }]);
    const actor = `acct:${this.owner}`;
    let head = this.add(batch, composeStatement({ type: 'work.deposited', subject: work, actor, body, sealed }, { seq: 0, prev: null }, batch.now), null);
    const inForce: Licence[] = [];
    const first = Math.floor(this.random() * FILLED_CELLS);
    for (let n = 0; n < licences; n++) {
      const isExclusive = n < exclusive;
      const now = batch.now.getTime();
      const box = isExclusive ? exclusiveBox((first + n) % FILLED_CELLS, now) : sharedBox(this.random, now);
      const id = drawId();
      const number = formatWorkNumber(id, 'LC');
      // Taken up as an offer is, in the same breath: the grant is accepted by its own statement. Its parties are sealed, and here their names are erased.
      const act = { actor, body: toBody(isExclusive, toWritten(box, 'written')), sealed: [seal(), seal()] };
      this.add(batch, composeStatement({ ...act, type: 'licence.granted', subject: number, about: [work] }, { seq: 0, prev: null }, batch.now), null);
      if (isExclusive) head = this.add(batch, composeStatement({ ...act, sealed: [], type: 'work.licence-granted', subject: work, about: [number] }, { seq: head.seq + 1, prev: head.leafHash }, batch.now), head);
      const licensee = this.licensees[Math.floor(this.random() * this.licensees.length)] ?? '';
      batch.licences.push({ id, workId, licensee, box, seat: isExclusive ? null : ++this.seats, notedSeq: isExclusive ? head.seq : null });
      if (box.from <= now && box.until > now + 3_600_000) inForce.push({ work, number, licensee, box, isExclusive });
    }
    return { work, licences: inForce };
  }

  private add(batch: Batch, statement: ComposedStatement, after: ComposedStatement | null): ComposedStatement {
    batch.statements.push(statement);
    batch.prevs.push(after === null ? null : bytesToHex(after.leafHash));
    return statement;
  }
}

const seal = (): string => randomBytes(32).toString('base64url');

function toBody(isExclusive: boolean, scope: Scope): Record<string, never> {
  return { exclusivity: isExclusive ? 'exclusive' : 'non-exclusive', scope, sublicensing: false, conditions: ['attribution'], accepted: true } as never;
}

/** Stores batches: statements as the service does, so that they are queued and follow each other; the rest as a superuser, past the triggers that look at one row at a time. */
class Store {
  constructor(private readonly service: Client, private readonly admin: Client, private readonly keys: LogKeys, private readonly owner: string) {}

  async put(batch: Batch): Promise<void> {
    await Promise.all([this.putStatements(batch), this.putWorks(batch).then(() => this.putLicences(batch))]);
  }

  private async putStatements({ statements, prevs, now }: Batch): Promise<void> {
    const [first] = statements;
    if (!first) return;
    // One receipt serves them all: nobody is shown it, once they are logged.
    const receipt = this.keys.signReceipt(first.leafHash, now);
    await this.service.query(
      `INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt)
       SELECT u.subject, u.seq, u.type, decode(u.prev, 'hex'), convert_to(u.text, 'UTF8'), $6, $7
         FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[], string_to_array($5, E'\\x1e')) WITH ORDINALITY AS u(subject, seq, type, prev, text, place) ORDER BY u.place`,
      [statements.map(({ subject }) => subject), statements.map(({ seq }) => seq), statements.map(({ type }) => type), prevs, statements.map(({ text }) => text).join(PART), now, receipt],
    );
  }

  private async putWorks({ works, now }: Batch): Promise<void> {
    const ids = works.map(String);
    const title = computeTitle(toTitleFacts(form as unknown as DepositBody))?.box;
    if (!title) throw new Error('the work has no title');
    await this.admin.query(`INSERT INTO work (work_id, account_id, category, visibility, title, deposited_at, words) SELECT id, $2, $3, 'public', $4, $5, '' FROM unnest($1::bigint[]) AS id`, [ids, this.owner, form.category, form.title, now]);
    await this.admin.query(
      `WITH made AS (
         INSERT INTO holding (work_id, rights, territories, uses, languages, term, made_seq, made_at)
         SELECT id, $2, $3, $4, $5, $6, 0, $7 FROM unnest($1::bigint[]) AS id RETURNING holding_id)
       INSERT INTO holding_holder (holding_id, account_id, share_bps) SELECT holding_id, $8, 10000 FROM made`,
      [ids, ...[title.rights, title.territories, title.uses, title.languages].map(formatMultirange), `[${new Date(title.term.from).toISOString()},${new Date(title.term.until).toISOString()})`, now, this.owner],
    );
  }

  private async putLicences({ licences, now }: Batch): Promise<void> {
    await this.admin.query(
      `INSERT INTO licence (licence_id, work_id, exclusivity, seat, rights, territories, uses, languages, term, grantor_id, licensee_id, conditions, noted_seq, granted_at, accepted_at)
       SELECT u.id, u.work_id, CASE WHEN u.seat IS NULL THEN 'exclusive' ELSE 'non-exclusive' END, int8multirange(int8range(coalesce(u.seat, 0), u.seat + 1)),
              ($11::int4multirange[])[u.rights + 1], ($12::int4multirange[])[u.territories + 1], ($13::int4multirange[])[u.uses + 1], ($14::int4multirange[])[u.languages + 1],
              tstzrange(to_timestamp(u.from_s), to_timestamp(u.until_s)), $15, u.licensee, '{attribution}', u.noted, $16, $16
         FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::bigint[], $5::integer[], $6::integer[], $7::integer[], $8::integer[], $9::integer[], $10::float8[], $17::float8[])
              AS u(id, work_id, licensee, seat, noted, rights, territories, uses, languages, from_s, until_s)`,
      [
        licences.map(({ id }) => String(id)), licences.map(({ workId }) => String(workId)), licences.map(({ licensee }) => licensee), licences.map(({ seat }) => seat), licences.map(({ notedSeq }) => notedSeq),
        ...(['rights', 'territories', 'uses', 'languages'] as const).map((dimension) => licences.map(({ box }) => box[dimension])), licences.map(({ box }) => box.from / 1000),
        ...(['rights', 'territories', 'uses', 'languages'] as const).map((dimension) => CHOICES[dimension].stored), this.owner, now, licences.map(({ box }) => box.until / 1000),
      ],
    );
  }
}

/** Fills a table while it has neither indexes (but its key) nor the constraint that keeps rows apart, and makes them again, as they were, over all of its rows. */
export async function withoutIndexes(admin: Client, table: string, fill: () => Promise<void>): Promise<void> {
  const { rows: constraints } = await admin.query<{ name: string; definition: string }>(
    `SELECT quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('u', 'x')`, [table]);
  for (const { name } of constraints) await admin.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  const { rows: indexes } = await admin.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary`, [table]);
  for (const { name } of indexes) await admin.query(`DROP INDEX ${name}`);
  await fill();
  for (const { definition } of indexes) await admin.query(definition);
  for (const { name, definition } of constraints) await admin.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
}

/**
 * Works and licences, straight into the database, with all of their statements. What the triggers would have refused is looked for afterwards, all at once.
 * @param admin may do without triggers.
 */
export async function fill(service: Client, admin: Client, keys: LogKeys, owner: string, { licences, works, onOneWork }: Sizes, progress: (text: string) => void): Promise<Filled> {
  const licensees = Array.from({ length: LICENSEES }, () => randomUUID());
  await service.query(
    `INSERT INTO account (account_id, email, display_name, password_hash, locale, email_verified_at)
     SELECT id, id || '@bench.example', '被许可人', '$argon2id$none', 'zh', now() FROM unnest($1::uuid[]) AS id`, [licensees]);
  await admin.query(`SET session_replication_role = replica; SET maintenance_work_mem = '512MB'`);
  const composer = new Composer(owner, licensees);
  const store = new Store(service, admin, keys, owner);
  const numbers: string[] = [];
  const ofWorks: Licence[] = [];
  let ofHot: { work: string; licences: Licence[] } | null = null;
  await withoutIndexes(admin, 'licence', async () => {
    const batch = composer.begin();
    ofHot = composer.work(batch, onOneWork, Math.min(FILLED_CELLS, Math.floor(onOneWork / EXCLUSIVE_OF_HOT)));
    let storing = store.put(batch);
    let made = 0;
    for (let at = 0; at < works; at += WORKS_A_BATCH) {
      const next = composer.begin();
      for (let w = at; w < Math.min(works, at + WORKS_A_BATCH); w++) {
        const share = Math.floor(((w + 1) * licences) / works) - Math.floor((w * licences) / works);
        const { work, licences: inForce } = composer.work(next, share, Math.min(1, share));
        numbers.push(work);
        for (const licence of inForce) if (made++ % REMEMBERED === 0 || licence.isExclusive) ofWorks.push(licence);
      }
      // While one batch is stored the next is composed.
      await storing;
      storing = store.put(next);
      progress(`filled ${at + WORKS_A_BATCH} of ${works} works`);
    }
    await storing;
    progress('indexing licences');
  });
  await admin.query(`SELECT setval('licence_seat', $1)`, [composer.seatsTaken + 1]);
  await admin.query('SET session_replication_role = origin');
  const { rows: [beyond] } = await admin.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM licence l WHERE NOT EXISTS (
       SELECT 1 FROM holding h JOIN holding_holder o USING (holding_id) WHERE h.work_id = l.work_id AND o.account_id = l.grantor_id
          AND l.rights <@ h.rights AND l.territories <@ h.territories AND l.uses <@ h.uses AND l.languages <@ h.languages AND l.term <@ h.term)`);
  if (beyond?.count !== 0) throw new Error(`${beyond?.count} licences lie beyond their work's title`);
  if (ofHot === null) throw new Error('nothing was filled');
  const { work: hot, licences: inForce }: { work: string; licences: Licence[] } = ofHot;
  return { hot, ofHot: inForce, works: numbers, ofWorks, licensees };
}
