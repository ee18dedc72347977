import type { Client } from '../../support/http-client.js';
import { eventually } from './support.js';
import { Licensing, made, refusal, WHOLE } from '../licensing/licensing-client.js';

let rights: Licensing;
let depositor: Client;
let buyer: Client;
let stranger: Client;
let work: string;

beforeAll(async () => {
  rights = await Licensing.start();
  [depositor, buyer, stranger] = (await rights.join('depositor', 'buyer', 'stranger')) as [Client, Client, Client];
}, 60_000);
afterAll(() => rights?.stop());

const HELD = [409, 'WORKS.RIGHTS_HELD_BY_OTHERS'];
const JAPAN = { ...WHOLE, territories: ['JP'] };
const withdraw = (): Promise<[number, unknown]> => depositor.post(`/works/${work}/withdrawal`, { reason: 'mistake' }).then(refusal);
const amend = (change: Record<string, unknown>): Promise<[number, unknown]> => depositor.post(`/works/${work}/amendments`, change).then(refusal);

describe('once rights were assigned', () => {
  beforeEach(async () => {
    work = await rights.deposit(depositor);
    made(await rights.assign(depositor, work, [buyer], JAPAN));
  });

  test('the depositor neither withdraws the work nor changes what the rights follow from', async () => {
    expect([await withdraw(), await amend({ category: 'music' }), await amend({ creation: { nature: 'original', completedOn: '1999-01-01' } }), await amend({ publication: { state: 'unpublished' } })]).toEqual([HELD, HELD, HELD, HELD]);
    // Nothing of it was said.
    expect(await rights.chain(stranger, work)).toEqual(['work.deposited', 'work.assigned']);
  });

  test('the depositor amends the rest, and reads as before; the buyer does not amend', async () => {
    expect([await amend({ title: 'Another title' }), refusal(await buyer.post(`/works/${work}/amendments`, { title: 'Mine' }))]).toEqual([[201, undefined], [403, 'WORKS.NOT_OWNER']]);
  });

  test('who has all of them back alone withdraws again', async () => {
    made(await rights.assign(buyer, work, [depositor], JAPAN));
    expect(await withdraw()).toEqual([201, undefined]);
  });
});

test('co-owners of a deposit and licensees hinder nothing', async () => {
  work = await rights.shared(depositor, buyer);
  made(await rights.offer(depositor, work, stranger));
  expect([await amend({ category: 'literary' }), await withdraw()]).toEqual([[201, undefined], [201, undefined]]);
});

describe('a confidential work that was sold', () => {
  beforeEach(async () => {
    work = await rights.deposit(depositor, { visibility: 'confidential', title: 'A secret' });
    made(await rights.assign(depositor, work, [buyer]));
  });

  test('is read by who holds it, as everybody reads a public one, and by who deposited it', async () => {
    const { body } = await buyer.get(`/works/${work}`);
    expect([body['title'], body['isOwner'], (body['contents'] as unknown[]).length, body['creation'], JSON.stringify(body).includes('"name":"owner')]).toEqual(['A secret', false, 1, expect.objectContaining({ completedOn: '2020-01-01' }), false]);
    await eventually(async () => (await buyer.get(`/works/${work}/proof?at=newest`)).status === 200);
    expect([(await buyer.get(`/works/${work}/history`)).status, (await buyer.get(`/works/${work}/proof?at=newest`)).status, (await depositor.get(`/works/${work}`)).body['isOwner']]).toEqual([200, 200, true]);
    expect(refusal(await buyer.get(`/works/${work}/proof?at=newest&disclose=/owners/0/name`))).toEqual([403, 'WORKS.NOT_OWNER']);
  });

  test('is not there for strangers, nor for who sold it on', async () => {
    made(await rights.assign(buyer, work, [depositor]));
    for (const who of [stranger, buyer]) {
      expect([refusal(await who.get(`/works/${work}`)), refusal(await who.get(`/works/${work}/history`)), refusal(await who.get(`/works/${work}/proof`))]).toEqual([[404, 'WORKS.NOT_FOUND'], [404, 'WORKS.NOT_FOUND'], [404, 'WORKS.NOT_FOUND']]);
    }
  });
});
