import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { type Box, boxesOverlap, type Exclusivity, EXCLUSIVITIES, excludes, OPEN_END, subtractBox } from '../../../src/lib/rights/index.js';
import { anyBox } from '../../unit/lib/rights/cells.js';
import { ALL, box, RightsRig, WHOLE } from './rights-rig.js';

// What PostgreSQL itself refuses, whoever asks: no code of the service stands before it here.

let rig: RightsRig;
beforeAll(async () => {
  rig = await RightsRig.start(20);
});
afterAll(() => rig.stop());

const refused = (code: string): object => ({ driverError: { code } });
const [CONFLICT, BEYOND, NO_COVER, STAYS, NO_CONSENT, WITHDRAWN, TOO_EARLY] = ['23P01', 'ZB061', 'ZB062', 'ZB063', 'ZB064', 'ZB065', 'ZB066'] as const;
const GRANTED = /^\d{6,}$/;
/** So many seconds before now. */
const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);
const film = box([1], [1], [1], ALL, 0, 2);

describe('licences', () => {
  test.each(EXCLUSIVITIES.flatMap((first) => EXCLUSIVITIES.map((second) => [first, second] as const)))('%s, then %s of the same box', async (first, second) => {
    const { workId } = await rig.title();
    await rig.grant(workId, first, film);
    const outcome = await rig.grant(workId, second, film);
    expect(outcome === CONFLICT).toBe(excludes(first, second));
    // Beside it in any one dimension there is room.
    for (const beside of [box([2], [1], [1], ALL, 0, 2), box([1], [2], [1], ALL, 0, 2), box([1], [1], [2], ALL, 0, 2), box([1], [1], [1], ALL, 2, 3)]) {
      expect(await rig.grant(workId, 'exclusive', beside)).toMatch(/^\d{6,}$/);
    }
  });

  test('an exclusive grant may be subject to earlier licences that it names, and to no other', async () => {
    const { workId } = await rig.title();
    const [first, second] = [await rig.grant(workId, 'non-exclusive', film), await rig.grant(workId, 'non-exclusive', film)];
    expect(await rig.grant(workId, 'exclusive', film, { subjectTo: [first] })).toBe(CONFLICT);
    expect(await rig.grant(workId, 'exclusive', film, { subjectTo: [first, second] })).toMatch(/^\d+$/);
    expect(await rig.grant(workId, 'non-exclusive', film)).toBe(CONFLICT);
    expect(await rig.grant(workId, 'exclusive', film, { subjectTo: [first, second] })).toBe(CONFLICT);
  });

  test('it leaves no seat but theirs', async () => {
    const { workId } = await rig.title();
    const { workId: elsewhere } = await rig.title();
    const [one, other, foreign] = [await rig.grant(workId, 'non-exclusive', film), await rig.grant(workId, 'non-exclusive', box([2], [1], [1], ALL, 0, 2)), await rig.grant(elsewhere, 'non-exclusive', film)];
    for (const wrong of [{ holes: [one] }, { subjectTo: [one], holes: [] }, { subjectTo: [one], holes: [one, other] }, { subjectTo: [one, foreign], holes: [one, foreign] }]) expect(await rig.grant(workId, 'exclusive', film, wrong)).toBe(BEYOND);
    // One that was voided meanwhile leaves its seat to nobody.
    await rig.dataSource.query('UPDATE licence SET voided_at = now() WHERE licence_id = $1', [other]);
    expect(await rig.grant(workId, 'exclusive', film, { subjectTo: [one, other] })).toMatch(GRANTED);
    expect(await rig.grant(workId, 'non-exclusive', film, { subjectTo: [one] })).toBe('23514');
  });

  test('a grant lies in the slice that it comes from, and comes from one that stands', async () => {
    const { workId, holdingId } = await rig.title(box([0, 1], ALL, ALL, ALL, 0, 3));
    expect(await rig.grant(workId, 'non-exclusive', box([0, 2], [0], [0], [0], 0, 1))).toBe(BEYOND);
    expect(await rig.grant(workId, 'non-exclusive', box([0], [0], [0], [0], 0, 4))).toBe(BEYOND);
    expect(await rig.grant(workId, 'non-exclusive', box([0], [0], [0], [0], 0, 1), { by: randomUUID() })).toBe(BEYOND);
    const buyer = randomUUID();
    const [sold = ''] = await rig.assign(workId, holdingId, [box([0], ALL, ALL, ALL, 0, 3), box([1], ALL, ALL, ALL, 0, 3)], 1);
    // Two slices of one hand are as good as one.
    expect(await rig.grant(workId, 'non-exclusive', box([0, 1], [0], [0], [0], 0, 1))).toMatch(/^\d{6,}$/);
    await rig.assign(workId, sold, [box([0], ALL, ALL, ALL, 0, 3)], 2, [[buyer, 10_000]]);
    expect(await rig.grant(workId, 'non-exclusive', box([0, 1], [0], [0], [0], 0, 1))).toBe(BEYOND);
    expect(await rig.grant(workId, 'non-exclusive', box([0], [0], [0], [0], 0, 1))).toBe(BEYOND);
    expect(await rig.grant(workId, 'non-exclusive', box([0], [0], [0], [0], 0, 1), { by: buyer })).toMatch(/^\d{6,}$/);
  });

  test('grants of different slices of one work compete with each other', async () => {
    const { workId, holdingId } = await rig.title();
    const kept = await rig.grant(workId, 'exclusive', film);
    await rig.assign(workId, holdingId, [box([0, 1], ALL, ALL, ALL, 0, 4), box([2, 3], ALL, ALL, ALL, 0, 4)], 1);
    expect(kept).toMatch(/^\d{6,}$/);
    expect(await rig.grant(workId, 'non-exclusive', film)).toBe(CONFLICT);
  });

  test('a sublicence lies in its parent, is no more exclusive, and needs leave', async () => {
    const { workId } = await rig.title();
    const [sole, closed] = [await rig.grant(workId, 'sole', film, { sublicensing: true }), await rig.grant(workId, 'exclusive', box([2], ALL, ALL, ALL, 0, 4))];
    expect(await rig.grant(workId, 'non-exclusive', box([2], [0], [0], [0], 0, 1), { parentId: closed })).toBe(BEYOND);
    expect(await rig.grant(workId, 'exclusive', film, { parentId: sole })).toBe(BEYOND);
    expect(await rig.grant(workId, 'non-exclusive', box([1], [1, 2], [1], ALL, 0, 2), { parentId: sole })).toBe(BEYOND);
    expect(await rig.grant(workId, 'sole', film, { parentId: sole })).toMatch(/^\d{6,}$/);
    expect(await rig.grant(workId, 'non-exclusive', film, { parentId: sole })).toBe(CONFLICT);
  });

  test('a sublicence rests on all that it comes from, not on the nearest alone', async () => {
    const { workId } = await rig.title();
    const down = async (exclusivity: Exclusivity, in_: number): Promise<string[]> => {
      const chain: string[] = [];
      for (let i = 0; i < 3; i++) chain.push(await rig.grant(workId, exclusivity, box([in_], [1], [1], ALL, 0, 2), { parentId: chain.at(-1) ?? null, sublicensing: true }));
      return chain;
    };
    const leaf = (chain: readonly string[], in_: number, until: number, exclusivity: Exclusivity) => rig.grant(workId, exclusivity, box([in_], [1], [1], ALL, 0, until), { parentId: chain.at(-1) ?? null });
    const [cut, voided, kept] = [await down('non-exclusive', 0), await down('exclusive', 1), await down('exclusive', 2)];
    await rig.dataSource.query(`UPDATE licence SET term = tstzrange(lower(term), lower(term) + interval '365 days') WHERE licence_id = $1`, [cut[0]]);
    await rig.dataSource.query('UPDATE licence SET voided_at = now() WHERE licence_id = $1', [voided[0]]);
    expect([await leaf(cut, 0, 2, 'non-exclusive'), await leaf(voided, 1, 1, 'exclusive'), await leaf(voided, 1, 1, 'non-exclusive')]).toEqual([BEYOND, BEYOND, BEYOND]);
    expect([await leaf(cut, 0, 1, 'non-exclusive'), await leaf(kept, 2, 2, 'exclusive')]).toEqual([expect.stringMatching(GRANTED), expect.stringMatching(GRANTED)]);
    // A stranger has nothing to sublicense, whoever the licensee is.
    expect([await rig.grant(workId, 'non-exclusive', box([0], [1], [1], ALL, 0, 1), { parentId: cut[0] ?? null, by: randomUUID() }), await rig.grant(workId, 'non-exclusive', film, { parentId: '7' })]).toEqual([BEYOND, BEYOND]);
  });

  test('what a licence rests on does not end while it is being granted', async () => {
    const { workId } = await rig.title();
    const root = await rig.grant(workId, 'non-exclusive', film, { sublicensing: true });
    const middle = await rig.grant(workId, 'non-exclusive', film, { sublicensing: true, parentId: root });
    const runner = rig.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('UPDATE licence SET voided_at = now() WHERE licence_id = $1', [root]);
    const waiting = rig.grant(workId, 'non-exclusive', film, { parentId: middle });
    expect(await Promise.race([waiting, new Promise((done) => setTimeout(done, 200, 'waits'))])).toBe('waits');
    await runner.commitTransaction();
    await runner.release();
    expect(await waiting).toBe(BEYOND);
  });

  test('of a work that was withdrawn nothing is granted; what recovery brings back was', async () => {
    const { workId } = await rig.title();
    const parentId = await rig.grant(workId, 'non-exclusive', film, { sublicensing: true, at: ago(9) });
    await rig.dataSource.query('UPDATE work SET withdrawn_at = $2 WHERE work_id = $1', [workId, ago(5)]);
    for (const exclusivity of EXCLUSIVITIES) expect(await rig.grant(workId, exclusivity, box([2], [1], [1], ALL, 0, 2))).toBe(WITHDRAWN);
    expect([await rig.grant(workId, 'non-exclusive', film, { parentId }), await rig.grant(workId, 'non-exclusive', film, { at: ago(6) }), await rig.grant(workId, 'non-exclusive', film, { at: ago(6), recovered: true })]).toEqual([WITHDRAWN, WITHDRAWN, expect.stringMatching(GRANTED)]);
  });

  test('a withdrawal waits for the grants that are in flight, and grants for it', async () => {
    const { workId } = await rig.title();
    const withdraw = (db: Pick<typeof rig.dataSource, 'query'>) => db.query('UPDATE work SET withdrawn_at = $2 WHERE work_id = $1', [workId, ago(5)]);
    const grantIn = (db: Pick<typeof rig.dataSource, 'query'>) => db.query(
      `INSERT INTO licence (licence_id, work_id, exclusivity, seat, rights, territories, uses, languages, term, grantor_id, granted_at)
       SELECT $1::bigint, $1::bigint, 'non-exclusive', int8multirange(int8range(n, n + 1)), '{[0,1)}', '{[0,1)}', '{[0,1)}', '{[0,1)}', '[2030-01-01,2031-01-01)', $2, now() FROM nextval('licence_seat') AS n`, [workId, rig.owner]);
    for (const [first, then, outcome] of [[grantIn, withdraw, null], [withdraw, grantIn, WITHDRAWN]] as const) {
      const runner = rig.dataSource.createQueryRunner();
      await runner.startTransaction();
      await first(runner);
      const waiting = then(rig.dataSource).then(() => null, (error: { driverError: { code: string } }) => error.driverError.code);
      expect(await Promise.race([waiting, new Promise((done) => setTimeout(done, 200, 'waits'))])).toBe('waits');
      await (outcome === null ? runner.rollbackTransaction() : runner.commitTransaction());
      await runner.release();
      expect(await waiting).toBe(outcome);
      if (outcome === null) await rig.dataSource.query('UPDATE work SET withdrawn_at = NULL WHERE work_id = $1', [workId]);
    }
  });

  test('who was licensed, where it was sealed, is filled in once; and with it who granted from it', async () => {
    const { workId } = await rig.title();
    const [licensee, other] = [randomUUID(), randomUUID()];
    const sealed = await rig.grant(workId, 'exclusive', film, { to: null, sealed: true, sublicensing: true });
    const below = await rig.grant(workId, 'non-exclusive', film, { parentId: sealed, by: null, sealed: true });
    expect(await rig.grant(workId, 'non-exclusive', film, { parentId: sealed, by: other })).toBe(BEYOND);
    const unnamed = await rig.grant(workId, 'exclusive', box([2], [1], [1], ALL, 0, 2), { to: null });
    const set = (column: string, id: string, account: string | null) => rig.dataSource.query(`UPDATE licence SET ${column} = $2 WHERE licence_id = $1`, [id, account]);
    await expect(set('grantor_id', below, other)).rejects.toMatchObject(refused(STAYS));
    await set('licensee_id', sealed, licensee);
    await set('grantor_id', below, licensee);
    for (const [column, id, account] of [['licensee_id', sealed, other], ['licensee_id', sealed, null], ['grantor_id', below, other], ['grantor_id', sealed, other], ['licensee_id', unnamed, other]] as const) {
      await expect(set(column, id, account)).rejects.toMatchObject(refused(STAYS));
    }
    expect(await rig.grant(workId, 'non-exclusive', film, { parentId: sealed, by: licensee })).toMatch(GRANTED);
  });

  test('functions that run as the owner see no temporary tables of whoever calls them', async () => {
    const rows: { proname: string; safe: boolean }[] = await rig.dataSource.query(
      `SELECT proname, 'search_path=public, pg_temp' = ANY (proconfig) AS safe FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND proname ~ '^(holding|licence)_' ORDER BY 1`);
    expect(rows).toEqual(['holding_covers', 'holding_shared', 'licence_within'].map((proname) => ({ proname, safe: true })));
  });

  test('a termination cuts the end or voids; then there is room again; nothing else changes', async () => {
    const { workId } = await rig.title();
    const [cut, voided] = [await rig.grant(workId, 'exclusive', film), await rig.grant(workId, 'exclusive', box([2], [1], [1], ALL, 0, 2))];
    await rig.dataSource.query(`UPDATE licence SET term = tstzrange(lower(term), lower(term) + interval '365 days') WHERE licence_id = $1`, [cut]);
    await rig.dataSource.query('UPDATE licence SET voided_at = now() WHERE licence_id = $1', [voided]);
    expect(await rig.grant(workId, 'exclusive', film)).toBe(CONFLICT);
    expect(await rig.grant(workId, 'exclusive', box([1], [1], [1], ALL, 1, 2))).toMatch(/^\d{6,}$/);
    expect(await rig.grant(workId, 'exclusive', box([2], [1], [1], ALL, 0, 2))).toMatch(/^\d{6,}$/);
    for (const change of [`term = tstzrange(lower(term), upper(term) + interval '1 day')`, `term = tstzrange(lower(term) + interval '1 day', upper(term))`]) {
      await expect(rig.dataSource.query(`UPDATE licence SET ${change} WHERE licence_id = $1`, [cut])).rejects.toMatchObject(refused(STAYS));
    }
    await expect(rig.dataSource.query('UPDATE licence SET voided_at = NULL WHERE licence_id = $1', [voided])).rejects.toMatchObject(refused(STAYS));
    await expect(rig.dataSource.query(`UPDATE licence SET exclusivity = 'sole' WHERE licence_id = $1`, [cut])).rejects.toMatchObject(refused('42501'));
    await expect(rig.dataSource.query('DELETE FROM licence')).rejects.toMatchObject(refused('42501'));
  });

  test.each([['rights', `'{}'`], ['territories', 'NULL'], ['uses', `'{[0,1025)}'`], ['term', `'empty'`], ['term', `'[2030-01-01,)'`], ['term', `'(2030-01-01,2031-01-01]'`], ['seat', `'{[1,3)}'`], ['seat', `'{[0,)}'`]])('%s is not %s', async (column, value) => {
    const { workId } = await rig.title();
    const columns = { rights: `'{[0,1)}'`, territories: `'{[0,1)}'`, uses: `'{[0,1)}'`, languages: `'{[0,1)}'`, term: `'[2030-01-01,2031-01-01)'`, seat: `'{[7,8)}'`, [column]: value };
    await expect(rig.dataSource.query(
      `INSERT INTO licence (licence_id, work_id, exclusivity, grantor_id, granted_at, ${Object.keys(columns).join()}) VALUES (1, ${workId}, 'non-exclusive', '${rig.owner}', now(), ${Object.values(columns).join()})`,
    )).rejects.toMatchObject(refused(value === 'NULL' ? '23502' : '23514'));
  });
});

