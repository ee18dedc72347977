import type { Client } from '../../support/http-client.js';
import { Licensing, made, refusal, SCOPE } from './licensing-client.js';

let rights: Licensing;
let owner: Client;
let licensee: Client;
let buyer: Client;
let stranger: Client;
let work: string;

beforeAll(async () => {
  rights = await Licensing.start();
  [owner, licensee, buyer, stranger] = (await rights.join('owner', 'licensee', 'buyer', 'stranger')) as [Client, Client, Client, Client];
}, 60_000);
afterAll(() => rights.stop());
beforeEach(async () => {
  work = await rights.deposit(owner);
});

const WRONG_STATE = [409, 'LICENSING.NOT_IN_THIS_STATE'];
const NOT_PARTY = [403, 'LICENSING.NOT_PARTY'];
const offer = async (change: Record<string, unknown> = {}) => String(made(await rights.offer(owner, work, licensee, { exclusivity: 'exclusive', ...change }))['number']);
const license = (change: Record<string, unknown> = {}) => rights.license(owner, work, licensee, { exclusivity: 'exclusive', ...change });
const end = (who: Client, licence: string, body: Record<string, unknown>) => who.post(`/licences/${licence}/termination`, body);
const mutual = (who: Client, licence: string, more: Record<string, unknown> = {}) => end(who, licence, { ground: 'mutual', ...more });
const standing = async (licence: string, who: Client = licensee) => (await who.get(`/licences/${licence}`)).body['standing'];
const later = { ...SCOPE, term: { from: '2030-01-01', to: '2031-12-31' } };
/** As if the time to cure had passed. */
const letTimePass = () => rights.pretend(`UPDATE licence_event SET detail = detail || jsonb_build_object('cureBy', now() - interval '1 minute') WHERE kind = 'breach-notified'`);

describe('before it is accepted', () => {
  test('the licensee declines, or the grantor withdraws: void, and free again', async () => {
    for (const [who, other, ground] of [[licensee, owner, 'declined'], [owner, licensee, 'withdrawn']] as const) {
      const number = await offer();
      const ended = made(await end(who, number, { ground, reason: '条件不合适' }));
      expect([ended['ended'], await standing(number), await rights.chain(owner, number)]).toEqual([true, 'void', ['licence.granted', 'licence.terminated']]);
      expect((await rights.notices(other, number)).at(-1)).toBe('licence-terminated');
      expect([refusal(await licensee.post(`/licences/${number}/acceptance`, {})), refusal(await end(who, number, { ground }))]).toEqual([WRONG_STATE, WRONG_STATE]);
      expect((await rights.ask(licensee, work)).slice(0, 2)).toEqual(['forbidden', 'licence-ended']);
    }
    expect((await rights.offer(owner, work, stranger, { exclusivity: 'exclusive' })).status).toBe(201);
  });

  test('each only their own way; nobody proposes an end or notifies a breach', async () => {
    const number = await offer();
    expect([
      refusal(await end(licensee, number, { ground: 'withdrawn' })), refusal(await end(owner, number, { ground: 'declined' })), refusal(await end(stranger, number, { ground: 'declined' })), refusal(await end(stranger, number, { ground: 'mutual' })),
      refusal(await mutual(owner, number)), refusal(await end(owner, number, { ground: 'breach' })), refusal(await owner.post(`/licences/${number}/breach`, { reason: 'r' })), refusal(await end(licensee, number, { ground: 'expired' })),
    ]).toEqual([NOT_PARTY, NOT_PARTY, NOT_PARTY, NOT_PARTY, WRONG_STATE, WRONG_STATE, WRONG_STATE, [400, 'HTTP.INVALID_BODY']]);
    expect(await standing(number)).toBe('offered');
  });

  test('a paper that was declared its owner takes back; what was done meanwhile was licensed', async () => {
    const number = String(made(await rights.offer(owner, work, undefined, { declared: { kind: 'licence', paperSha256: 'b'.repeat(64), signedOn: '2020-01-01' } }))['number']);
    made(await end(owner, number, { ground: 'withdrawn' }));
    expect([await standing(number), await rights.ask(stranger, work, { licensee: number, at: '2026-01-01T00:00:00Z' }), await rights.ask(stranger, work, { licensee: number })]).toEqual(['ended', ['permitted', 'declared-licence'], ['forbidden', 'licence-ended']]);
  });
});

