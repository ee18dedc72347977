import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { Contract, type ContractTransactionResponse, id, type InterfaceAbi, JsonRpcProvider, Wallet } from 'ethers';
import { formatSignerKey, parseSignerKey } from '../../../src/lib/note/index.js';
import { toErc20Currency } from '../../../src/lib/money/index.js';
import { auditLedger } from '../../../src/modules/accounting/index.js';
import { ORDER_CHECKS } from '../../../src/modules/trading/index.js';
import { rightsSettlementAbi } from '../../../src/platform/chain/abi/rights-settlement.js';
import { testTokenAbi } from '../../../src/platform/chain/abi/test-token.js';
import { deployCheckpointAnchor, deployRightsSettlement, deployTestToken } from '../../../src/platform/chain/index.js';
import { dataSourceOptions } from '../../../src/platform/database/index.js';
import { addKey, walletKey } from '../../support/actor-keys.js';
import { type Client, joinAsPerson } from '../../support/http-client.js';
import { rpc } from '../anchoring/support/rpc-proxy.js';
import { Market, made } from './trading-client.js';

export const DEPLOYER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
export const OWNER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const ETHER = 10n ** 18n;
export const PRICE = 1_000_003n;

/** Somebody with an account and a wallet that is known to be theirs. */
export interface Party extends Client {
  readonly wallet: Wallet;
}

interface SignedOrder { readonly orderId: string; readonly buyer: string; readonly token: string; readonly amount: string; readonly payees: string[]; readonly shareBps: number[]; readonly deadline: string }
export interface Payment { readonly order: SignedOrder; readonly signature: string; readonly orderHash: string; readonly contract: string; readonly chainId: number; readonly state: string; readonly payBy: string }

/** A market whose service takes payment on a real local chain, of which the test has the other end. */
export class ChainMarket {
  readonly provider: JsonRpcProvider;

  private constructor(
    readonly market: Market, readonly chainUrl: string, readonly settlement: string, readonly token: string, readonly feeWallet: Wallet, readonly settler: string, readonly environment: Record<string, string>, private readonly directory: string, private readonly database: DataSource,
  ) {
    this.provider = new JsonRpcProvider(chainUrl, 31_337, { staticNetwork: true, pollingInterval: 20, cacheTimeout: -1 });
  }

