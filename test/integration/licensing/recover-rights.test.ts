import { DataSource } from 'typeorm';
import { hashLeaf } from '../../../src/lib/merkle/index.js';
import { createDisclosure, formatWorkNumber, parseDisclosure, parseStatement, parseWorkNumber, type Statement } from '../../../src/lib/statement/index.js';
import { recoverRights } from '../../../src/modules/licensing/index.js';
import { recoverWorks } from '../../../src/modules/works/index.js';
import { dataSourceOptions, transact } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/index.js';
import type { Client } from '../../support/http-client.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';
import { Licensing, made, refusal } from './licensing-client.js';

let rights: Licensing;
const databases: { database: TestDatabase; dataSource: DataSource }[] = [];

beforeAll(async () => {
  rights = await Licensing.start();
}, 60_000);
afterEach(async () => {
  for (const { database, dataSource } of databases.splice(0)) {
    await dataSource.destroy();
    await database.drop();
  }
});
afterAll(() => rights.stop());

interface Logged {
  readonly bytes: Buffer;
  readonly row: readonly unknown[];
  readonly statement: Statement;
}

/** All that was said of works, in the order of the log. */
async function logOf(...works: string[]): Promise<Logged[]> {
  const rows = await rights.query<{ subject: string; seq: number; type: string; prev: Buffer | null; bytes: Buffer; accepted_at: Date; receipt: string }>('SELECT subject, seq, type, prev, bytes, accepted_at, receipt FROM statement ORDER BY ordinal');
  return rows.map((row) => ({ bytes: row.bytes, row: Object.values(row), statement: parseStatement(row.bytes) }))
    .filter(({ statement: { subject, about } }) => [subject, ...(about ?? [])].some((number) => works.includes(number)));
}

/** From the log alone; every batch by another process, as after as many interruptions. */
async function recover(log: readonly Logged[], size = log.length): Promise<DataSource> {
  const database = await createTestDatabase();
  const dataSource = await new DataSource(dataSourceOptions(database.serviceUrl, 2, () => undefined)).initialize();
  databases.push({ database, dataSource });
  for (let start = 0; start < log.length; start += size) {
    const batch = log.slice(start, start + size);
    const statements = batch.map(({ statement, bytes }, i) => ({ statement, bytes, leafHash: Buffer.from(hashLeaf(bytes)), leafIndex: start + i }));
    const apply = await Promise.all([recoverWorks(async () => null), recoverRights()].map((projection) => projection(statements)));
    await transact(dataSource, async (tx) => {
      for (const { row } of batch) await tx.query('INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt) VALUES ($1, $2, $3, $4, $5, $6, $7)', [...row]);
      for (const one of apply) await one(tx, start + size >= log.length);
    });
  }
  return dataSource;
}

const idOf = (number: string): string => parseWorkNumber(number)?.id.toString() ?? '';
const LICENCES = `SELECT licence_id, work_id, parent_id, exclusivity, seat @> 0::bigint AS bars, subject_to, rights::text, territories::text, uses::text, languages::text, term::text, granted_at, accepted_at, voided_at, noted_seq, renews_id
                    FROM licence WHERE work_id = ANY ($1::bigint[]) ORDER BY licence_id`;
const HOLDINGS = `SELECT work_id, rights::text, territories::text, uses::text, languages::text, term::text, made_seq, made_at, replaced_seq, replaced_by, (SELECT array_agg(o.account_id || ' ' || o.share_bps ORDER BY o.account_id) FROM holding_holder o WHERE o.holding_id = h.holding_id) AS holders
                    FROM holding h WHERE work_id = ANY ($1::bigint[]) ORDER BY work_id, rights::text, territories::text, term, made_seq`;
const EVENTS = `SELECT e.licence_id, e.seq, e.kind, e.happened_at, e.detail FROM licence_event e JOIN licence l USING (licence_id) WHERE l.work_id = ANY ($1::bigint[]) ORDER BY 1, 2`;

async function expectSame(recovered: DataSource, tables: readonly string[], ...works: string[]): Promise<void> {
  for (const sql of tables) {
    const there: unknown[] = await recovered.query(sql, [works.map(idOf)]);
    expect(there.length).toBeGreaterThan(0);
    expect(there).toEqual(await rights.query(sql, [works.map(idOf)]));
  }
}

const scope = { rights: ['reproduction'], territories: ['WORLD', '-US'], uses: ['print'], languages: ['zh-Hans'], term: { from: '2030-01-01', to: '2031-12-31' } };
const grant = (by: Client, work: string, to: Client, exclusivity = 'exclusive', of: object = scope, more: object = {}) => rights.offer(by, work, to, { exclusivity, scope: of, ...more });