describe('holdings', () => {
  test('an assignment replaces a slice by what it was, no more and no less', async () => {
    const { workId, holdingId } = await rig.title();
    const pieces = [...subtractBox(WHOLE, film), film];
    for (const wrong of [pieces.slice(1), [...pieces, box([0], [0], [0], [0], 3, 4)], [box([0], ALL, ALL, ALL, 0, 4), box([1, 2, 3], ALL, ALL, ALL, 1, 5)], []]) {
      await expect(rig.assign(workId, holdingId, wrong, 1)).rejects.toMatchObject({ driverError: { code: expect.stringMatching(/^(ZB062|23P01)$/) as string } });
    }
    const ids = await rig.assign(workId, holdingId, pieces, 1);
    await expect(rig.assign(workId, holdingId, pieces, 2)).rejects.toMatchObject(refused(STAYS));
    // A piece of a piece, and one more piece of what is cut up already.
    await rig.assign(workId, ids.at(-1) ?? '', [box([1], [1], [1], ALL, 0, 1), box([1], [1], [1], ALL, 1, 2)], 2);
    await expect(rig.dataSource.transaction(async (tx) => void (await rig.share(tx, await rig.insertHolding(tx, workId, box([0], [0], [0], [0], 5, 6), holdingId, 3), 10_000)))).rejects.toMatchObject(refused(NO_COVER));
  });

  test('whatever is cut out of whatever is left, the pieces are taken', async () => {
    await fc.assert(fc.asyncProperty(anyBox, anyBox, async (first, second) => {
      const { workId, holdingId } = await rig.title(toYears(first));
      const cut = toYears(second);
      if (!boxesOverlap(toYears(first), cut)) return;
      const outside = subtractBox(toYears(first), cut);
      const inside = subtractBox(toYears(first), outside[0] ?? cut);
      await rig.assign(workId, holdingId, outside.length === 0 ? [toYears(first)] : [outside[0] as Box, ...inside], 1);
    }), { numRuns: 25 });
  });

  test('shares are the whole, and a work has one first holding', async () => {
    const workId = await rig.work();
    const make = (...shares: number[]) => rig.dataSource.transaction(async (tx) => void (await rig.share(tx, await rig.insertHolding(tx, workId, WHOLE, null, 0), ...shares)));
    for (const shares of [[], [9_999], [5_000, 5_001]]) await expect(make(...shares)).rejects.toMatchObject(refused(NO_COVER));
    await make(3_333, 3_333, 3_334);
    await expect(make(10_000)).rejects.toMatchObject(refused('23505'));
    await expect(rig.dataSource.query('UPDATE holding_holder SET share_bps = 1')).rejects.toMatchObject(refused('42501'));
  });
});

