import type { Client } from '../../support/http-client.js';
import { Licensing, made, moment, refusal, SCOPE, WHOLE } from './licensing-client.js';

// A licence has two sides, whoever is on them by then: what one says the other answers, and nobody answers themself.

let rights: Licensing;
let owner: Client;
let licensee: Client;
let buyer: Client;
let other: Client;
let work: string;

beforeAll(async () => {
  rights = await Licensing.start();
  [owner, licensee, buyer, other] = (await rights.join('owner', 'licensee', 'buyer', 'other')) as [Client, Client, Client, Client];
}, 60_000);
afterAll(() => rights.stop());
beforeEach(async () => {
  work = await rights.deposit(owner);
});

const WRONG_STATE = [409, 'LICENSING.NOT_IN_THIS_STATE'];
const NOT_PARTY = [403, 'LICENSING.NOT_PARTY'];
const NOT_HOLDER = [403, 'LICENSING.NOT_HOLDER'];
const license = (change: Record<string, unknown> = {}) => rights.license(owner, work, licensee, { exclusivity: 'exclusive', ...change });
const end = (who: Client, licence: string, body: Record<string, unknown>, headers: Record<string, string> = {}) => who.post(`/licences/${licence}/termination`, body, headers);
const mutual = (who: Client, licence: string, more: Record<string, unknown> = {}) => end(who, licence, { ground: 'mutual', ...more });
const ended = async (who: Client, licence: string, more: Record<string, unknown> = {}) => made(await mutual(who, licence, more))['ended'];
const standing = async (licence: string, who: Client = licensee) => (await who.get(`/licences/${licence}`)).body['standing'];
const letTimePass = () => rights.pretend(`UPDATE licence_event SET detail = detail || jsonb_build_object('cureBy', now() - interval '1 minute') WHERE kind = 'breach-notified'`);
interface Entry {
  readonly seq: number;
  readonly type: string;
  readonly statement: { readonly body: Record<string, unknown> };
  readonly disclosures: readonly string[];
}
const history = async (number: string, who: Client = licensee) => made(await who.get(`/${number.startsWith('LC-') ? 'licences' : 'works'}/${number}/history`))['items'] as Entry[];
const last = async (number: string, who: Client = licensee) => (await history(number, who)).at(-1) as Entry;
const agreement = async (licence: string) => {
  const [granted] = await history(licence);
  return granted?.disclosures.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [string, string, unknown]).find(([, pointer]) => pointer === '/agreement')?.[2];
};
/** All of the work, from this moment on: the past stays with who assigns it. */
const fromNow = async () => ({ ...WHOLE, term: { from: await moment(), until: null } });

