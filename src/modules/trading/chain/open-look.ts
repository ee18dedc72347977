import type { DataSource } from 'typeorm';
import { type Block, type ChainClient, ChainError, type ChainSession, RightsSettlementContract, RpcRefusal } from '../../../platform/chain/index.js';
import { currentInstance, earlierInstances, enterInstance, noteRoles, type OurRoles, type SettlementInstance } from './settlement-instance.js';
import { SettlementProblem } from './settlement-problem.js';
import { unlessChainError } from './unless-chain-error.js';

/** So many looks go by what was seen of a contract's roles. */
const ROLES_SEEN_FOR = 20;

/** One node, and its newest block. */
export interface Witness {
  readonly session: ChainSession;
  readonly latest: Block;
}

/** One look at one contract. */
export interface Look {
  readonly instance: SettlementInstance;
  readonly ours: OurRoles;
  /** The node that is read and sent to. */
  readonly lead: Witness;
  /** All that answer, the lead first. */
  readonly witnesses: readonly Witness[];
  /** How many have to say a thing for it to be believed: two, when there are several URLs. */
  readonly needed: number;
  /** The chain's clock as enough of them have it, in seconds since 1970; null when too few answer. */
  readonly time: number | null;
}

/** Of the contract that orders are signed for, and of those before it on the same chain, whose payments are followed to their end. */
export interface Looks {
  readonly current: Look;
  readonly earlier: readonly Look[];
  /** Why the configured contract is not the current one yet: orders are signed for none. */
  readonly problem: SettlementProblem | null;
}

/** What this process saw of the roles, by instance. */
export type SeenRoles = Map<number, { readonly ours: OurRoles; looksLeft: number }>;

export interface Expected {
  /** Lower case. */
  readonly contract: string;
  readonly orderSigner: string;
  readonly settler: string;
}

/** @throws ChainError, SettlementProblem: also for a first contract whose roles are not ours. One that was seen before is followed all the same, also while the one that is to take its place is not ours yet. */
export async function openLooks(dataSource: DataSource, chain: ChainClient, expected: Expected, roles: SeenRoles): Promise<Looks> {
  const known = await currentInstance(dataSource);
  const session = await chain.connect(known?.chainId === chain.chainId ? known.genesisHash : null);
  try {
    const lead = { session, latest: await session.latestBlock() };
    const seen = { chainId: session.chainId, genesisHash: session.genesisHash, contract: expected.contract };
    const isSame = known !== null && known.chainId === seen.chainId && known.genesisHash === seen.genesisHash && known.contract === seen.contract;
    const problem = isSame ? null : await whyNotOurs(lead, expected);
    if (problem !== null && (known?.chainId !== seen.chainId || known.genesisHash !== seen.genesisHash)) throw problem;
    const instance = known !== null && (isSame || problem !== null) ? known : await enterInstance(dataSource, seen, lead.latest.number);
    const [witnesses, needed] = [[lead, ...(await witnessesBeside(chain, session))], Math.min(chain.endpointCount, 2)];
    const times = witnesses.map(({ latest }) => latest.timestamp).toSorted((a, b) => b - a);
    const lookAt = async (one: SettlementInstance): Promise<Look> => ({ instance: one, ours: await rolesOf(dataSource, lead, one, expected, roles), lead, witnesses, needed, time: times[needed - 1] ?? null });
    const current = await lookAt(instance);
    const earlier: Look[] = [];
    for (const one of await earlierInstances(dataSource, instance)) earlier.push(await lookAt(one));
    return { current, earlier, problem };
  } catch (error) {
    chain.giveUpOn(session);
    throw error;
  }
}

/** @returns null when the contract takes orders of ours, and we can release them. */
export function problemOfRoles({ instance: { contract }, ours }: Look): SettlementProblem | null {
  if (ours.signer && ours.settler) return null;
  const lost = [...(ours.signer ? [] : ['signs its orders']), ...(ours.settler ? [] : ['settles them'])];
  return new SettlementProblem('SETTLEMENT.NOT_OUR_ROLES', `another key than ours ${lost.join(' and ')} at ${contract}`);
}

/** Nothing is signed for a contract that takes no orders of ours, or that we cannot release. @returns null when it does, and we can. */
async function whyNotOurs({ session, latest }: Witness, { contract: address, orderSigner, settler }: Expected): Promise<SettlementProblem | null> {
  const contract = new RightsSettlementContract(session, address);
  const roles = (await contract.exists(latest.number)) ? await contract.roles(latest.number).catch(unlessOtherContract) : null;
  if (roles === null) return new SettlementProblem('SETTLEMENT.CONTRACT_MISSING', `there is no RightsSettlement at ${address}: deploy one and set SETTLEMENT_CONTRACT`);
  if (roles.orderSigner === orderSigner && roles.settler === settler) return null;
  return new SettlementProblem('SETTLEMENT.NOT_OUR_ROLES', `${address} takes orders signed by ${roles.orderSigner} and is settled by ${roles.settler}; our keys are ${orderSigner} and ${settler}`);
}

/** Of a contract that knows no such call, or means something else by it. */
function unlessOtherContract(error: unknown): null {
  if ((error instanceof RpcRefusal && error.revertData !== null) || (error instanceof ChainError && error.code === 'CHAIN.MALFORMED_ANSWER')) return null;
  throw error;
}

/** The owner may give them to others at any time: asked again after so many looks, and when the contract has refused us. */
async function rolesOf(dataSource: DataSource, { session, latest }: Witness, instance: SettlementInstance, { orderSigner, settler }: Expected, seen: SeenRoles): Promise<OurRoles> {
  const before = seen.get(instance.id);
  if (before !== undefined && before.looksLeft-- > 0) return before.ours;
  const roles = await new RightsSettlementContract(session, instance.contract).roles(latest.number);
  const ours = { signer: roles.orderSigner === orderSigner, settler: roles.settler === settler };
  await noteRoles(dataSource, instance, ours);
  seen.set(instance.id, { ours, looksLeft: ROLES_SEEN_FOR - 1 });
  return ours;
}

async function witnessesBeside(chain: ChainClient, session: ChainSession): Promise<Witness[]> {
  const others = await Promise.all((await chain.connectOthers(session)).map(async (other) => {
    const latest = await other.latestBlock().catch(unlessChainError);
    return latest && { session: other, latest };
  }));
  return others.flatMap((other) => other ?? []);
}
