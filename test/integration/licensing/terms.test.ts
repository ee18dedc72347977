import { LICENCE_PRESETS, PRESETS } from '../../../src/lib/licence-terms/index.js';
import type { Answer, Client } from '../../support/http-client.js';
import { Licensing, made, pause, refusal, SCOPE } from './licensing-client.js';

let rights: Licensing;
let owner: Client;
let taker: Client;
let stranger: Client;
let work: string;

beforeAll(async () => {
  rights = await Licensing.start();
  [owner, taker, stranger] = (await rights.join('owner', 'taker', 'stranger')) as [Client, Client, Client];
}, 60_000);
afterAll(() => rights.stop());
beforeEach(async () => {
  work = await rights.deposit(owner);
});

const LD = { accept: 'application/ld+json' };
const WRONG_STATE = [409, 'LICENSING.NOT_IN_THIS_STATE'];
const PRICE = { amountMinor: '19900', currency: 'CNY', per: 'licence' };
const FROM = '2025-01-01';
const offer = (body: Record<string, unknown>, who: Client = owner): Promise<Answer> => who.post(`/works/${work}/licence-terms`, body);
const offered = async (preset: string, options: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => made(await offer({ preset, options: { from: FROM, ...options }, ...more }));
const standing = async (): Promise<string[]> => (made(await stranger.get(`/works/${work}/licence-terms`))['items'] as { number: string }[]).map(({ number }) => number);
const take = (number: unknown, who: Client = taker) => who.post(`/licence-terms/${String(number)}/licences`, {});
const TERMS = { exclusivity: 'sole', scope: SCOPE, sublicensing: true, toAnyone: false, conditions: ['attribution'], price: null, revenueShareBps: 500, governingLaw: 'CN', licenceUri: null };

/** What each preset needs besides its beginning. */
const NEEDS: Record<string, Record<string, unknown>> = { 'exclusive-by-territory': { territories: ['CN'] }, 'ai-training-paid': { price: PRICE }, 'remix-revenue-share': { revenueShareBps: 1_000 } };

describe('presets', () => {
  test('are told in Chinese and English', async () => {
    const items = made(await stranger.get('/licence-presets'))['items'] as { preset: string; name: { zh: string; en: string }; description: { zh: string; en: string } }[];
    expect(items.map(({ preset }) => preset)).toEqual([...PRESETS]);
    expect(items.every(({ name, description }) => [name.zh, name.en, description.zh, description.en].every((text) => text.length > 3))).toBe(true);
  });

  test.each([...PRESETS])('%s: stands, is listed, and licenses anyone only when it is open', async (preset) => {
    const { number, terms, licence } = await offered(preset, NEEDS[preset]);
    const open = preset.startsWith('cc-') || preset === 'ai-training-allowed';
    expect([String(number).startsWith('LT-'), licence !== null, await standing()]).toEqual([true, open, [number]]);
    const { body } = await stranger.get(`/licence-terms/${String(number)}`);
    expect([body['terms'], body['preset'], body['offeredBy'], body['licence'], body['withdrawnAt']]).toEqual([terms, preset, owner.accountId, licence, null]);
    const use = preset.startsWith('ai-training') ? { right: 'reproduction', use: 'ai-training' } : { right: 'reproduction', use: 'print' };
    expect(await rights.ask(stranger, work, use)).toEqual(open ? ['permitted', 'open-licence'] : ['forbidden', 'not-granted']);
    if (licence !== null) {
      const { body: granted } = await stranger.get(`/licences/${String(licence)}`);
      expect([granted['toAnyone'], granted['standing'], granted['exclusivity'], granted['conditions']]).toEqual([true, 'in-force', 'non-exclusive', (terms as { conditions: string[] }).conditions]);
    }
  });

  test('take no option that they have no room for, and miss none that they need', async () => {
    const of = async (preset: string, options: Record<string, unknown>) => {
      const { status, body } = await offer({ preset, options: { from: FROM, ...options } });
      return [status, body['code'], (body['errors'] as { pointer: string }[] | undefined)?.map(({ pointer }) => pointer)];
    };
    expect([await of('cc-by-4.0', { price: PRICE }), await of('ai-training-paid', {}), await of('exclusive-by-territory', {}), await of('commercial', { territories: ['XX'] }), await of('ai-training-reserved', { price: PRICE })]).toEqual([
      [422, 'LICENSING.TERMS_INVALID', ['/options/price']], [422, 'LICENSING.TERMS_INVALID', ['/options/price']], [422, 'LICENSING.TERMS_INVALID', ['/options/territories']], [422, 'LICENSING.TERMS_INVALID', ['/options/territories/0']],
      [422, 'LICENSING.TERMS_INVALID', ['/options/price']],
    ]);
    expect(refusal(await offer({ preset: 'cc0', options: { from: FROM } }))).toEqual([400, 'HTTP.INVALID_BODY']);
  });

  test('an open licence finds no room where somebody has an exclusive one; nothing is offered then', async () => {
    await rights.license(owner, work, taker, { exclusivity: 'exclusive' });
    expect([refusal(await offer({ preset: 'cc-by-4.0', options: { from: FROM } })), await standing()]).toEqual([[409, 'LICENSING.SCOPE_CONFLICT'], []]);
  });
});

describe('who offers', () => {
  test('holds of the work, which is not withdrawn', async () => {
    expect(refusal(await offer({ terms: TERMS }, stranger))).toEqual([403, 'LICENSING.NOT_HOLDER']);
    made(await owner.post(`/works/${work}/withdrawal`, { reason: 'mistake' }));
    expect(refusal(await offer({ terms: TERMS }))).toEqual([409, 'WORKS.WITHDRAWN']);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['an open exclusive licence', { toAnyone: true, exclusivity: 'exclusive', sublicensing: false, revenueShareBps: null }, '/terms/exclusivity'],
    ['a moral right', { scope: { ...SCOPE, rights: ['attribution'] } }, '/terms/scope/rights/0'],
    ['a currency that is none', { price: { ...PRICE, currency: 'XYZ' } }, '/terms/price/currency'],
    ['share-alike of what cannot be derived from', { conditions: ['share-alike'] }, '/terms/conditions'],
    ['a Creative Commons licence that says something else', { licenceUri: 'https://creativecommons.org/licenses/by/4.0/' }, '/terms/scope/uses'],
  ])('not %s', async (_what, change, pointer) => {
    const { status, body } = await offer({ terms: { ...TERMS, ...change } });
    expect([status, body['code'], (body['errors'] as { pointer: string }[]).map((error) => error.pointer)]).toEqual([422, 'LICENSING.TERMS_INVALID', expect.arrayContaining([pointer])]);
  });

  test('not what is beyond what they hold', async () => {
    made(await rights.assign(owner, work, [stranger], { ...SCOPE, territories: ['HK'], term: { from: '2025-01-01', to: null } }));
    expect(refusal(await offer({ terms: TERMS }, stranger))).toEqual([422, 'LICENSING.BEYOND_TITLE']);
  });

  test('the price is with the offer, and sealed in the log', async () => {
    const { number } = await offered('commercial', { price: PRICE });
    expect((await stranger.get(`/licence-terms/${String(number)}`)).body['terms']).toMatchObject({ price: PRICE });
    const [row] = await rights.query<{ bytes: Buffer }>('SELECT bytes FROM statement WHERE subject = $1', [number]);
    const text = row?.bytes.toString('utf8') ?? '';
    expect([text.includes('terms.offered'), text.includes('19900')]).toEqual([true, false]);
  });
});

describe('an offer without a price', () => {
  test('is taken up: in force at once, without an acceptance, and contracted', async () => {
    const { number } = made(await offer({ terms: TERMS }));
    const licence = String(made(await take(number))['number']);
    const { body } = await taker.get(`/licences/${licence}`);
    expect([body['standing'], body['licensee'], body['grantor'], body['exclusivity'], body['sublicensing'], body['conditions']]).toEqual(['in-force', taker.accountId, owner.accountId, 'sole', true, ['attribution']]);
    expect([await rights.ask(taker, work), await rights.chain(taker, licence), refusal(await taker.post(`/licences/${licence}/acceptance`, {}))]).toEqual([['permitted', 'licence'], ['licence.granted'], WRONG_STATE]);
    expect(made(await taker.get(`/licences/${licence}/contract`))).toEqual(made(await owner.get(`/licences/${licence}/contract`)));
    // Somebody else comes too late.
    expect(refusal(await take(number, stranger))).toEqual([409, 'LICENSING.SCOPE_CONFLICT']);
    expect(refusal(await take(number, owner))).toEqual([422, 'LICENSING.ACCOUNT_UNKNOWN']);
  });

  test('non-exclusive: by as many as like', async () => {
    const { number } = await offered('personal');
    expect([(await take(number)).status, (await take(number, stranger)).status, (await take(number)).status]).toEqual([201, 201, 201]);
  });

  test('the owner learns that it was taken up', async () => {
    const { number } = await offered('personal');
    const licence = String(made(await take(number))['number']);
    expect(await rights.notices(owner, licence)).toEqual(['licence-accepted']);
  });
});

describe('what cannot be taken up', () => {
  test('a price asks for an agreement first', async () => {
    const { number } = await offered('ai-training-paid', { price: PRICE });
    expect(refusal(await take(number))).toEqual([409, 'LICENSING.PAYMENT_NEEDED']);
  });

  test('open terms and reservations, what is withdrawn or expired, what there is not', async () => {
    const [open, reserved, withdrawn] = [await offered('cc-by-4.0'), await offered('ai-training-reserved'), await offered('personal')];
    expect([refusal(await take(open['number'])), refusal(await take(reserved['number'])), refusal(await take('LT-0000-0000-0001-Y'))]).toEqual([WRONG_STATE, WRONG_STATE, [404, 'LICENSING.TERMS_NOT_FOUND']]);
    const withdraw = (who: Client) => who.post(`/licence-terms/${String(withdrawn['number'])}/withdrawal`, {});
    expect(refusal(await withdraw(stranger))).toEqual([403, 'LICENSING.NOT_PARTY']);
    made(await withdraw(owner));
    expect([refusal(await take(withdrawn['number'])), refusal(await withdraw(owner)), await standing()]).toEqual([WRONG_STATE, WRONG_STATE, [open['number'], reserved['number']]]);
    // It can still be read.
    expect((await stranger.get(`/licence-terms/${String(withdrawn['number'])}`)).body['withdrawnAt']).not.toBeNull();
  });

  test('after its expiry', async () => {
    const { number } = await offered('personal', {}, { expiresAt: new Date(Date.now() + 1_500).toISOString() });
    expect([(await take(number)).status, await standing()]).toEqual([201, [number]]);
    await pause(1_600);
    expect([refusal(await take(number)), await standing()]).toEqual([WRONG_STATE, []]);
  });

  test('of a withdrawn work, or of rights that went to somebody else', async () => {
    const { number } = await offered('personal');
    made(await rights.assign(owner, work, [stranger]));
    expect(refusal(await take(number))).toEqual([422, 'LICENSING.BEYOND_TITLE']);
    work = await rights.deposit(owner);
    const other = await offered('personal');
    made(await owner.post(`/works/${work}/withdrawal`, { reason: 'mistake' }));
    expect(refusal(await take(other['number']))).toEqual([409, 'WORKS.WITHDRAWN']);
  });

  test('what was licensed by it stays when it is withdrawn, to anyone as well', async () => {
    const [cc, free] = [await offered('cc-by-nd-4.0'), await offered('personal')];
    made(await take(free['number']));
    for (const { number } of [cc, free]) made(await owner.post(`/licence-terms/${String(number)}/withdrawal`, {}));
    expect([await rights.ask(stranger, work), await rights.ask(taker, work, { right: 'reproduction', use: 'personal' })]).toEqual([['permitted', 'open-licence'], ['permitted', 'licence', 'open-licence']]);
  });
});

describe('of a confidential work', () => {
  test('offers are its owners’ matter', async () => {
    work = await rights.deposit(owner, { visibility: 'confidential' });
    const { number } = await offered('personal');
    expect([refusal(await stranger.get(`/licence-terms/${String(number)}`)), refusal(await stranger.get(`/works/${work}/licence-terms`)), refusal(await take(number)), refusal(await stranger.get(`/works/${work}/training-mining`))]).toEqual([
      [404, 'LICENSING.TERMS_NOT_FOUND'], [404, 'WORKS.NOT_FOUND'], [404, 'LICENSING.TERMS_NOT_FOUND'], [404, 'WORKS.NOT_FOUND'],
    ]);
    expect((await owner.get(`/licence-terms/${String(number)}`)).status).toBe(200);
  });
});

describe('as ODRL', () => {
  test.each([...LICENCE_PRESETS])('an offer of %s goes out and comes in as what it was', async (preset) => {
    const { number, terms } = await offered(preset, NEEDS[preset]);
    const answer = await stranger.get(`/licence-terms/${String(number)}`, LD);
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0], answer.headers.get('vary')?.toLowerCase().includes('accept')]).toEqual([200, 'application/ld+json', true]);
    const document = answer.body;
    expect([document['@type'], document['uid']]).toEqual(['Offer', `urn:zhengben:${String(number)}`]);
    // Taken in where an open one has its licence already: one beside another is no conflict.
    const imported = made(await offer({ odrl: document }));
    expect([imported['terms'], imported['number'] === number]).toEqual([terms, false]);
  });

  test('custom terms as well', async () => {
    const { number, terms } = made(await offer({ terms: { ...TERMS, price: PRICE, scope: { ...SCOPE, territories: ['WORLD', '-CN', '-US'], languages: ['zh-Hans', 'yue'] } } }));
    const { body } = await stranger.get(`/licence-terms/${String(number)}`, LD);
    expect(made(await offer({ odrl: body }))['terms']).toEqual(terms);
  });

  test('a licence is an agreement, whose parties only they are told; it is no offer', async () => {
    const licence = await rights.license(owner, work, taker, { price: PRICE, conditions: ['attribution'] });
    const [own, others] = [(await taker.get(`/licences/${licence}`, LD)).body, (await stranger.get(`/licences/${licence}`, LD)).body];
    expect([own['@type'], own['uid'], others['@type'], JSON.stringify(own).includes(taker.accountId), JSON.stringify(own).includes('199'), JSON.stringify(others).includes(taker.accountId), JSON.stringify(others).includes(owner.accountId), JSON.stringify(others).includes('199')]).toEqual([
      'Agreement', `urn:zhengben:${licence}`, 'Agreement', true, true, false, false, false,
    ]);
    const { status, body } = await offer({ odrl: own });
    expect([status, body['code'], (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)]).toEqual([422, 'LICENSING.TERMS_INVALID', ['/odrl/@type']]);
  });

  test('an offer of another work is not this one’s', async () => {
    const { number } = await offered('personal');
    const { body } = await stranger.get(`/licence-terms/${String(number)}`, LD);
    work = await rights.deposit(owner);
    const answer = await offer({ odrl: body });
    expect([answer.status, answer.body['code'], (answer.body['errors'] as { pointer: string }[] | undefined)?.map(({ pointer }) => pointer)]).toEqual([422, 'LICENSING.TERMS_INVALID', ['/odrl/target']]);
  });

  test.each<[string, unknown]>([['nothing', {}], ['a set', { '@context': 'http://www.w3.org/ns/odrl.jsonld', '@type': 'Set', uid: 'urn:x', permission: [] }], ['a duty nobody knows', { '@type': 'Offer', permission: [{ action: 'fly' }] }]])('%s is refused', async (_what, odrl) => {
    expect(refusal(await offer({ odrl }))).toEqual([422, 'LICENSING.TERMS_INVALID']);
  });

  test('the profile is served', async () => {
    const { status, headers, body } = await stranger.get('/odrl-profile', LD);
    expect([status, headers.get('content-type')?.split(';')[0], Object.keys(body).length > 0]).toEqual([200, 'application/ld+json', true]);
  });
});