test('from the log alone come back the holdings and licences that were there, and with them what they bar; to whom is gone', async () => {
  const [owner, licensee] = await rights.join('owner', 'licensee') as [Client, Client];
  const works: string[] = [];
  for (const form of [minimalForm, { ...minimalForm, category: 'audiovisual' }]) {
    const work = String(made(await owner.post('/works', { ...form, contents: [declaredContent()] }))['number']);
    const grants = [['exclusive', scope], ['non-exclusive', { ...scope, uses: ['e-book'] }], ['non-exclusive', { ...scope, uses: ['e-book'] }]] as const;
    for (const [exclusivity, of] of grants) made(await grant(owner, work, licensee, exclusivity, of));
    works.push(work);
  }
  const recovered = await recover(await logOf(...works));
  await expectSame(recovered, [LICENCES, HOLDINGS], ...works);
  expect(await recovered.query('SELECT DISTINCT licensee_id, licensee_sealed, grantor_id FROM licence')).toEqual([{ licensee_id: null, licensee_sealed: true, grantor_id: owner.accountId }]);
});

test('a consent that was used and then withdrawn bears out the assignment and the licence; one for a certain party nothing new', async () => {
  const [owner, other, buyer, licensee] = await rights.join('owner', 'other', 'buyer', 'licensee') as [Client, Client, Client, Client];
  const work = await rights.shared(owner, other);
  const abroad = { ...scope, territories: ['US'] };
  for (const [act, party, of] of [['licence', licensee, scope], ['assignment', buyer, abroad]] as const) {
    made(await other.post(`/works/${work}/consents`, { to: owner.accountId, act, scope: of, party: party.accountId }));
  }
  const used = made(await other.post(`/works/${work}/consents`, { to: owner.accountId, act: 'licence', scope: { ...scope, uses: ['e-book'] } }));
  made(await grant(owner, work, licensee));
  made(await grant(owner, work, licensee, 'sole', { ...scope, uses: ['e-book'] }));
  made(await rights.assign(owner, work, [buyer], abroad));
  const late = { ...abroad, uses: ['e-book'] };
  const sold = made(await other.post(`/works/${work}/consents`, { to: owner.accountId, act: 'assignment', scope: late }));
  made(await rights.assign(owner, work, [buyer], late));
  for (const { seq } of [used, sold]) made(await other.post(`/works/${work}/consents/${String(seq)}/withdrawal`, {}));
  await expectSame(await recover(await logOf(work)), [LICENCES, HOLDINGS], work);
  const recovered = await recover(await logOf(work), 2);
  await expectSame(recovered, [LICENCES, HOLDINGS], work);
  // Who it was for nobody knows any more.
  const consents = (at: string): Promise<unknown[]> => recovered.query(
    `SELECT c.act, has_consent(c.work_id, c.account_id, c.to_account, c.act, $1, ${at}, c.rights, c.territories, c.uses, c.languages, c.term) AS given FROM consent c WHERE c.withdrawn_at IS NULL ORDER BY c.seq`, [licensee.accountId]);
  expect([await consents('now()'), await consents(`(SELECT max(granted_at) FROM licence)`)]).toEqual([false, true].map((given) => [{ act: 'licence', given }, { act: 'assignment', given }]));
});

test('the first holding is that of the deposit with the amendments before it, also where an act that was refused had opened it', async () => {
  const [owner, licensee] = await rights.join('owner', 'licensee') as [Client, Client];
  const amend = async (work: string, category: string): Promise<void> => void made(await owner.post(`/works/${work}/amendments`, { category }));
  const projection = { ...scope, rights: ['projection'] };
  const [amended, later, refused] = [await rights.deposit(owner), await rights.deposit(owner, { category: 'audiovisual' }), await rights.deposit(owner, { category: 'audiovisual' })];
  await amend(amended, 'audiovisual');
  made(await grant(owner, amended, licensee, 'exclusive', projection));
  await amend(amended, 'software');
  made(await grant(owner, later, licensee, 'non-exclusive'));
  await amend(later, 'literary');
  made(await grant(owner, later, licensee, 'exclusive', projection));
  expect(refusal(await grant(owner, refused, licensee, 'exclusive', { ...projection, term: { from: '1900-01-01', to: '1900-12-31' } }))).toEqual([422, 'LICENSING.BEYOND_TITLE']);
  await amend(refused, 'literary');
  made(await grant(owner, refused, licensee, 'exclusive', projection));
  for (const size of [1, 100]) await expectSame(await recover(await logOf(amended, later, refused), size), [LICENCES, HOLDINGS], amended, later, refused);
});