describe('both sides end a licence', () => {
  test('who bought the work does not agree to what its seller proposed', async () => {
    const number = await license();
    made(await mutual(owner, number, { rescind: true }));
    made(await rights.assign(owner, work, [buyer, other]));
    expect([await ended(buyer, number, { rescind: true }), await ended(other, number, { rescind: true }), await standing(number), await rights.ask(licensee, work)]).toEqual([false, false, 'in-force', ['permitted', 'licence']]);
  });

  test('a proposal lapses when the title changes hands: neither side is bound to people it did not know', async () => {
    const [byLicensee, byOwner] = [await license(), await license({ scope: { ...SCOPE, uses: ['print'] } })];
    const { seq } = made(await mutual(licensee, byLicensee));
    made(await mutual(owner, byOwner));
    made(await rights.assign(owner, work, [buyer]));
    expect([refusal(await mutual(buyer, byLicensee, { proposal: seq })), await ended(buyer, byLicensee), await ended(licensee, byOwner), await standing(byLicensee), await standing(byOwner)]).toEqual([WRONG_STATE, false, false, 'in-force', 'in-force']);
    // What is said after it binds.
    expect([await ended(licensee, byLicensee), await ended(buyer, byOwner)]).toEqual([true, true]);
  });

  test('but not when something else of the work does, though its slices are cut', async () => {
    const number = await license();
    made(await mutual(licensee, number));
    made(await rights.assign(owner, work, [buyer], { ...WHOLE, territories: ['HK'] }));
    expect(await ended(owner, number)).toBe(true);
  });

  test('an agreement names its proposal, and takes its terms', async () => {
    const number = await license();
    const first = made(await mutual(owner, number, { effectiveAt: '2031-01-01T00:00:00.000Z' }));
    const second = made(await mutual(owner, number, { rescind: true }));
    const refused = [await mutual(licensee, number, { proposal: first['seq'] }), await mutual(owner, number, { proposal: second['seq'] }), await mutual(licensee, number, { proposal: second['seq'], rescind: false }), await mutual(licensee, number, { proposal: second['seq'], effectiveAt: '2031-01-01T00:00:00.000Z' })];
    expect([refused.map(refusal), await standing(number)]).toEqual([[WRONG_STATE, WRONG_STATE, WRONG_STATE, WRONG_STATE], 'in-force']);
    expect([await ended(licensee, number, { proposal: second['seq'] }), await standing(number)]).toEqual([true, 'void']);
    const said = await history(number);
    expect([said.at(-2)?.statement.body, said.at(-1)?.statement.body]).toMatchObject([{ by: 'grantor', void: true }, { ground: 'mutual', void: true, proposal: second['seq'] }]);
    // The work's chain has seqs of its own.
    expect((await last(work, owner)).statement.body).not.toHaveProperty('proposal');
  });

  test('each has a proposal of its own: an answer takes up the other’s', async () => {
    const number = await license();
    made(await mutual(owner, number, { effectiveAt: '2031-01-01T00:00:00.000Z' }));
    made(await mutual(licensee, number, { rescind: true }));
    expect([await ended(licensee, number, { effectiveAt: '2031-01-01T00:00:00.000Z' }), (await licensee.get(`/licences/${number}`)).body['endsAt']]).toEqual([true, '2031-01-01T00:00:00.000Z']);
  });

  test('a proposal that is replaced at the same moment is not concluded with the terms of the one before', async () => {
    for (let round = 0; round < 8; round++) {
      work = await rights.deposit(owner);
      const number = await license();
      made(await mutual(owner, number, { effectiveAt: '2031-01-01T00:00:00.000Z' }));
      await Promise.all([mutual(owner, number, { effectiveAt: '2035-01-01T00:00:00.000Z' }), mutual(licensee, number)]);
      const said = await history(number);
      const conclusion = said.findLast(({ type }) => type === 'licence.terminated');
      const before = said.findLast(({ type, seq }) => type === 'licence.termination-proposed' && seq < (conclusion?.seq ?? 0));
      expect([conclusion?.statement.body['proposal'], conclusion?.statement.body['effectiveAt']]).toEqual([before?.seq, before?.statement.body['effectiveAt']]);
    }
  }, 60_000);

  test('who is licensee and, with another, holder speaks for the licensee; who is all of both for both', async () => {
    const number = await license();
    made(await rights.assign(owner, work, [licensee, buyer]));
    expect([await ended(licensee, number), await ended(licensee, number), await ended(buyer, number)]).toEqual([false, false, true]);
    work = await rights.deposit(owner);
    const own = await license();
    made(await rights.assign(owner, work, [licensee]));
    expect([await ended(licensee, own), await ended(licensee, own)]).toEqual([false, true]);
  });

  test('so many proposals of one side and no more; the other side still may', async () => {
    const number = await license();
    for (let i = 0; i < 20; i++) made(await mutual(owner, number));
    expect([refusal(await mutual(owner, number)), (await mutual(licensee, number, { rescind: true })).status]).toEqual([WRONG_STATE, 201]);
    expect(await ended(owner, number, { rescind: true })).toBe(true);
  }, 20_000);

  test('a key is answered as it was, whatever was said since', async () => {
    const number = await license();
    const again = () => end(owner, number, { ground: 'mutual' }, { 'idempotency-key': number });
    const once = await again();
    made(await mutual(licensee, number, { rescind: true }));
    expect((await again()).body).toEqual(once.body);
    made(await rights.assign(owner, work, [buyer]));
    const [after, changed] = [await again(), await end(owner, number, { ground: 'mutual', rescind: true }, { 'idempotency-key': number })];
    expect([after.status, after.body, refusal(changed)]).toEqual([201, once.body, [422, 'HTTP.IDEMPOTENCY_KEY_REUSED']]);
  });

  test('before it begins: void, and its statements say so', async () => {
    const number = await license({ scope: { ...SCOPE, term: { from: '2030-01-01', to: '2031-12-31' } } });
    await rights.end(licensee, owner, number);
    expect([(await last(number)).statement.body['void'], (await last(work, owner)).statement.body['void'], await standing(number)]).toEqual([true, true, 'void']);
  });
});

