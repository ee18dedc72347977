import type { DataSource } from 'typeorm';
import { chainIdOf, type Fees, offerFees, raiseFees, RightsSettlementContract, RpcRefusal, type TransactionSigner } from '../../../platform/chain/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import type { Look } from './open-look.js';
import { type DueCall, encodeCall, findDueCall, findDueCalls, findInFlight, insertTransaction, nextNonce, noteBroadcast, type SettlementTransaction } from './settlement-calls.js';
import { SettlementProblem } from './settlement-problem.js';

/** So many calls are under way at a time. */
const MOST_IN_FLIGHT = 25;
/** In wei. No transaction offers more. */
const MAX_FEE_PER_GAS = 1_000n * 10n ** 9n;
/** The same bytes are sent again when they are not mined after this, and others with raised fees in their place after that; seconds. */
const REBROADCAST_AFTER = 15;
const STUCK_AFTER = 60;

interface Sending {
  readonly dataSource: DataSource;
  readonly look: Look;
  readonly signer: TransactionSigner;
  /** Prolongs the lease; false: another process has it. */
  readonly keep: () => Promise<boolean>;
}

/**
 * Tells the contract what is decided here: one transaction an order, signed and stored before it is sent. What became of it only the contract's event says; until then whatever nonce the chain has not used is sent
 * again, also when a block that had it is undone. Twice does no harm: the contract ends an order once.
 * @returns how many are under way. @throws ChainError, SettlementProblem
 */
export async function sendCalls(sending: Sending): Promise<number> {
  const { dataSource, look: { instance, lead: { session, latest } }, signer } = sending;
  const used = await session.transactionCount(signer.address, latest.number);
  const inFlight = await findInFlight(dataSource, instance, signer.address, used);
  const due = await findDueCalls(dataSource, instance, signer.address, used, MOST_IN_FLIGHT - Math.min(inFlight.length, MOST_IN_FLIGHT));
  const contract = new RightsSettlementContract(session, instance.contract);
  let nonce = Math.max(used, await nextNonce(dataSource, instance, signer.address));
  let fees: Fees | null = null;
  for (const call of due) {
    // Mined and not deep enough yet, or the buyer was quicker.
    if ((await contract.stateOf(call.order.orderId, latest.number)) !== 'funded') continue;
    fees ??= await currentFees(sending);
    const signed = await sign(sending, call, nonce, fees);
    await insertTransaction(dataSource, instance, signer.address, signed, null);
    inFlight.push({ ...signed, broadcastAge: null, lastBroadcastAge: null, lastOutcome: null });
    nonce++;
  }
  for (const [i, transaction] of inFlight.entries()) await push(sending, transaction, i === 0);
  return inFlight.length;
}

/** @param isNext whether the chain takes it next: those behind wait for it, and are not stuck by themselves. */
async function push(sending: Sending, transaction: SettlementTransaction, isNext: boolean): Promise<void> {
  const { dataSource } = sending;
  const wanted = await findDueCall(dataSource, transaction.orderId);
  const isStuck = isNext && (transaction.lastOutcome === 'underpriced' || (transaction.broadcastAge ?? 0) > STUCK_AFTER);
  // A release must not be sent again of an order that is over otherwise by now.
  const isOutdated = wanted !== null && wanted.action !== transaction.action;
  if (wanted !== null && (isStuck || isOutdated)) {
    const fees = raiseFees(transaction, await currentFees(sending), MAX_FEE_PER_GAS);
    const replacement = fees && (await sign(sending, wanted, transaction.nonce, fees, transaction.gasLimit));
    if (replacement !== null) {
      await insertTransaction(dataSource, sending.look.instance, sending.signer.address, replacement, transaction.transactionHash);
      return broadcast(sending, replacement);
    }
  }
  if (!isOutdated && (transaction.lastBroadcastAge === null || transaction.lastBroadcastAge > REBROADCAST_AFTER)) await broadcast(sending, transaction);
}

async function currentFees({ look: { lead: { session, latest } } }: Sending): Promise<Fees> {
  const fees = offerFees(latest, await session.priorityFee(), MAX_FEE_PER_GAS);
  if (fees === null) throw new SettlementProblem('SETTLEMENT.FEE_TOO_HIGH', `a transaction would cost more than ${MAX_FEE_PER_GAS} wei per gas`);
  return fees;
}

/** @param known gas when the call cannot be tried, since what it needs is not mined (again) yet. */
async function sign({ look: { instance, lead: { session } }, signer }: Sending, call: DueCall, nonce: number, fees: Fees, known: bigint | null = null): Promise<Omit<SettlementTransaction, 'broadcastAge' | 'lastBroadcastAge' | 'lastOutcome'>> {
  const data = encodeCall(call);
  const estimated = await session.estimateGas({ from: signer.address, to: instance.contract, data }).catch((error: unknown) => {
    if (error instanceof RpcRefusal && known === null) throw new SettlementProblem('SETTLEMENT.NOT_SENT', `the contract refuses to ${call.action} ${call.order.orderId}: ${error.rpcMessage.slice(0, 200)}`, { cause: error });
    if (error instanceof RpcRefusal) return null;
    throw error;
  });
  const gasLimit = estimated === null ? (known as bigint) : (estimated * 5n) / 4n;
  const signed = await signer.sign({ chainId: instance.chainId, nonce, to: instance.contract, data, gasLimit, ...fees });
  return { ...signed, ...fees, orderId: call.orderId, action: call.action, nonce, gasLimit };
}

async function broadcast({ dataSource, look: { instance, lead: { session } }, keep }: Sending, { raw, transactionHash }: Pick<SettlementTransaction, 'raw' | 'transactionHash'>): Promise<void> {
  if (chainIdOf(raw) !== instance.chainId || !(await keep()) || !(await session.isStillThisChain())) return;
  const { outcome, detail } = await writePoint('settlement.broadcast', () => session.broadcast(raw));
  await noteBroadcast(dataSource, instance, transactionHash, outcome);
  if (outcome === 'insufficient-funds' || outcome === 'refused') throw new SettlementProblem('SETTLEMENT.NOT_SENT', `${session.host} does not take the transaction ${transactionHash}: ${detail}`);
}