test('of a confidential film nobody knows any more how long it is protected: nothing that was granted lies outside', async () => {
  const [owner, licensee, buyer] = await rights.join('owner', 'licensee', 'buyer') as [Client, Client, Client];
  const work = await rights.deposit(owner, { visibility: 'confidential', category: 'audiovisual', creation: { ...minimalForm.creation, completedOn: '2024-01-01' }, publication: { state: 'unpublished' } });
  made(await grant(owner, work, licensee, 'exclusive', { ...scope, rights: ['projection'], term: { from: '2070-01-01', to: null } }));
  made(await rights.assign(owner, work, [buyer], { ...scope, term: { from: '2025-01-01', to: '2026-12-31' } }));
  const recovered = await recover(await logOf(work));
  await expectSame(recovered, [LICENCES], work);
  expect(await recovered.query(`SELECT lower(term) AS since, upper(term) = open_end() AS open FROM holding WHERE cut_from IS NULL`)).toEqual([{ since: new Date('1700-01-01T00:00:00Z'), open: true }]);
  // What opens it survived, as in a backup that was made after the deposit.
  const log = await logOf(work);
  const [surviving] = await rights.query<{ disclosures: string[] }>('SELECT disclosures FROM statement_disclosure WHERE subject = $1 AND seq = 0', [work]);
  const again = await recover(log.slice(0, 1));
  await again.query('INSERT INTO statement_disclosure VALUES ($1, 0, $2)', [work, surviving?.disclosures]);
  const apply = await recoverRights()(log.slice(1).map(({ statement, bytes }) => ({ statement, bytes, leafHash: Buffer.alloc(32), leafIndex: 0 })));
  await transact(again, async (tx) => {
    for (const { row } of log.slice(1)) await tx.query('INSERT INTO statement (subject, seq, type, prev, bytes, accepted_at, receipt) VALUES ($1, $2, $3, $4, $5, $6, $7)', [...row]);
    await apply(tx, true);
  });
  await expectSame(again, [LICENCES, HOLDINGS], work);
});

test('erasing when a confidential film was made does not end its protection', async () => {
  const [owner] = await rights.join('owner') as [Client];
  const work = await rights.deposit(owner, { visibility: 'confidential', category: 'audiovisual' });
  for (const pointer of ['/creation', '/publication']) {
    expect((await owner.delete(`/works/${work}/disclosures?pointer=${pointer}`)).status).toBe(204);
    expect(await rights.ask(owner, work, { at: '2200-01-01T00:00:00Z' })).toEqual(['permitted', 'holder']);
    const { holdings, protection } = made(await owner.get(`/works/${work}/holdings`)) as { holdings: { scope: { term: unknown } }[]; protection: { until: unknown } };
    expect([holdings.map((one) => one.scope.term), protection.until]).toEqual([[{ from: '1700-01-01T00:00:00.000Z', until: null }], null]);
  }
});