describe('by both parties', () => {
  test('the first proposes, twice if they like; the other agrees, and from then on it is free again', async () => {
    const number = await license();
    const first = made(await mutual(owner, number));
    expect([first['ended'], made(await mutual(owner, number))['ended'], await standing(number), await rights.notices(licensee, number)]).toEqual([
      false, false, 'in-force', ['licence-offered', 'licence-termination-proposed', 'licence-termination-proposed'],
    ]);
    expect(refusal(await mutual(stranger, number))).toEqual(NOT_PARTY);
    expect((await rights.offer(owner, work, stranger, { exclusivity: 'exclusive', scope: later })).status).toBe(409);
    expect(made(await mutual(licensee, number))['ended']).toBe(true);
    expect([await standing(number), await rights.chain(owner, number), await rights.chain(owner, work)]).toEqual([
      'ended', ['licence.granted', 'licence.accepted', 'licence.termination-proposed', 'licence.termination-proposed', 'licence.terminated'], ['work.deposited', 'work.licence-granted', 'work.licence-ended'],
    ]);
    expect([refusal(await mutual(owner, number)), refusal(await mutual(licensee, number))]).toEqual([WRONG_STATE, WRONG_STATE]);
    expect((await rights.offer(owner, work, stranger, { exclusivity: 'exclusive', scope: later })).status).toBe(201);
  });

  test('on a later day', async () => {
    const number = await license();
    const effectiveAt = '2029-12-31T16:00:00.000Z';
    made(await mutual(licensee, number, { effectiveAt }));
    expect(made(await mutual(owner, number, { effectiveAt }))['ended']).toBe(true);
    expect([await standing(number), (await licensee.get(`/licences/${number}`)).body['endsAt']]).toEqual(['in-force', effectiveAt]);
    expect([await rights.ask(licensee, work), await rights.ask(licensee, work, { at: effectiveAt }), await rights.ask(owner, work, { at: effectiveAt })]).toEqual([['permitted', 'licence'], ['forbidden', 'licence-ended'], ['permitted', 'holder']]);
    expect([(await rights.offer(owner, work, stranger, { exclusivity: 'exclusive', scope: later })).status, (await rights.offer(owner, work, stranger, { scope: { ...SCOPE, term: { from: '2029-12-31', to: '2029-12-31' } } })).status]).toEqual([201, 409]);
    // What was granted stands in its statement as it was.
    const { body } = await licensee.get(`/licences/${number}/history`);
    expect((body['items'] as { statement: { body: { scope: { term: unknown } } } }[])[0]?.statement.body.scope.term).toEqual({ from: '2024-12-31T16:00:00.000Z', until: '2039-12-31T16:00:00.000Z' });
  });

  test('who agrees to something else proposes that', async () => {
    const number = await license();
    made(await mutual(owner, number, { effectiveAt: '2030-01-01T00:00:00.000Z' }));
    expect([made(await mutual(licensee, number, { effectiveAt: '2031-01-01T00:00:00.000Z' }))['ended'], made(await mutual(owner, number, { rescind: true }))['ended'], made(await mutual(licensee, number))['ended'], await standing(number)]).toEqual([false, false, false, 'in-force']);
    expect([made(await mutual(owner, number))['ended'], await standing(number)]).toEqual([true, 'ended']);
  });

  test('not in the past, and not after its end', async () => {
    const number = await license();
    expect([refusal(await mutual(owner, number, { effectiveAt: '2026-01-01T00:00:00.000Z' })), await standing(number)]).toEqual([WRONG_STATE, 'in-force']);
    made(await mutual(owner, number, { effectiveAt: '2050-01-01T00:00:00.000Z' }));
    expect(refusal(await mutual(licensee, number))).toEqual(WRONG_STATE);
  });

  test('from the beginning: as if it had not been', async () => {
    const number = await license();
    await rights.end(owner, licensee, number, { rescind: true });
    expect([await standing(number), await rights.ask(licensee, work, { at: '2026-01-01T00:00:00Z' })]).toEqual(['void', ['forbidden', 'licence-ended']]);
    expect((await rights.offer(owner, work, stranger, { exclusivity: 'exclusive' })).status).toBe(201);
  });

  test('before it begins nothing is left of it', async () => {
    const number = await license({ scope: later });
    await rights.end(licensee, owner, number);
    expect([await standing(number), (await rights.offer(owner, work, stranger, { exclusivity: 'exclusive', scope: later })).status]).toEqual(['void', 201]);
  });

  test('what is open to anyone nobody ends: there is no other party', async () => {
    const { licence } = made(await owner.post(`/works/${work}/licence-terms`, { preset: 'cc-by-4.0', options: { from: '2025-01-01' } }));
    const number = String(licence);
    expect([made(await mutual(owner, number))['ended'], made(await mutual(owner, number))['ended'], refusal(await end(owner, number, { ground: 'withdrawn' })), refusal(await mutual(stranger, number))]).toEqual([false, false, WRONG_STATE, NOT_PARTY]);
    expect(await rights.ask(stranger, work)).toEqual(['permitted', 'open-licence']);
  });
});

