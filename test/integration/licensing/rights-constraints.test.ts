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
const [CONFLICT, BEYOND, NO_COVER, STAYS, NO_CONSENT] = ['23P01', 'ZB061', 'ZB062', 'ZB063', 'ZB064'] as const;
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
    await rig.dataSource.query('UPDATE consent SET withdrawn_at = now() WHERE work_id = $1 AND seq = 2', [workId]);
    await expect(rig.assign(workId, holdingId, [WHOLE], 5, [[buyer, 10_000]])).rejects.toMatchObject(refused(NO_CONSENT));
    await expect(rig.assign(workId, holdingId, [WHOLE], 5, [[buyer, 10_000]], buyer)).rejects.toMatchObject(refused(NO_CONSENT));
    await rig.consent(workId, third, 'assignment', WHOLE, 3);
    expect(await rig.assign(workId, holdingId, [WHOLE], 5, [[buyer, 10_000]])).toHaveLength(1);
    await expect(rig.dataSource.query('UPDATE consent SET withdrawn_at = NULL WHERE work_id = $1 AND seq = 2', [workId])).rejects.toMatchObject(refused(STAYS));
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