describe('acts that raced', () => {
  /** One exclusive licence ends, another is granted in its place, with a sublicence and a renewal, and ends. */
  async function replaced(): Promise<{ work: string; log: Logged[]; ahead: Logged[] }> {
    const [owner, first, second, third] = await rights.join('owner', 'first', 'second', 'third') as [Client, Client, Client, Client];
    const work = await rights.deposit(owner);
    const before = await rights.accept(first, await grant(owner, work, first));
    await rights.end(owner, first, before, { rescind: true });
    const after = await rights.accept(second, await grant(owner, work, second, 'exclusive', scope, { sublicensing: true }));
    const below = await rights.accept(third, await second.post(`/licences/${after}/sublicences`, { licensee: third.accountId, exclusivity: 'exclusive', scope }));
    made(await second.post(`/licences/${below}/breach`, { reason: 'late' }));
    await rights.end(owner, second, after, { rescind: true });
    const log = await logOf(work);
    // The log has what was committed last first: all that is said of the second and of its sublicence stands ahead of the first one's end.
    const subjects = new Set([after, below]);
    const at = log.findIndex(({ statement }) => statement.subject === before && statement.type === 'licence.terminated');
    return { work, log, ahead: [...log.slice(0, at), ...log.slice(at).filter(({ statement }) => subjects.has(statement.subject)), ...log.slice(at).filter(({ statement }) => !subjects.has(statement.subject))] };
  }

  test.each([1, 2, 3, 256])('wait for each other with all that is said of them, over batches of %i, each by another process', async (size) => {
    const { work, ahead } = await replaced();
    const recovered = await recover(ahead, size);
    await expectSame(recovered, [LICENCES, HOLDINGS, EVENTS], work);
    expect(await recovered.query('SELECT * FROM recovery_waiting')).toEqual([]);
  });

  test('a withdrawal that waited bears the earlier time: of the work, and of a consent', async () => {
    const [owner, other, buyer] = await rights.join('owner', 'other', 'buyer') as [Client, Client, Client];
    const [work, shared] = [await rights.deposit(owner), await rights.shared(owner, other)];
    for (const exclusivity of ['exclusive', 'non-exclusive']) made(await grant(owner, work, buyer, exclusivity, { ...scope, uses: [exclusivity === 'exclusive' ? 'print' : 'e-book'] }));
    made(await owner.post(`/works/${work}/withdrawal`, { reason: 'mistake' }));
    const consent = made(await other.post(`/works/${shared}/consents`, { to: owner.accountId, act: 'assignment', scope }));
    made(await rights.assign(owner, shared, [buyer], scope));
    made(await other.post(`/works/${shared}/consents/${String(consent['seq'])}/withdrawal`, {}));
    const log = await logOf(work, shared);
    const early = log.map((one) => {
      if (one.statement.type !== 'work.withdrawn' && one.statement.type !== 'work.consent-withdrawn') return one;
      const before = log.findLast(({ statement: { type } }) => type === (one.statement.type === 'work.withdrawn' ? 'licence.granted' : 'work.assigned'))?.statement.issuedAt ?? '';
      return { ...one, statement: { ...one.statement, issuedAt: before } };
    });
    await expectSame(await recover(early), [LICENCES, HOLDINGS], work, shared);
  });

  test('what still waits at the end is said, and the recovery not done', async () => {
    const { log } = await replaced();
    const lacking = log.filter(({ statement }) => !(statement.type === 'licence.terminated' && statement.subject === log[1]?.statement.subject));
    await expect(recover(lacking, 4)).rejects.toMatchObject({ name: 'RecoveryError', problems: expect.arrayContaining([expect.stringMatching(/^LC-.* seq 0 \(licence\.granted\)/)]) as unknown });
  });
});

describe('who is licensed', () => {
  /** As recovery leaves it. */
  async function seal(licence: string): Promise<string[]> {
    const [row] = await rights.query<{ disclosures: string[] }>('SELECT disclosures FROM statement_disclosure WHERE subject = $1 AND seq = 0', [licence]);
    const id = parseWorkNumber(licence, 'LC')?.id.toString() ?? '';
    await rights.pretend(`UPDATE licence SET licensee_id = NULL, licensee_sealed = true WHERE licence_id = ${id}; UPDATE licence SET grantor_id = NULL WHERE parent_id = ${id}; DELETE FROM statement_disclosure WHERE subject = '${licence}' AND seq = 0`);
    return row?.disclosures ?? [];
  }
  const at = (disclosures: readonly string[], pointer: string): string => disclosures.find((one) => parseDisclosure(one).pointer === pointer) ?? '';

  test('opens it, and then accepts, reads the contract, and is the grantor of what was granted from it', async () => {
    const [owner, licensee, below, stranger] = await rights.join('owner', 'licensee', 'below', 'stranger') as [Client, Client, Client, Client];
    const work = await rights.deposit(owner, { visibility: 'confidential' });
    const offered = String(made(await grant(owner, work, licensee, 'exclusive', scope, { sublicensing: true }))['number']);
    const kept = await rights.accept(licensee, await grant(owner, work, licensee, 'exclusive', { ...scope, uses: ['e-book'] }, { sublicensing: true }));
    const sub = await rights.sublicense(licensee, kept, below, { scope: { ...scope, uses: ['e-book'] } });
    const [opensOffered, opensKept] = [await seal(offered), await seal(kept)];
    const present = (who: Client, licence: string, disclosure: string) => who.post(`/licences/${licence}/disclosures`, { disclosure });
    expect(refusal(await licensee.post(`/licences/${offered}/acceptance`, {}))).toEqual([404, 'LICENSING.NOT_FOUND']);
    const own = createDisclosure('/licensee', `acct:${stranger.accountId}`, new Uint8Array(16));
    expect([
      refusal(await present(stranger, offered, at(opensOffered, '/licensee'))), refusal(await present(stranger, offered, own)), refusal(await present(owner, offered, at(opensOffered, '/licensee'))),
      refusal(await present(licensee, offered, at(opensKept, '/licensee'))), refusal(await present(licensee, offered, at(opensOffered, '/agreement'))), refusal(await present(owner, offered, 'AAAA')),
    ]).toEqual([[404, 'LICENSING.NOT_FOUND'], [404, 'LICENSING.NOT_FOUND'], [422, 'LICENSING.DISCLOSURE_INVALID'], [404, 'LICENSING.NOT_FOUND'], [404, 'LICENSING.NOT_FOUND'], [422, 'LICENSING.DISCLOSURE_INVALID']]);
    for (const [licence, opens] of [[offered, opensOffered], [kept, opensKept]] as const) {
      for (const pointer of ['/licensee', '/agreement', '/licensee']) {
        const { status, body } = await present(licensee, licence, at(opens, pointer));
        expect([status, body['licensee'], body['grantor']]).toEqual([200, licensee.accountId, owner.accountId]);
      }
      expect((await rights.query<{ disclosures: string[] }>('SELECT disclosures FROM statement_disclosure WHERE subject = $1 AND seq = 0', [licence]))[0]?.disclosures.toSorted()).toEqual(opens.toSorted());
    }
    expect(made(await licensee.get(`/licences/${offered}/contract`))['text']).toEqual(expect.any(String));
    made(await licensee.post(`/licences/${offered}/acceptance`, {}));
    expect(made(await below.get(`/licences/${sub}`))['grantor']).toBe(licensee.accountId);
    expect(formatWorkNumber(BigInt(idOf(work)))).toBe(work);
  });

  test('accepts also when the clock has stepped back since the grant', async () => {
    const [owner, licensee] = await rights.join('owner', 'licensee') as [Client, Client];
    const work = await rights.deposit(owner);
    const offered = String(made(await grant(owner, work, licensee))['number']);
    await rights.pretend(`UPDATE licence SET granted_at = now() + interval '1 hour' WHERE licence_id = ${parseWorkNumber(offered, 'LC')?.id.toString() ?? ''}`);
    made(await licensee.post(`/licences/${offered}/acceptance`, {}));
    const read = made(await licensee.get(`/licences/${offered}`));
    expect(read['acceptedAt']).toBe(read['grantedAt']);
  });
});

