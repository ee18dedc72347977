import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Contract, type ContractTransactionReceipt, type ContractTransactionResponse, Interface, type InterfaceAbi, JsonRpcProvider, Wallet } from 'ethers';
import { findFreePort } from '../../../src/dev-stack/free-port.js';
import { deployDevSettlement } from '../../../src/dev-stack/index.js';
import { parseWorkNumber } from '../../../src/lib/statement/index.js';
import { auditLedger } from '../../../src/modules/accounting/index.js';
import { ORDER_CHECKS } from '../../../src/modules/trading/index.js';
import { rightsSettlementAbi } from '../../../src/platform/chain/abi/rights-settlement.js';
import { type Anvil, startAnvil } from '../../integration/anchoring/support/anvil.js';
import { type RpcProxy, startRpcProxy } from '../../integration/anchoring/support/rpc-proxy.js';
import { keyRequest, walletKey } from '../../support/actor-keys.js';
import { type Answer, type Client, joinAsPerson, type Person } from '../../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../../support/index.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';
import { callChain, FaultRig, ORIGIN } from './fault-rig.js';
import { fundDirectly } from './fund-directly.js';
import { MortalService } from './mortal-service.js';

const OWNER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const NATIVE = `0x${'0'.repeat(40)}`;
const ABI = rightsSettlementAbi as unknown as InterfaceAbi;
const PUBLIC_URL = 'http://service.test';
const SCOPE = { rights: ['network-dissemination'], territories: ['CN'], uses: ['streaming'], languages: ['*'], term: { from: '2025-01-01', to: '2039-12-31' } };
const FORM = { ...minimalForm, category: 'literary', creation: { ...minimalForm.creation, completedOn: '2020-01-01' } };
export const PRICE = 1_000_003n;

export type Kind = 'licence' | 'exclusive-licence' | 'assignment';
export interface Placed { readonly number: string; readonly work: string; readonly listing: string; readonly payment: { readonly contract: string; readonly order: { readonly orderId: string; readonly amount: string }; readonly signature: string } }
/** How an order stands: `ended` by which event of the contract, `funded` whether one of a payment stands. */
interface Standing { readonly state: string; readonly reason: string | null; readonly ended: string | null; readonly funded: boolean }