describe('training and data mining', () => {
  const assertion = async (family?: string) => made(await stranger.get(`/works/${work}/training-mining${family === undefined ? '' : `?family=${family}`}`)) as { label: string; data: { entries: Record<string, { use: string; constraint_info?: string }> } };
  const uses = async () => Object.values((await assertion()).data.entries).map(({ use }) => use);

  test('says what stands: nothing, allowed, paid, reserved', async () => {
    expect([(await assertion()).label, Object.keys((await assertion('cawg')).data.entries), await uses()]).toEqual([
      'c2pa.training-mining', ['cawg.ai_training', 'cawg.ai_generative_training', 'cawg.ai_inference', 'cawg.data_mining'], ['notAllowed', 'notAllowed', 'notAllowed', 'notAllowed'],
    ]);
    await offered('ai-training-allowed');
    expect(await uses()).toEqual(['allowed', 'allowed', 'notAllowed', 'notAllowed']);
    await offered('ai-training-reserved');
    expect([await uses(), (await assertion()).data.entries['c2pa.ai_training']?.constraint_info]).toEqual([['constrained', 'constrained', 'notAllowed', 'notAllowed'], `urn:zhengben:${work}`]);
    work = await rights.deposit(owner);
    const { number } = await offered('ai-training-paid', { price: PRICE });
    expect(await uses()).toEqual(['constrained', 'constrained', 'notAllowed', 'notAllowed']);
    made(await owner.post(`/licence-terms/${String(number)}/withdrawal`, {}));
    expect(await uses()).toEqual(['notAllowed', 'notAllowed', 'notAllowed', 'notAllowed']);
    expect(refusal(await stranger.get(`/works/${work}/training-mining?family=exif`))).toEqual([400, 'HTTP.INVALID_PARAMETER']);
  });

  test('what was opened to anyone stays so when the offer is withdrawn', async () => {
    const { number } = await offered('ai-training-allowed');
    made(await owner.post(`/licence-terms/${String(number)}/withdrawal`, {}));
    expect([await rights.ask(stranger, work, { right: 'reproduction', use: 'ai-training' }), await uses()]).toEqual([['permitted', 'open-licence'], ['allowed', 'allowed', 'notAllowed', 'notAllowed']]);
  });

  test('a reservation grants nothing and takes nothing back', async () => {
    const { licence, terms } = await offered('ai-training-reserved');
    expect([licence, (terms as { reserved: boolean }).reserved, await rights.ask(stranger, work, { right: 'reproduction', use: 'ai-training' }), (await rights.offer(owner, work, taker, { scope: { ...SCOPE, rights: ['reproduction'], uses: ['ai-training'] } })).status]).toEqual([null, true, ['forbidden', 'not-granted'], 201]);
  });
});