describe('who holds is who holds from now on', () => {
  test('the past of a slice gives its old owner no say', async () => {
    const number = await license();
    const offered = String(made(await rights.offer(owner, work, licensee, { scope: { ...SCOPE, uses: ['print'] } }))['number']);
    made(await rights.assign(owner, work, [buyer], await fromNow()));
    const refused = [await mutual(owner, number), await owner.post(`/licences/${number}/breach`, { reason: 'r' }), await owner.post(`/licences/${number}/renewals`, { until: null }), await end(owner, offered, { ground: 'withdrawn' })];
    expect(refused.map(refusal)).toEqual([NOT_PARTY, NOT_PARTY, NOT_PARTY, NOT_PARTY]);
    made(await mutual(licensee, number));
    expect([(await rights.notices(buyer, number)).at(-1), await ended(buyer, number), (await end(buyer, offered, { ground: 'withdrawn' })).status]).toEqual(['licence-termination-proposed', true, 201]);
  });

  test('of a licence that has run out: who holds today renews it', async () => {
    const number = await license({ scope: { ...SCOPE, term: { from: '2025-01-01', to: '2025-12-31' } } });
    expect([await standing(number), (await owner.post(`/licences/${number}/renewals`, { until: '2029-12-31' })).status]).toEqual(['ended', 201]);
    made(await rights.assign(owner, work, [buyer], await fromNow()));
    expect([refusal(await owner.post(`/licences/${number}/renewals`, { until: '2029-12-31' })), refusal(await licensee.post(`/licences/${number}/breach`, { reason: 'r' }))]).toEqual([NOT_PARTY, WRONG_STATE]);
  });
});

describe('an objection', () => {
  const object = (who: Client, licence: string) => who.post(`/licences/${licence}/objections`, { reason: '未经协商' });
  const withdraw = (who: Client, licence: string, seq: unknown) => who.post(`/licences/${licence}/objections/${String(seq)}/withdrawal`, {});
  /** All co-owners but the one agree that they assign. */
  const sell = async (from: Client, consenting: Client, to: Client[], scope: unknown = WHOLE) => {
    made(await consenting.post(`/works/${work}/consents`, { to: from.accountId, act: 'assignment', scope: WHOLE }));
    made(await rights.assign(from, work, to, scope));
  };

  test('is of who held when it was granted', async () => {
    work = await rights.shared(owner, other);
    const number = await rights.license(owner, work, licensee);
    await sell(other, owner, [owner, buyer]);
    expect([refusal(await object(buyer, number)), refusal(await object(other, number))]).toEqual([NOT_HOLDER, NOT_HOLDER]);
    // To what is granted from then on the buyer objects.
    expect((await object(buyer, await rights.license(owner, work, licensee))).status).toBe(201);
  });

  test('stands once for each account', async () => {
    work = await rights.shared(owner, other, buyer);
    const number = await rights.license(owner, work, licensee);
    const { seq } = made(await object(other, number));
    expect([refusal(await object(other, number)), (await object(buyer, number)).status]).toEqual([WRONG_STATE, 201]);
    made(await withdraw(other, number, seq));
    expect((await object(other, number)).status).toBe(201);
  });

  test.each([['all', () => Promise.resolve(WHOLE)], ['what is to come', fromNow]])('of who assigned %s the present holders withdraw; not before', async (_what, scope) => {
    work = await rights.shared(owner, other);
    const number = await rights.license(owner, work, licensee);
    const { seq } = made(await object(other, number));
    expect([refusal(await withdraw(owner, number, seq)), await rights.ask(licensee, work)]).toEqual([WRONG_STATE, ['unclear', 'in-dispute']]);
    await sell(other, owner, [owner, buyer], await scope());
    expect([refusal(await withdraw(licensee, number, seq)), (await withdraw(buyer, number, seq)).status, refusal(await withdraw(owner, number, seq))]).toEqual([WRONG_STATE, 201, WRONG_STATE]);
    expect([await rights.ask(licensee, work), (await licensee.get(`/licences/${number}`)).body['inDispute']]).toEqual([['permitted', 'licence'], false]);
  });
});