describe('co-owners', () => {
  const other = randomUUID();
  const third = randomUUID();
  const shared = () => rig.title(WHOLE, [[rig.owner, 5_000], [other, 3_000], [third, 2_000]]);

  test('a licence that bars others needs all of them; one that does not, any of them', async () => {
    const { workId } = await shared();
    expect([await rig.grant(workId, 'non-exclusive', box([0], [0], [0], [0], 0, 1), { by: other }), await rig.grant(workId, 'exclusive', film), await rig.grant(workId, 'sole', film)]).toEqual([expect.stringMatching(/^\d{6,}$/), NO_CONSENT, NO_CONSENT]);
    await rig.consent(workId, other, 'licence', film, 1);
    await rig.consent(workId, third, 'licence', box([1], [1], [1], ALL, 0, 1), 2);
    await rig.consent(workId, third, 'assignment', WHOLE, 3);
    expect(await rig.grant(workId, 'exclusive', film)).toBe(NO_CONSENT);
    await rig.consent(workId, third, 'licence', WHOLE, 4);
    expect(await rig.grant(workId, 'exclusive', film)).toMatch(/^\d{6,}$/);
    // What they agreed to was that the owner does it.
    expect(await rig.grant(workId, 'exclusive', box([1], [1], [1], ALL, 2, 3), { by: other })).toBe(NO_CONSENT);
  });

  test('so does an assignment; a withdrawn consent is none', async () => {
    const { workId, holdingId } = await shared();
    const buyer = randomUUID();
    await rig.consent(workId, other, 'assignment', WHOLE, 1);
    await expect(rig.assign(workId, holdingId, [WHOLE], 5, [[buyer, 10_000]])).rejects.toMatchObject(refused(NO_CONSENT));
    await rig.consent(workId, third, 'assignment', WHOLE, 2);
    await rig.dataSource.query('UPDATE consent SET withdrawn_at = $2 WHERE work_id = $1 AND seq = 2', [workId, new Date()]);
    await expect(rig.assign(workId, holdingId, [WHOLE], 5, [[buyer, 10_000]])).rejects.toMatchObject(refused(NO_CONSENT));
    await expect(rig.assign(workId, holdingId, [WHOLE], 5, [[buyer, 10_000]], buyer)).rejects.toMatchObject(refused(NO_CONSENT));
    await rig.consent(workId, third, 'assignment', WHOLE, 3);
    expect(await rig.assign(workId, holdingId, [WHOLE], 5, [[buyer, 10_000]])).toHaveLength(1);
    await expect(rig.dataSource.query('UPDATE consent SET withdrawn_at = NULL WHERE work_id = $1 AND seq = 2', [workId])).rejects.toMatchObject(refused(STAYS));
  });

  test('a consent bears out what was done by it when it is withdrawn later, and when its party is gone; neither bears out anything new', async () => {
    const { workId, holdingId } = await shared();
    const [buyer, licensee] = [randomUUID(), randomUUID()];
    for (const [i, act] of (['licence', 'assignment'] as const).entries()) {
      await rig.consent(workId, other, act, WHOLE, 1 + i, { at: ago(9) });
      await rig.consent(workId, third, act, WHOLE, 3 + i, { at: ago(9), recoveredAt: ago(5) });
    }
    await rig.dataSource.query('UPDATE consent SET withdrawn_at = $2 WHERE work_id = $1 AND account_id = $3', [workId, ago(5), other]);
    expect([await rig.grant(workId, 'exclusive', film), await rig.grant(workId, 'exclusive', film, { at: ago(6) }), await rig.grant(workId, 'exclusive', film, { at: ago(6), recovered: true })]).toEqual([NO_CONSENT, NO_CONSENT, expect.stringMatching(GRANTED)]);
    // Not withdrawn, and yet for nobody else.
    await rig.consent(workId, other, 'licence', WHOLE, 5, { at: ago(9) });
    expect(await rig.grant(workId, 'exclusive', box([2], [1], [1], ALL, 0, 2), { to: licensee })).toBe(NO_CONSENT);
    await expect(rig.assign(workId, holdingId, [WHOLE], 6, [[buyer, 10_000]])).rejects.toMatchObject(refused(NO_CONSENT));
    expect(await rig.assign(workId, holdingId, [WHOLE], 6, [[buyer, 10_000]], rig.owner, ago(6))).toHaveLength(1);
  });

  test('a consent for one licensee bears out a recovered grant of which it is not known to whom', async () => {
    const { workId } = await rig.title(WHOLE, [[rig.owner, 5_000], [other, 5_000]]);
    await rig.consent(workId, other, 'licence', WHOLE, 1, { at: ago(9), party: randomUUID() });
    expect([await rig.grant(workId, 'exclusive', film, { to: null }), await rig.grant(workId, 'exclusive', film, { to: randomUUID() })]).toEqual([NO_CONSENT, NO_CONSENT]);
    expect(await rig.grant(workId, 'exclusive', film, { to: null, sealed: true, at: ago(5) })).toMatch(GRANTED);
  });

  test('the end of protection is filled in for pieces cut by time as well; not where one would be left with nothing', async () => {
    const open = (from: number): Box => ({ ...WHOLE, term: { from: box(ALL, ALL, ALL, ALL, from, from).term.from, until: OPEN_END } });
    const { workId, holdingId } = await rig.title(open(0));
    const licence = await rig.grant(workId, 'exclusive', open(1));
    await rig.assign(workId, holdingId, [box(ALL, ALL, ALL, ALL, 0, 2), open(2)], 1);
    const fix = (until: Date) => rig.dataSource.query('SELECT fix_term($1, $2)', [workId, until]);
    for (const year of [1, 2]) await expect(fix(new Date(open(year).term.from))).rejects.toMatchObject(refused(TOO_EARLY));
    await fix(new Date('2070-12-31T16:00:00Z'));
    const ends = (table: string): Promise<{ until: Date }[]> => rig.dataSource.query(`SELECT DISTINCT upper(term) AS until FROM ${table} WHERE work_id = $1 ORDER BY 1`, [workId]);
    expect([await ends('holding'), await ends('licence')]).toEqual([[{ until: new Date(open(2).term.from) }, { until: new Date('2070-12-31T16:00:00Z') }], [{ until: new Date('2070-12-31T16:00:00Z') }]]);
    expect(licence).toMatch(GRANTED);
    await rig.assign(workId, (await rig.dataSource.query<{ holding_id: string }[]>('SELECT holding_id FROM holding WHERE work_id = $1 AND replaced_seq IS NULL ORDER BY lower(term) DESC', [workId]))[0]?.holding_id ?? '',
      [{ ...open(2), term: { from: open(2).term.from, until: Date.UTC(2050, 0, 1) } }, { ...open(2), term: { from: Date.UTC(2050, 0, 1), until: Date.UTC(2070, 11, 31, 16) } }], 2);
  });

  test('an open end of protection is filled in once, and never moved', async () => {
    const open: Box = { ...WHOLE, term: { from: WHOLE.term.from, until: OPEN_END } };
    const { workId } = await rig.title(open);
    const end = (day: string) => rig.dataSource.query(`UPDATE holding SET term = tstzrange(lower(term), $2) WHERE work_id = $1`, [workId, day]);
    await end('2070-12-31T16:00:00Z');
    for (const day of ['2069-12-31T16:00:00Z', '9999-12-31T00:00:00Z']) await expect(end(day)).rejects.toMatchObject(refused(STAYS));
  });
});