describe('for a breach', () => {
  const notify = (who: Client, licence: string) => who.post(`/licences/${licence}/breach`, { reason: '逾期未付款' });

  test('not without notice, not by who breached, not before the time to cure is over; then', async () => {
    const number = await license();
    expect(refusal(await end(owner, number, { ground: 'breach' }))).toEqual(WRONG_STATE);
    made(await notify(owner, number));
    expect([refusal(await end(owner, number, { ground: 'breach' })), refusal(await end(licensee, number, { ground: 'breach' })), refusal(await notify(owner, number)), refusal(await notify(stranger, number))]).toEqual([WRONG_STATE, WRONG_STATE, WRONG_STATE, NOT_PARTY]);
    // Nothing is in doubt by one party's word.
    expect([(await rights.notices(licensee, number)).at(-1), await rights.ask(licensee, work)]).toEqual(['licence-breach-notified', ['permitted', 'licence']]);
    await letTimePass();
    expect([refusal(await end(licensee, number, { ground: 'breach' })), made(await end(owner, number, { ground: 'breach' }))['ended'], await standing(number)]).toEqual([WRONG_STATE, true, 'ended']);
    expect((await rights.offer(owner, work, stranger, { exclusivity: 'exclusive', scope: later })).status).toBe(201);
  });

  test('the licensee may as well', async () => {
    const number = await license();
    made(await notify(licensee, number));
    await letTimePass();
    expect(made(await end(licensee, number, { ground: 'breach' }))['ended']).toBe(true);
  });

  test('a dispute blocks it, by the other party only; by both it ends still', async () => {
    const number = await license();
    const dispute = (who: Client) => who.post(`/licences/${number}/breach/dispute`, { reason: '已付款' });
    expect(refusal(await dispute(licensee))).toEqual(WRONG_STATE);
    made(await notify(owner, number));
    expect([refusal(await dispute(owner)), refusal(await dispute(stranger))]).toEqual([NOT_PARTY, NOT_PARTY]);
    made(await dispute(licensee));
    await letTimePass();
    expect([refusal(await end(owner, number, { ground: 'breach' })), (await rights.notices(owner, number)).at(-1), await rights.ask(licensee, work)]).toEqual([WRONG_STATE, 'licence-breach-disputed', ['unclear', 'in-dispute']]);
    expect((await licensee.get(`/licences/${number}`)).body['inDispute']).toBe(true);
    await rights.end(owner, licensee, number);
    expect(await standing(number)).toBe('ended');
  });

  test('cured, by who notified it; then nothing ends, and what was disputed is not any more', async () => {
    const number = await license();
    const cure = (who: Client) => who.post(`/licences/${number}/breach/cure`, {});
    expect(refusal(await cure(owner))).toEqual(WRONG_STATE);
    made(await notify(owner, number));
    made(await licensee.post(`/licences/${number}/breach/dispute`, {}));
    expect(refusal(await cure(licensee))).toEqual(NOT_PARTY);
    made(await cure(owner));
    await letTimePass();
    expect([refusal(await end(owner, number, { ground: 'breach' })), refusal(await cure(owner)), await rights.ask(licensee, work), (await rights.notices(licensee, number)).at(-1)]).toEqual([WRONG_STATE, WRONG_STATE, ['permitted', 'licence'], 'licence-breach-cured']);
    // A new breach is a new notice, and the old dispute is not of it.
    made(await notify(owner, number));
    expect(await rights.ask(licensee, work)).toEqual(['permitted', 'licence']);
    await letTimePass();
    expect(made(await end(owner, number, { ground: 'breach' }))['ended']).toBe(true);
  });

  test.each([0, 366, 1.5])('a time to cure of %d days', async (curePeriodDays) => {
    const number = await license();
    expect(refusal(await owner.post(`/licences/${number}/breach`, { reason: 'r', curePeriodDays }))).toEqual([400, 'HTTP.INVALID_BODY']);
  });
});