describe('a declared licence', () => {
  const declare = async (to: Client | undefined) => String(made(await rights.offer(owner, work, to, { declared: { kind: 'licence', paperSha256: 'b'.repeat(64), signedOn: '2020-01-01' } }))['number']);

  test('whose licensee is here ends by both', async () => {
    const number = await declare(licensee);
    expect([refusal(await end(owner, number, { ground: 'withdrawn' })), await standing(number)]).toEqual([WRONG_STATE, 'in-force']);
    await rights.end(owner, licensee, number);
    expect(await standing(number)).toBe('ended');
  });

  test('also after a recovery, when nobody knows yet who that is', async () => {
    const number = await declare(licensee);
    await rights.pretend(`UPDATE licence SET licensee_id = NULL, licensee_sealed = true WHERE declared AND licensee_id IS NOT NULL`);
    expect([refusal(await end(owner, number, { ground: 'withdrawn' })), await standing(number, owner)]).toEqual([WRONG_STATE, 'in-force']);
  });

  test('or when they decline what was said of them', async () => {
    const number = await declare(licensee);
    expect([made(await end(licensee, number, { ground: 'declined' }))['ended'], await standing(number)]).toEqual([true, 'ended']);
  });

  test('whose licensee has no account: by who declared it, while they hold', async () => {
    const [kept, sold] = [await declare(undefined), await declare(undefined)];
    expect(made(await end(owner, kept, { ground: 'withdrawn' }))['ended']).toBe(true);
    made(await rights.assign(owner, work, [buyer]));
    expect([refusal(await end(buyer, sold, { ground: 'withdrawn' })), refusal(await end(owner, sold, { ground: 'withdrawn' })), await standing(sold, buyer)]).toEqual([NOT_PARTY, NOT_PARTY, 'in-force']);
  });
});