/** Units of the small universe as years of the rig. */
function toYears(small: Box): Box {
  return { ...small, term: box([0], [0], [0], [0], small.term.from, small.term.until).term };
}

describe('races', () => {
  test('two hundred ask for the same exclusive box: one has it', async () => {
    const { workId } = await rig.title();
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => rig.grant(workId, 'exclusive', film)));
    expect([outcomes.filter((outcome) => outcome !== CONFLICT).length, outcomes.filter((outcome) => outcome === CONFLICT).length]).toEqual([1, 199]);
  });

  test('two hundred overlapping mixes: what was granted does not conflict, and what was refused does', async () => {
    const seed = Number(process.env['RIGHTS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`RIGHTS_SEED=${seed}`);
    const wishes = fc.sample(fc.tuple(anyBox, fc.constantFrom<Exclusivity>('non-exclusive', 'non-exclusive', 'sole', 'exclusive')), { numRuns: 200, seed });
    const { workId } = await rig.title();
    const outcomes = await Promise.all(wishes.map(async ([small, exclusivity]) => ({ of: toYears(small), exclusivity, outcome: await rig.grant(workId, exclusivity, toYears(small)) })));
    const granted = outcomes.filter(({ outcome }) => /^\d{6,}$/.test(outcome));
    const conflicts = (a: (typeof outcomes)[number], b: (typeof outcomes)[number]): boolean => excludes(a.exclusivity, b.exclusivity) && boxesOverlap(a.of, b.of);
    expect(granted.flatMap((a, i) => granted.slice(i + 1).filter((b) => conflicts(a, b)))).toEqual([]);
    // A deadlock may take one that had room; all others were refused for a reason that still stands.
    for (const refusal of outcomes.filter(({ outcome }) => outcome === CONFLICT)) expect(granted.some((grant) => conflicts(refusal, grant))).toBe(true);
    expect(new Set(outcomes.map(({ outcome }) => (/^\d{6,}$/.test(outcome) ? 'granted' : outcome)))).toEqual(new Set(['granted', CONFLICT]));
  });
});