describe('after an assignment', () => {
  test('the new holder stands in the grantor’s place, and the old one does not', async () => {
    const number = await license();
    const offered = await offer({ scope: { ...SCOPE, uses: ['print'] } });
    made(await rights.assign(owner, work, [buyer]));
    expect([refusal(await mutual(owner, number)), refusal(await end(owner, offered, { ground: 'withdrawn' })), refusal(await owner.post(`/licences/${number}/breach`, { reason: 'r' })), refusal(await owner.post(`/licences/${number}/renewals`, { until: null }))]).toEqual([NOT_PARTY, NOT_PARTY, NOT_PARTY, NOT_PARTY]);
    expect(await rights.ask(licensee, work)).toEqual(['permitted', 'licence']);
    expect(made(await end(buyer, offered, { ground: 'withdrawn' }))['ended']).toBe(true);
    made(await mutual(licensee, number));
    expect([made(await mutual(buyer, number))['ended'], await standing(number, buyer)]).toEqual([true, 'ended']);
  });

  test('the new holder learns of what the licensee does', async () => {
    const number = await license();
    made(await rights.assign(owner, work, [buyer]));
    made(await mutual(licensee, number));
    expect((await rights.notices(buyer, number)).at(-1)).toBe('licence-termination-proposed');
  });

  test('what the old one proposed the new one does not agree to: that is the same side', async () => {
    const number = await license();
    made(await mutual(owner, number));
    made(await rights.assign(owner, work, [buyer, stranger]));
    expect([made(await mutual(buyer, number))['ended'], made(await mutual(stranger, number))['ended'], await standing(number)]).toEqual([false, false, 'in-force']);
    expect(made(await mutual(licensee, number))['ended']).toBe(true);
  });

  test('a breach that the old one notified the new one takes back, or ends the licence for', async () => {
    for (const cured of [true, false]) {
      work = await rights.deposit(owner);
      const number = await license();
      made(await owner.post(`/licences/${number}/breach`, { reason: 'r' }));
      made(await rights.assign(owner, work, [buyer]));
      expect([refusal(await buyer.post(`/licences/${number}/breach/dispute`, {})), refusal(await buyer.post(`/licences/${number}/breach`, { reason: 'r' }))]).toEqual([NOT_PARTY, WRONG_STATE]);
      if (cured) {
        made(await buyer.post(`/licences/${number}/breach/cure`, {}));
      } else {
        await letTimePass();
        expect([refusal(await end(owner, number, { ground: 'breach' })), made(await end(buyer, number, { ground: 'breach' }))['ended']]).toEqual([NOT_PARTY, true]);
      }
      expect(await standing(number)).toBe(cured ? 'in-force' : 'ended');
    }
  });

  test('of a part of its scope only, the grantor still acts', async () => {
    const number = await license({ scope: { ...SCOPE, territories: ['CN', 'HK'] } });
    made(await rights.assign(owner, work, [buyer], { ...SCOPE, territories: ['HK'], term: { from: '2025-01-01', to: null } }));
    made(await mutual(licensee, number));
    expect([refusal(await mutual(buyer, number)), made(await mutual(owner, number))['ended']]).toEqual([NOT_PARTY, true]);
  });
});