describe('a breach', () => {
  const notify = (who: Client, licence: string, more: Record<string, unknown> = {}) => who.post(`/licences/${licence}/breach`, { reason: '逾期未付款', ...more });
  const dispute = (who: Client, licence: string) => who.post(`/licences/${licence}/breach/dispute`, { reason: '已付款' });
  const withdraw = (who: Client, licence: string) => who.post(`/licences/${licence}/breach/dispute/withdrawal`, {});
  const days = async (licence: string) => Math.round((Date.parse(String((await last(licence)).statement.body['cureBy'])) - Date.now()) / 86_400_000);

  test.each([[{ curePeriodDays: 7 }, 7], [{ curePeriodDays: 90 }, 90], [{}, 30]])('%j: may be cured for as long as was agreed, or longer', async (change, agreed) => {
    const number = await license(change);
    expect([refusal(await notify(owner, number, { curePeriodDays: agreed - 1 })), refusal(await notify(licensee, number, { curePeriodDays: 1 }))]).toEqual([[422, 'LICENSING.CURE_PERIOD_TOO_SHORT'], [422, 'LICENSING.CURE_PERIOD_TOO_SHORT']]);
    made(await notify(owner, number));
    expect(await days(number)).toBe(agreed);
    made(await notify(licensee, number, { curePeriodDays: agreed + 10 }));
    expect(await days(number)).toBe(agreed + 10);
  });

  test('is disputed by the other side, whose successor takes the dispute back', async () => {
    const number = await license();
    made(await notify(licensee, number));
    expect(refusal(await withdraw(owner, number))).toEqual(WRONG_STATE);
    made(await dispute(owner, number));
    made(await rights.assign(owner, work, [buyer, other]));
    await letTimePass();
    expect([refusal(await dispute(buyer, number)), refusal(await withdraw(owner, number)), refusal(await withdraw(licensee, number)), refusal(await end(licensee, number, { ground: 'breach' })), await rights.ask(licensee, work)]).toEqual([
      WRONG_STATE, NOT_PARTY, NOT_PARTY, WRONG_STATE, ['unclear', 'in-dispute'],
    ]);
    made(await withdraw(other, number));
    expect([(await rights.notices(licensee, number)).at(-1), await rights.ask(licensee, work), (await last(number)).statement.body, refusal(await withdraw(buyer, number))]).toEqual(['licence-breach-dispute-withdrawn', ['permitted', 'licence'], { by: 'grantor' }, WRONG_STATE]);
    expect(made(await end(licensee, number, { ground: 'breach' }))['ended']).toBe(true);
  });

  test('of one side does not keep the other from notifying its own', async () => {
    const number = await license();
    made(await notify(licensee, number));
    made(await notify(owner, number));
    expect([refusal(await notify(owner, number)), refusal(await notify(licensee, number))]).toEqual([WRONG_STATE, WRONG_STATE]);
    made(await dispute(owner, number));
    await letTimePass();
    expect([refusal(await end(licensee, number, { ground: 'breach' })), made(await end(owner, number, { ground: 'breach' }))['ended']]).toEqual([WRONG_STATE, true]);
  });

  test('that is disputed ends nothing, though somebody objects to the licence after that', async () => {
    work = await rights.shared(owner, other);
    const number = await rights.license(owner, work, licensee);
    made(await notify(owner, number));
    made(await dispute(licensee, number));
    made(await other.post(`/licences/${number}/objections`, { reason: 'r' }));
    await letTimePass();
    expect(refusal(await end(owner, number, { ground: 'breach' }))).toEqual(WRONG_STATE);
  });
});

describe('a renewal', () => {
  const renew = (licence: string, body: Record<string, unknown> = {}, headers: Record<string, string> = {}) => owner.post(`/licences/${licence}/renewals`, { until: '2044-12-31', ...body }, headers);

  test('keeps price and payment unless others are given', async () => {
    const agreed = { price: { amountMinor: '100', currency: 'CNY', per: 'year' }, payment: '每年一月付', attribution: '图/阿舟', revenueShareBps: 1_500, curePeriodDays: 7, governingLaw: 'HK' };
    const number = await license(agreed);
    const next = String(made(await renew(number))['number']);
    expect(await agreement(next)).toMatchObject(agreed);
    made(await end(owner, next, { ground: 'withdrawn' }));
    const changed = { price: { amountMinor: '200', currency: 'CNY', per: 'year' }, payment: '一次付清' };
    expect(await agreement(String(made(await renew(number, changed))['number']))).toMatchObject({ ...agreed, ...changed });
  });

  test('leaves alone the earlier licences that still stand then', async () => {
    const [longer, over, ended_] = [await rights.license(owner, work, other, { scope: { ...SCOPE, term: { from: '2025-01-01', to: '2050-12-31' } } }), await rights.license(owner, work, other), await rights.license(owner, work, buyer, { scope: { ...SCOPE, term: { from: '2025-01-01', to: '2050-12-31' } } })];
    const number = await license({ subjectTo: [longer, over, ended_] });
    await rights.end(owner, buyer, ended_);
    const next = String(made(await renew(number))['number']);
    expect((await history(next))[0]?.statement.body['subjectTo']).toEqual([longer]);
  });

  test('is answered again by its key, after the licence was ended', async () => {
    const number = await license();
    const key = { 'idempotency-key': number };
    const once = made(await renew(number, {}, key));
    await rights.end(owner, licensee, number);
    expect([made(await renew(number, {}, key)), refusal(await renew(number, { until: '2045-12-31' }, key))]).toEqual([once, [422, 'HTTP.IDEMPOTENCY_KEY_REUSED']]);
  });
});
