import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Contract, type InterfaceAbi, JsonRpcProvider, Wallet } from 'ethers';
import { deployDevSettlement } from '../../src/dev-stack/index.js';
import { auditLedger } from '../../src/modules/accounting/index.js';
import { ORDER_CHECKS } from '../../src/modules/trading/index.js';
import { rightsSettlementAbi } from '../../src/platform/chain/abi/rights-settlement.js';
import { addKey, keyRequest, walletKey } from '../support/actor-keys.js';
import { type Client, clientOf, joinAsPerson, type Person } from '../support/http-client.js';
import { createTestDatabase, startTestChain, type TestChain, type TestDatabase } from '../support/index.js';
import { declaredContent, minimalForm } from '../support/work-forms.js';
import { callChain, eventually, FaultRig, ORIGIN } from './support/fault-rig.js';
import { seeded } from './support/seeded.js';
import type { ServiceProcess } from './support/service-process.js';
import { pointsInSources } from './support/write-trace.js';

const deep = process.env['DEEP'] === '1';
/** Without DEEP=1 so many are drawn. */
const SAMPLE = 3;
/** Kills at those alone, all of them, as in the kill matrix. */
const only = process.env['FAULT_POINTS'];
const HARDHAT_ACCOUNT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const PRICE = 1_000_003n;
const SCOPE = { rights: ['network-dissemination'], territories: ['CN'], uses: ['streaming'], languages: ['*'], term: { from: '2025-01-01', to: '2039-12-31' } };
const FORM = { ...minimalForm, category: 'literary', creation: { ...minimalForm.creation, completedOn: '2020-01-01' } };
/** Passed by orders that are paid on chain, between their being asked for and their being settled there. */
const ON_THE_WAY = /^(?:settlement\.(?:lease|see|report|scan|store-transaction|note-broadcast|broadcast)|chain-event\.insert|chain-payment\.(?:insert|event)|payout-address\.take|listing\.(?:take|give-back)|order\.(?:insert|fund|cancel|settle-licence|settled|refund)|accounting\.post|trading\.(?:answer|settled)):?/;

let chain: TestChain;
let database: TestDatabase;
let rig: FaultRig;
let service: ServiceProcess;
let url = '';
let provider: JsonRpcProvider;
let contract: Contract;
let wallet: Wallet;
let people: { apiKey: string; accountId: string }[];
const random = seeded();

beforeAll(async () => {
  [chain, database] = await Promise.all([startTestChain(), createTestDatabase()]);
  rig = await FaultRig.open({ serviceUrl: database.serviceUrl, adminUrl: database.adminUrl, chainUrl: chain.url });
  const { settler, environment } = await deployDevSettlement({ rpcUrl: chain.url, dataDir: join(rig.directory, 'settlement'), owner: HARDHAT_ACCOUNT });
  provider = new JsonRpcProvider(chain.url, 31_337, { staticNetwork: true, pollingInterval: 20, cacheTimeout: -1 });
  wallet = new Wallet(Wallet.createRandom().privateKey, provider);
  for (const address of [settler, wallet.address]) await callChain(chain.url, 'hardhat_setBalance', [address, '0x3635c9adc5dea00000']);
  Object.assign(rig.environment, environment, { SETTLEMENT_INTERVAL: '0.2', FAULT_CONTROL: join(rig.directory, 'control') });
  contract = new Contract(environment['SETTLEMENT_CONTRACT'] as string, rightsSettlementAbi as unknown as InterfaceAbi, wallet);
  await aimAt('');
  await start();
  people = [];
  for (const [name, own] of [['seller', Wallet.createRandom()], ['buyer', wallet], ['other', Wallet.createRandom()]] as const) {
    const { program, person } = await joinAsPerson({ url, config: { publicUrl: 'http://service.test' } }, name);
    await withWallet(person, own as Wallet);
    people.push({ apiKey: program.apiKey, accountId: program.accountId });
  }
}, 300_000);
afterAll(async () => {
  provider?.destroy();
  await rig?.close();
  await chain?.stop();
  await database?.drop();
});

async function withWallet(person: Person, own: Wallet): Promise<void> {
  const key = walletKey(own as never);
  const added = await person.post('/account-keys', await keyRequest(person.accountId, key, { origin: ORIGIN }));
  if (added.status !== 201) throw new Error(`${addKey.name}: ${JSON.stringify(added.body)}`);
}

async function aimAt(point: string): Promise<void> {
  await rm(join(rig.directory, 'control.died'), { force: true });
  await writeFile(join(rig.directory, 'control'), point);
}

async function start(): Promise<void> {
  service = await rig.spawn();
  url = await service.url();
}

/** Does it, again after each death of the service; the clients ask for the same again. */
async function surviving<T>(act: (clients: [Client, Client, Client]) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act(people.map(({ apiKey, accountId }) => clientOf(url, apiKey, accountId)) as [Client, Client, Client]);
    } catch (error) {
      await new Promise((done) => setTimeout(done, 200));
      if (service.isAlive || attempt > 5) throw error;
      await aimAt('');
      await start();
    }
  }
}

interface Placed { number: string; payment: { order: { orderId: string; amount: string }; signature: string } }