  /** @param rpcUrls what the service is told instead of the chain's own URL: proxies before it. */
  static async start(chainUrl: string, { rpcUrls = [chainUrl], env = {} }: { rpcUrls?: readonly string[]; env?: Record<string, string> } = {}): Promise<ChainMarket> {
    const directory = await mkdtemp(join(tmpdir(), 'zhengben-settlement-'));
    const signerKey = formatSignerKey('test.example/log', randomBytes(32));
    const [anchorer, settler, orderSigner, fees] = [0, 1, 2, 3].map(() => new Wallet(`0x${randomBytes(32).toString('hex')}`)) as [Wallet, Wallet, Wallet, Wallet];
    const files = { 'log.key': signerKey, 'anchor.key': anchorer.privateKey, 'settler.key': settler.privateKey, 'orders.key': orderSigner.privateKey };
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text)));
    for (const wallet of [anchorer, settler, fees]) await rpc(chainUrl, 'hardhat_setBalance', wallet.address, `0x${(100n * ETHER).toString(16)}`);
    const deployer = { rpcUrl: chainUrl, unlocked: DEPLOYER };
    const anchor = await deployCheckpointAnchor({ ...deployer, owner: OWNER, anchorer: anchorer.address, origin: 'test.example/log', logKey: parseSignerKey(signerKey).verifierKey.publicKey });
    const settlement = (await deployRightsSettlement({ ...deployer, owner: OWNER, orderSigner: orderSigner.address, settler: settler.address })).address.toLowerCase();
    const token = (await deployTestToken({ ...deployer, name: 'Test', symbol: 'TST', decimals: 6 })).address.toLowerCase();
    const environment = {
      EVM_RPC_URL: rpcUrls.join(','), ANCHOR_CONTRACT: anchor.address, LOG_KEY_FILE: join(directory, 'log.key'), ANCHOR_KEY_FILE: join(directory, 'anchor.key'), ANCHOR_INTERVAL: '600',
      SETTLEMENT_CONTRACT: settlement, SETTLEMENT_KEY_FILE: join(directory, 'settler.key'), ORDER_SIGNER_KEY_FILE: join(directory, 'orders.key'), SETTLEMENT_FEE_ADDRESS: fees.address, SETTLEMENT_TOKENS: token,
      SETTLEMENT_CONFIRMATIONS: '0', SETTLEMENT_INTERVAL: '0.2', ...env,
    };
    const market = await Market.start({ env: environment });
    const database = await new DataSource(dataSourceOptions(market.rights.service.database.adminUrl, 2, () => undefined)).initialize();
    const rig = new ChainMarket(market, chainUrl, settlement, token, fees, settler.address, environment, directory, database);
    await eventually('the contract is seen', async () => (await rig.market.rights.query('SELECT 1 FROM settlement_instance')).length > 0);
    return rig;
  }

  async stop(): Promise<void> {
    this.provider.destroy();
    await this.database.destroy();
    await this.market.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  get erc20(): string {
    return toErc20Currency(31_337, this.token);
  }

  /** With a wallet that has both currencies and lets the contract take the token. */
  async join(name: string): Promise<Party> {
    const wallet = new Wallet(id(`${name} ${Math.random()}`), this.provider);
    await rpc(this.chainUrl, 'hardhat_setBalance', wallet.address, `0x${ETHER.toString(16)}`);
    const { program, person } = await joinAsPerson(this.market.rights.service, name);
    made(await addKey(person, walletKey(wallet as never)));
    await this.send(wallet, this.token, testTokenAbi as unknown as InterfaceAbi, 'mint', [wallet.address, 10n ** 12n]);
    await this.send(wallet, this.token, testTokenAbi as unknown as InterfaceAbi, 'approve', [this.settlement, 10n ** 12n]);
    return Object.assign(program, { wallet });
  }

  list(seller: Party, work: string, currency = 'ETH', change: Record<string, unknown> = {}): Promise<string> {
    return this.market.listed(seller, work, { price: { amountMinor: PRICE.toString(), currency }, ...change });
  }

  async order(buyer: Client, listing: string, currency = 'ETH'): Promise<{ number: string; payment: Payment; body: Record<string, unknown> }> {
    const body = made(await this.market.buy(buyer, listing, { max: { amountMinor: PRICE.toString(), currency } }));
    return { number: String(body['number']), payment: body['payment'] as Payment, body };
  }

  /** The buyer's wallet sends what the service has signed, or a changed one, to the contract that it is signed for. */
  fund(buyer: Party, { order, signature, contract }: Payment, change: Partial<SignedOrder> = {}, value?: bigint): Promise<unknown> {
    const sent = { ...order, ...change };
    return this.send(buyer.wallet.connect(this.provider) as Wallet, contract, rightsSettlementAbi as unknown as InterfaceAbi, 'fund', [sent, signature], value ?? (sent.token === `0x${'0'.repeat(40)}` ? BigInt(sent.amount) : 0n));
  }

  /** The same, as the wallet's transaction so many after the next: several in one block. */
  async fundNext(buyer: Party, { order, signature }: Payment, ahead: number): Promise<unknown> {
    const nonce = (await this.provider.getTransactionCount(buyer.wallet.address, 'latest')) + ahead;
    const sent = (await new Contract(this.settlement, rightsSettlementAbi as unknown as InterfaceAbi, buyer.wallet).getFunction('fund').send(order, signature, { value: BigInt(order.amount), gasLimit: 500_000n, nonce })) as ContractTransactionResponse;
    return sent.wait(1, 60_000);
  }

  /** A call of the contract by anybody, without the service. @throws as it reverts. */
  settle(wallet: Wallet, method: string, args: unknown[], value = 0n): Promise<unknown> {
    return this.send(wallet.connect(this.provider) as Wallet, this.settlement, rightsSettlementAbi as unknown as InterfaceAbi, method, args, value);
  }

  async read(method: string, ...args: unknown[]): Promise<unknown> {
    return new Contract(this.settlement, rightsSettlementAbi as unknown as InterfaceAbi, this.provider).getFunction(method).staticCall(...args);
  }

  /** Until the order is in one of the states. @returns it. */
  async until(party: Client, number: string, ...states: string[]): Promise<Record<string, unknown>> {
    let order: Record<string, unknown> = {};
    await eventually(`order ${number} is ${states.join(' or ')}`, async () => {
      order = made(await party.get(`/orders/${number}`));
      return states.includes(String(order['state']));
    }, () => String(order['state']));
    return order;
  }

  async paid(party: Client, number: string, state: string): Promise<void> {
    await eventually(`the payment of ${number} is ${state}`, async () => (made(await party.get(`/orders/${number}`))['payment'] as Payment).state === state);
  }

  async onChain(who: Client, currency = 'ETH'): Promise<bigint> {
    return this.market.balance(who, currency, 'on-chain');
  }

  /** Until the ledger knows that all of it was fetched. */
  async emptied(who: Client, currency: string): Promise<void> {
    await eventually('it was fetched', async () => (await this.onChain(who, currency)) === 0n);
  }

  /** Nothing is out of balance here, and the contract owes what the ledger says that it does. @param others contracts that were settled by, too. */
  async audit(others: readonly string[] = []): Promise<void> {
    await this.market.audit();
    const { difference } = await auditLedger(this.database, { more: ORDER_CHECKS });
    if (difference !== null) throw new Error(JSON.stringify(difference));
    const rows = await this.market.rights.query<{ currency: string }>(`SELECT currency FROM money_account WHERE purpose = 'contract'`);
    for (const { currency } of rows) await eventually('the ledger has what the contracts have', async () => (await this.held(currency)) === (await this.heldBy([this.settlement, ...others], currency)));
  }

  private async heldBy(contracts: readonly string[], currency: string): Promise<bigint> {
    const held = await Promise.all(contracts.map((address) => new Contract(address, rightsSettlementAbi as unknown as InterfaceAbi, this.provider).getFunction('held').staticCall(currency === 'ETH' ? `0x${'0'.repeat(40)}` : this.token)));
    return (held as bigint[]).reduce((sum, one) => sum + one, 0n);
  }

  private async held(currency: string): Promise<bigint> {
    const [row] = await this.market.rights.query<{ held: string }>(`SELECT -coalesce(sum(p.amount), 0) AS held FROM posting p JOIN money_account a USING (money_account_id) WHERE a.purpose = 'contract' AND a.currency = $1`, [currency]);
    return BigInt(row?.held ?? 0);
  }

  private async send(wallet: Wallet, address: string, abi: InterfaceAbi, method: string, args: unknown[], value = 0n): Promise<unknown> {
    const sent = (await new Contract(address, abi, wallet).getFunction(method).send(...args, { value, gasLimit: 3_000_000n })) as ContractTransactionResponse;
    return sent.wait(1, 30_000);
  }
}

export async function eventually(what: string, holds: () => Promise<boolean>, seen: () => string = () => ''): Promise<void> {
  for (const until = Date.now() + 60_000; !(await holds()); ) {
    if (Date.now() > until) throw new Error(`it did not come about that ${what}; ${seen()}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