test('of a work that was withdrawn meanwhile nothing is granted, one by one or in a batch', async () => {
  const [owner, licensee] = await rights.join('owner', 'licensee') as [Client, Client];
  const work = await rights.deposit(owner);
  made(await grant(owner, work, licensee, 'non-exclusive', { ...scope, uses: ['e-book'] }));
  // It is withdrawn after a grant has looked at it, and before that is stored.
  await rights.pretend(`CREATE FUNCTION withdraw_first() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN UPDATE work SET withdrawn_at = NEW.granted_at WHERE work_id = NEW.work_id; RETURN NEW; END $f$;
    CREATE TRIGGER a_withdraw_first BEFORE INSERT ON licence FOR EACH ROW EXECUTE FUNCTION withdraw_first()`);
  await rights.query('ALTER FUNCTION withdraw_first() SECURITY DEFINER');
  try {
    for (const exclusivity of ['exclusive', 'non-exclusive']) expect(refusal(await grant(owner, work, licensee, exclusivity))).toEqual([409, 'WORKS.WITHDRAWN']);
  } finally {
    await rights.query('DROP FUNCTION withdraw_first() CASCADE');
  }
  expect(await rights.query('SELECT withdrawn_at FROM work WHERE work_id = $1', [idOf(work)])).toEqual([{ withdrawn_at: null }]);
});

test('the end of protection is not fixed before a slice that was assigned begins; later it is, and comes back', async () => {
  const [owner, buyer] = await rights.join('owner', 'buyer') as [Client, Client];
  const work = await rights.deposit(owner);
  // One right is cut in 2072, all others are whole.
  const one = { ...scope, territories: ['WORLD'], uses: ['*'], languages: ['*'], term: { from: '2020-01-01', to: null } };
  made(await rights.assign(owner, work, [buyer], one));
  made(await rights.assign(buyer, work, [owner], { ...one, term: { from: '2072-01-01', to: null } }));
  const fix = (lastAuthorDiedOn: string) => owner.post(`/works/${work}/term`, { lastAuthorDiedOn });
  made(await buyer.post(`/works/${work}/consents`, { to: owner.accountId, act: 'term', scope: one }));
  expect([refusal(await fix('2020-06-01')), refusal(await fix('2021-06-01'))]).toEqual([[409, 'LICENSING.TERM_FIXED'], [409, 'LICENSING.TERM_FIXED']]);
  made(await fix('2023-06-01'));
  await expectSame(await recover(await logOf(work)), [HOLDINGS], work);
});