const key = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });
function made(answer: { status: number; body: Record<string, unknown> }): Record<string, unknown> {
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

/** A work, its listing, and an order of it that is not paid. */
async function place(kind: 'licence' | 'exclusive-licence'): Promise<Placed & { work: string; listing: string }> {
  const [form, list, order] = [key(), key(), key()];
  const content = declaredContent();
  const work = await surviving(async ([seller]) => String(made(await seller.post('/works', { ...FORM, contents: [content] }, form))['number']));
  const listing = await surviving(async ([seller]) => String(made(await seller.post(`/works/${work}/listings`, { kind, scope: SCOPE, price: { amountMinor: PRICE.toString(), currency: 'ETH' } }, list))['number']));
  const { number, payment } = await surviving(async ([, buyer]) => made(await buyer.post('/orders', { listing, max: { amountMinor: PRICE.toString(), currency: 'ETH' } }, order)) as unknown as Placed);
  return { work, listing, number, payment };
}

/** An order that its buyer does not want any more. @returns what it and its listing are then. */
async function cancel(): Promise<{ state: unknown; listing: unknown; remaining: unknown }> {
  const { number, listing } = await place('exclusive-licence');
  const { state } = await surviving(async ([, buyer]) => made(await buyer.post(`/orders/${number}/cancellation`, {})));
  const { state: of, remaining } = await surviving(async ([, buyer]) => made(await buyer.get(`/listings/${listing}`)));
  return { state, listing: of, remaining };
}

/** An order up to its end on the chain, whatever dies meanwhile. @param kind of the listing. @param lost whether somebody else has what it sells before it is paid. */
async function play(kind: 'licence' | 'exclusive-licence', lost: boolean): Promise<{ number: string; state: string; ended: string; licences: number }> {
  const [grant, accept] = [key(), key()];
  const { work, number, payment } = await place(kind);
  if (lost) {
    const licence = await surviving(async ([seller, , other]) => String(made(await seller.post(`/works/${work}/licences`, { licensee: other.accountId, exclusivity: 'exclusive', scope: SCOPE }, grant))['number']));
    await surviving(async ([, , other]) => made(await other.post(`/licences/${licence}/acceptance`, {}, accept)));
  }
  await (await contract.getFunction('fund').send(payment.order, payment.signature, { value: BigInt(payment.order.amount) })).wait(1, 60_000);
  let [state, ended] = ['', ''];
  await surviving(() => eventually(`order ${number} ends on the chain`, async () => {
    if (!service.isAlive) return true;
    const [row] = await rig.database.query<{ state: string; kind: string | null }[]>(
      'SELECT o.state, e.kind FROM chain_payment p JOIN trade_order o USING (order_id) LEFT JOIN chain_event e ON e.event_id = p.ended_event WHERE p.chain_order_id = $1', [Buffer.from(payment.order.orderId.slice(2), 'hex')]);
    [state, ended] = [row?.state ?? '', row?.kind ?? ''];
    return ended !== '';
  }, 60_000).then(() => {
    if (!service.isAlive) throw new Error('the service died');
  }));
  const [chainState] = (await contract.getFunction('orderOf').staticCall(payment.order.orderId)) as [bigint];
  expect([number, ['none', 'funded', 'released', 'refunded'][Number(chainState)]]).toEqual([number, ended]);
  const licences: unknown[] = await rig.database.query('SELECT 1 FROM licence l JOIN listing USING (work_id) WHERE listing.work_id = l.work_id AND l.licensee_id = $1 AND l.granted_at > now() - interval \'10 minutes\' AND listing.listing_id IN (SELECT listing_id FROM chain_payment JOIN trade_order USING (order_id) WHERE chain_order_id = $2)', [people[1]?.accountId, Buffer.from(payment.order.orderId.slice(2), 'hex')]);
  return { number, state, ended, licences: licences.length };
}

async function assertBalanced(): Promise<void> {
  const { difference } = await auditLedger(rig.database, { more: ORDER_CHECKS });
  expect(difference).toBeNull();
  const [row] = await rig.database.query<{ owed: string }[]>(`SELECT -coalesce(sum(p.amount), 0) AS owed FROM posting p JOIN money_account a USING (money_account_id) WHERE a.purpose = 'contract' AND a.currency = 'ETH'`);
  expect(BigInt(row?.owed ?? 0)).toBe(await contract.getFunction('held').staticCall(`0x${'0'.repeat(40)}`));
}

test('a kill between any two writes loses no payment and makes none', async () => {
  const points = (await pointsInSources()).filter((point) => ON_THE_WAY.test(point));
  expect(points.length).toBeGreaterThan(30);
  const chosen = only === undefined ? random.shuffled(points).slice(0, SAMPLE) : points.filter((point) => new RegExp(only).test(point));
  const aims = deep ? points : chosen;
  let killed = 0;
  for (const aim of aims) {
    try {
      await aimAt(aim);
      const sold = await play('licence', false);
      expect(sold).toMatchObject({ state: 'settled', ended: 'released', licences: 1 });
      expect(await cancel()).toEqual({ state: 'cancelled', listing: 'open', remaining: 1 });
      const lost = await play('exclusive-licence', true);
      expect(lost).toMatchObject({ state: 'refunded', ended: 'refunded', licences: 0 });
      await assertBalanced();
    } catch (error) {
      throw new Error(`killed at ${aim} (FAULT_SEED=${random.seed}): ${error instanceof Error ? error.message : String(error)}\n${service.printed}`, { cause: error });
    }
    if ((await rig.read('control')) === '') killed++;
  }
  console.log(`killed at ${killed} of ${aims.length}${deep ? '' : ` (drawn from ${points.length} points)`}; FAULT_SEED=${random.seed}`);
  expect(killed).toBe(aims.length);
}, deep ? 3_600_000 : 600_000);
