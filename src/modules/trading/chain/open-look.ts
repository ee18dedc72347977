import type { DataSource } from 'typeorm';
import { type Block, type ChainClient, ChainError, type ChainSession, RightsSettlementContract } from '../../../platform/chain/index.js';
import { currentInstance, enterInstance, type SettlementInstance } from './settlement-instance.js';
import { SettlementProblem } from './settlement-problem.js';

/** One node, and its newest block. */
export interface Witness {
  readonly session: ChainSession;
  readonly latest: Block;
}

/** One look at the chain. */
export interface Look {
  readonly instance: SettlementInstance;
  /** The node that is read and sent to. */
  readonly lead: Witness;
  /** All that answer, the lead first. */
  readonly witnesses: readonly Witness[];
  /** How many have to say a thing for it to be believed: two, when there are several URLs. */
  readonly needed: number;
  /** The chain's clock as enough of them have it, in seconds since 1970; null when too few answer. */
  readonly time: number | null;
}

/** Instances whose contract was seen to be there, with roles that are ours; of this process. */
export type CheckedInstances = Set<number>;

/** @throws ChainError, SettlementProblem */
export async function openLook(
  dataSource: DataSource, chain: ChainClient, expected: { readonly contract: string; readonly orderSigner: string; readonly settler: string }, checked: CheckedInstances,
): Promise<Look> {
  const known = await currentInstance(dataSource);
  const session = await chain.connect(known?.chainId === chain.chainId ? known.genesisHash : null);
  try {
    const lead = { session, latest: await session.latestBlock() };
    const seen = { chainId: session.chainId, genesisHash: session.genesisHash, contract: expected.contract };
    const isSame = known !== null && known.chainId === seen.chainId && known.genesisHash === seen.genesisHash && known.contract === seen.contract;
    if (!isSame || !checked.has(known.id)) await checkContract(lead, expected);
    const instance = isSame ? known : await enterInstance(dataSource, seen, lead.latest.number);
    checked.add(instance.id);
    const [witnesses, needed] = [[lead, ...(await witnessesBeside(chain, session))], Math.min(chain.endpointCount, 2)];
    const times = witnesses.map(({ latest }) => latest.timestamp).toSorted((a, b) => b - a);
    return { instance, lead, witnesses, needed, time: times[needed - 1] ?? null };
  } catch (error) {
    chain.giveUpOn(session);
    throw error;
  }
}

/** Nothing is signed for a contract that takes no orders of ours, or that we cannot release. */
async function checkContract({ session, latest }: Witness, { contract: address, orderSigner, settler }: { readonly contract: string; readonly orderSigner: string; readonly settler: string }): Promise<void> {
  const contract = new RightsSettlementContract(session, address);
  if (!(await contract.exists(latest.number))) throw new SettlementProblem('SETTLEMENT.CONTRACT_MISSING', `there is no contract at ${address}: deploy a RightsSettlement and set SETTLEMENT_CONTRACT`);
  const roles = await contract.roles(latest.number);
  if (roles.orderSigner !== orderSigner || roles.settler !== settler) {
    throw new SettlementProblem('SETTLEMENT.NOT_OUR_ROLES', `${address} takes orders signed by ${roles.orderSigner} and is settled by ${roles.settler}; our keys are ${orderSigner} and ${settler}`);
  }
}

async function witnessesBeside(chain: ChainClient, session: ChainSession): Promise<Witness[]> {
  const others = await Promise.all((await chain.connectOthers(session)).map(async (other) => {
    try {
      return { session: other, latest: await other.latestBlock() };
    } catch (error) {
      if (error instanceof ChainError) return null;
      throw error;
    }
  }));
  return others.flatMap((other) => other ?? []);
}