describe('renewal', () => {
  const renew = (who: Client, licence: string, body: Record<string, unknown> = { until: '2044-12-31' }) => who.post(`/licences/${licence}/renewals`, body);

  test('is the next period, which the licensee accepts like any other', async () => {
    const number = await license({ sublicensing: true, conditions: ['attribution'] });
    const renewed = made(await renew(owner, number, { until: '2044-12-31', price: { amountMinor: '100', currency: 'CNY' } }));
    const next = String(renewed['number']);
    const { body } = await licensee.get(`/licences/${next}`);
    expect([body['standing'], body['exclusivity'], body['sublicensing'], body['conditions'], (body['scope'] as { term: unknown }).term]).toEqual(['offered', 'exclusive', true, ['attribution'], { from: '2039-12-31T16:00:00.000Z', until: '2044-12-31T16:00:00.000Z' }]);
    expect(await rights.ask(licensee, work, { at: '2041-01-01T00:00:00Z' })).toEqual(['unclear', 'not-accepted']);
    made(await licensee.post(`/licences/${next}/acceptance`, {}));
    expect([await rights.ask(licensee, work, { at: '2041-01-01T00:00:00Z' }), await rights.ask(owner, work, { at: '2041-01-01T00:00:00Z' })]).toEqual([['permitted', 'licence'], ['forbidden', 'barred-by-exclusive']]);
    const { body: history } = await owner.get(`/licences/${next}/history`);
    expect((history['items'] as { statement: { body: Record<string, unknown> } }[])[0]?.statement.body).toMatchObject({ renews: number });
    // The same period twice is the same box twice.
    expect(refusal(await renew(owner, number))).toEqual([409, 'LICENSING.SCOPE_CONFLICT']);
  });

  test('all else stays as it was agreed', async () => {
    const agreed = { attribution: '图/阿舟', revenueShareBps: 1_500, curePeriodDays: 7, governingLaw: 'HK' };
    const number = await license(agreed);
    const next = String(made(await renew(owner, number))['number']);
    const agreement = async (licence: string) => {
      const { body } = await owner.get(`/licences/${licence}/history`);
      const opened = (body['items'] as { disclosures: string[] }[])[0]?.disclosures.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [string, string, Record<string, unknown>]);
      return opened?.find(([, pointer]) => pointer === '/agreement')?.[2];
    };
    expect([await agreement(number), await agreement(next)]).toMatchObject([agreed, agreed]);
  });

  test('by the granting side, of what was accepted and has an end', async () => {
    const number = await license();
    const offered = await offer({ scope: { ...SCOPE, uses: ['print'] } });
    const open = await license({ scope: { ...SCOPE, uses: ['film'], term: { from: '2025-01-01', to: null } } });
    const rescinded = await license({ scope: { ...SCOPE, uses: ['games'] } });
    await rights.end(owner, licensee, rescinded, { rescind: true });
    expect([refusal(await renew(licensee, number)), refusal(await renew(stranger, number)), refusal(await renew(owner, offered)), refusal(await renew(owner, open)), refusal(await renew(owner, rescinded)), refusal(await renew(owner, number, { until: '2030-01-01' }))]).toEqual([
      NOT_PARTY, NOT_PARTY, WRONG_STATE, WRONG_STATE, WRONG_STATE, [422, 'LICENSING.SCOPE_INVALID'],
    ]);
  });

  test('of a sublicence: within its parent', async () => {
    const parent = await license({ sublicensing: true });
    const sub = await rights.sublicense(licensee, parent, stranger, { scope: { ...SCOPE, term: { from: '2025-01-01', to: '2030-12-31' } } });
    expect([refusal(await renew(owner, sub)), refusal(await renew(licensee, sub, { until: '2040-01-01' })), (await renew(licensee, sub, { until: '2039-12-31' })).status]).toEqual([NOT_PARTY, [422, 'LICENSING.BEYOND_PARENT'], 201]);
  });
});

test('an act that is asked for twice with one key is done once', async () => {
  const number = await license();
  const key = { 'idempotency-key': number };
  const [once, again] = [await owner.post(`/licences/${number}/termination`, { ground: 'mutual' }, key), await owner.post(`/licences/${number}/termination`, { ground: 'mutual' }, key)];
  expect([once.status, again.body, (await rights.chain(owner, number)).length]).toEqual([201, once.body, 3]);
  made(await mutual(licensee, number));
  const after = await owner.post(`/licences/${number}/termination`, { ground: 'mutual' }, key);
  expect([after.status, after.body]).toEqual([201, once.body]);
});

test('what was agreed with a key is answered again, after the licence has ended', async () => {
  const number = await license();
  made(await mutual(owner, number));
  const key = { 'idempotency-key': `${number}-agreed` };
  const once = await licensee.post(`/licences/${number}/termination`, { ground: 'mutual' }, key);
  const again = await licensee.post(`/licences/${number}/termination`, { ground: 'mutual' }, key);
  expect([once.body['ended'], again.status, again.body]).toEqual([true, 201, once.body]);
});