export const key = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });
export function made({ status, body }: Answer): Record<string, unknown> {
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** A market paid on chain, whose service dies where it is told to. The chain is the test's: to reorganise, to let time pass, and to keep the service's transactions from. */
export class ChainStage extends MortalService {
  seller!: Client;
  buyer!: Client;
  other!: Client;
  operator!: Person;
  private readonly wallets: Wallet[];
  /** Every one that orders were signed for. */
  private readonly contracts: Contract[] = [];
  private readonly provider: JsonRpcProvider;

  private constructor(private readonly anvil: Anvil, readonly proxy: RpcProxy, private readonly database: TestDatabase, rig: FaultRig, private readonly url: string) {
    super(rig);
    this.provider = new JsonRpcProvider(anvil.url, 31_337, { staticNetwork: true, pollingInterval: 20, cacheTimeout: -1 });
    this.wallets = Array.from({ length: 3 }, () => new Wallet(Wallet.createRandom().privateKey, this.provider));
  }

  static async open(): Promise<ChainStage> {
    const [anvil, database, port] = await Promise.all([startAnvil(), createTestDatabase(), findFreePort()]);
    const proxy = await startRpcProxy(anvil.url);
    const rig = await FaultRig.open({ serviceUrl: database.serviceUrl, adminUrl: database.adminUrl, chainUrl: anvil.url });
    // One port for every process: sessions and keys go on being used where they were made. No anchors beside what is looked at here.
    Object.assign(rig.environment, { EVM_RPC_URL: proxy.url, PORT: String(port), ANCHOR_INTERVAL: '600' });
    const stage = new ChainStage(anvil, proxy, database, rig, `http://127.0.0.1:${port}`);
    await stage.deploy();
    await stage.aimAt('');
    await stage.start();
    await stage.join();
    return stage;
  }

  async close(): Promise<void> {
    this.provider.destroy();
    await this.rig.close();
    await this.proxy.close();
    await this.anvil.stop();
    await this.database.drop();
  }

  /** Past the triggers that keep what was recorded: for the passing of days. */
  async pretend(sql: string): Promise<void> {
    await this.query(`DO $do$ BEGIN SET LOCAL session_replication_role = replica; ${sql}; END $do$`);
  }

  /** Runs a job that is due by the clock, until what it does is done, whoever dies meanwhile. */
  async runJob(name: string, done: () => Promise<boolean>): Promise<void> {
    await this.surviving(async () => {
      await this.query('SELECT graphile_worker.add_job($1)', [name]);
      await this.alive(`${name} has run`, done);
    });
  }

  /** Signs for another contract from its next start on, with the same keys. */
  async deploy(): Promise<void> {
    const { settler, environment } = await deployDevSettlement({ rpcUrl: this.anvil.url, dataDir: join(this.rig.directory, 'settlement'), owner: OWNER });
    Object.assign(this.rig.environment, environment, { SETTLEMENT_INTERVAL: '0.1' });
    for (const address of [settler, ...this.wallets.map((wallet) => wallet.address)]) await this.call('hardhat_setBalance', address, '0x3635c9adc5dea00000');
    this.contracts.push(new Contract(environment['SETTLEMENT_CONTRACT'] as string, ABI, this.wallets[1]));
  }

  /** A work, its listing, and an order of it that is not paid. */
  async place(kind: Kind): Promise<Placed> {
    const { work, listing } = await this.list({ kind, price: { amountMinor: PRICE.toString(), currency: 'ETH' } });
    return { work, listing, ...(await this.order(listing, 'ETH')) as Pick<Placed, 'number' | 'payment'> };
  }

  /** @returns a new work and a listing of it. */
  async list(terms: Record<string, unknown>): Promise<{ work: string; listing: string }> {
    const [form, list, contents] = [key(), key(), [declaredContent()]];
    const work = await this.surviving(async () => String(made(await this.seller.post('/works', { ...FORM, contents }, form))['number']));
    const listing = await this.surviving(async () => String(made(await this.seller.post(`/works/${work}/listings`, { scope: SCOPE, ...terms }, list))['number']));
    return { work, listing };
  }

  async order(listing: string, currency: string): Promise<Record<string, unknown>> {
    const once = key();
    return this.surviving(async () => made(await this.buyer.post('/orders', { listing, max: { amountMinor: PRICE.toString(), currency } }, once)));
  }

  /** Somebody has an exclusive licence of it, past the market. */
  async takeAway(work: string): Promise<void> {
    const [grant, accept] = [key(), key()];
    const licence = await this.surviving(async () => String(made(await this.seller.post(`/works/${work}/licences`, { licensee: this.other.accountId, exclusivity: 'exclusive', scope: SCOPE }, grant))['number']));
    await this.surviving(async () => made(await this.other.post(`/licences/${licence}/acceptance`, {}, accept)));
  }

  /** The buyer's wallet pays. */
  pay({ payment: { contract, order, signature } }: Placed): Promise<ContractTransactionReceipt> {
    return this.send(1, 'fund', [order, signature], BigInt(order.amount), contract);
  }

  /** A call of the contract by a wallet: 0 is the seller's, 1 the buyer's. */
  async send(wallet: number, method: string, args: unknown[], value = 0n, address = this.address): Promise<ContractTransactionReceipt> {
    const contract = new Contract(address, ABI, this.wallets[wallet]);
    const sent = (await contract.getFunction(method).send(...args, { value })) as ContractTransactionResponse;
    return (await sent.wait(1, 60_000)) as ContractTransactionReceipt;
  }

  /** What was said in this transaction's block, and after it, was never said. */
  async undo({ hash, blockNumber }: ContractTransactionReceipt): Promise<void> {
    do {
      const head = Number(await this.call('eth_blockNumber'));
      await this.call('anvil_reorg', head - blockNumber + 1, []);
    } while ((await this.provider.getTransactionReceipt(hash)) !== null);
  }

  /** On the chain's clock. */
  async pass(seconds: number): Promise<void> {
    await this.call('evm_increaseTime', seconds);
    await this.call('evm_mine');
  }

  async standing({ number }: Pick<Placed, 'number'>): Promise<Standing> {
    const [row] = await this.query<Standing>(
      'SELECT o.state, o.reason, e.kind AS ended, p.funded_event IS NOT NULL AS funded FROM trade_order o LEFT JOIN chain_payment p USING (order_id) LEFT JOIN chain_event e ON e.event_id = p.ended_event WHERE o.order_id = $1', [orderIdOf(number)]);
    if (row === undefined) throw new Error(`there is no order ${number}`);
    return row;
  }

  async untilState(placed: Pick<Placed, 'number'>, state: string): Promise<void> {
    await this.until(`order ${placed.number} is ${state}`, async () => (await this.standing(placed)).state === state);
  }

  /** Until the contract's word on it is known here; and it is its word. */
  async untilEnded(placed: Placed, ended: 'released' | 'refunded'): Promise<Standing> {
    await this.until(`the payment of ${placed.number} is ${ended}`, async () => (await this.standing(placed)).ended === ended);
    const [state] = (await new Contract(placed.payment.contract, ABI, this.provider).getFunction('orderOf').staticCall(placed.payment.order.orderId)) as [bigint];
    const onChain = ['none', 'funded', 'released', 'refunded'][Number(state)];
    if (onChain !== ended) throw new Error(`order ${placed.number} is ${ended} here and ${onChain} there`);
    return this.standing(placed);
  }

  /** Licences of the work that the buyer has, and that are not void. */
  async licences({ work }: Placed): Promise<number> {
    return (await this.query('SELECT 1 FROM licence WHERE work_id = $1 AND licensee_id = $2 AND voided_at IS NULL', [String(parseWorkNumber(work)?.id), this.buyer.accountId])).length;
  }

  /** Every nonce that the settler has given away is used up on the chain: nothing that is sent later waits for it. */
  async untilSent(): Promise<void> {
    const settler = new Wallet((await readFile(this.rig.environment['SETTLEMENT_KEY_FILE'] as string, 'utf8')).trim()).address;
    await this.until('the settler has nothing under way', async () => {
      const [row] = await this.query<{ next: string | null }>('SELECT max(nonce) + 1 AS next FROM settlement_transaction');
      return (await this.provider.getTransactionCount(settler)) >= Number(row?.next ?? 0);
    });
  }

  /** Gives the role of who signs orders to somebody else, or back to us. */
  async giveSignerTo(whom: 'other' | 'us'): Promise<void> {
    const file = await readFile(this.rig.environment['ORDER_SIGNER_KEY_FILE'] as string, 'utf8');
    const signer = whom === 'us' ? new Wallet(file.trim(), this.provider) : (this.wallets[2] as Wallet);
    await this.call('hardhat_setBalance', signer.address, '0x3635c9adc5dea00000');
    const to = this.address;
    await this.call('eth_sendTransaction', { from: OWNER, to, data: new Interface(ABI).encodeFunctionData('proposeRole', [0, signer.address]) });
    await ((await new Contract(to, ABI, signer).getFunction('acceptRole').send(0)) as ContractTransactionResponse).wait(1, 60_000);
  }

  /** The service is there, the ledger is in order, and it has what the contracts have. */
  async assertWell(): Promise<void> {
    await this.surviving(async () => made(await this.seller.get('/notices?limit=1')));
    const { difference } = await auditLedger(this.rig.database, { more: ORDER_CHECKS });
    if (difference !== null) throw new Error(JSON.stringify(difference));
    const [row] = await this.query<{ owed: string }>(`SELECT -coalesce(sum(p.amount), 0) AS owed FROM posting p JOIN money_account a USING (money_account_id) WHERE a.purpose = 'contract' AND a.currency = 'ETH'`);
    const held = (await Promise.all(this.contracts.map((contract) => contract.getFunction('held').staticCall(NATIVE)))) as bigint[];
    const sum = held.reduce((total, one) => total + one, 0n);
    if (sum !== BigInt(row?.owed ?? 0)) throw new Error(`the contracts have ${sum}, and the ledger says ${row?.owed}`);
  }

  private get address(): string {
    return this.rig.environment['SETTLEMENT_CONTRACT'] as string;
  }

  private call(method: string, ...params: unknown[]): Promise<unknown> {
    return callChain(this.anvil.url, method, params);
  }

  private async join(): Promise<void> {
    const service = { url: this.url, config: { publicUrl: PUBLIC_URL } };
    const joined = [];
    for (const [i, name] of ['seller', 'buyer', 'other'].entries()) {
      const { program, person } = await joinAsPerson(service, name);
      made(await person.post('/account-keys', await keyRequest(person.accountId, walletKey(this.wallets[i] as never), { origin: ORIGIN })));
      joined.push(program);
    }
    [this.seller, this.buyer, this.other] = joined as [Client, Client, Client];
    this.operator = (await joinAsPerson(service, 'operator')).person;
    await this.query('UPDATE account SET email_verified_at = now() WHERE account_id = $1', [this.operator.accountId]);
    await fundDirectly(this.rig.database, { owner: this.buyer.accountId, operator: this.operator.accountId, amount: (1_000n * PRICE).toString() });
  }
}

export function orderIdOf(number: string): string {
  return String(parseWorkNumber(number, 'OR')?.id);
}
