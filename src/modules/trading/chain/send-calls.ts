import type { DataSource } from 'typeorm';
import { chainIdOf, type Fees, offerFees, raiseFees, RightsSettlementContract, RpcRefusal, type TransactionSigner } from '../../../platform/chain/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import type { Look } from './open-look.js';
import { type DueCall, encodeCall, findDueCall, findDueCalls, findInFlight, insertTransaction, nextNonce, noteBroadcast, type Sender, type SettlementTransaction } from './settlement-calls.js';
import { moveScan } from './settlement-instance.js';
import { SettlementProblem } from './settlement-problem.js';
import { unlessChainError } from './unless-chain-error.js';

/** So many calls are under way at a time. */
const MOST_IN_FLIGHT = 25;
/** In wei. No transaction offers more. */
const MAX_FEE_PER_GAS = 1_000n * 10n ** 9n;
/** The same bytes are sent again when they are not mined after this, and others with raised fees in their place after that; seconds. */
const REBROADCAST_AFTER = 15;
const STUCK_AFTER = 60;

/** Calls are looked at so many at a time until enough are under way. */
const PAGE = 100;

/** A contract as it was followed in this look: all its events up to that block are known; null when too few nodes answered. */
export interface Followed {
  readonly look: Look;
  readonly scannedTo: number | null;
}

interface Sending {
  readonly dataSource: DataSource;
  /** The current contract first. */
  readonly followed: readonly [Followed, ...Followed[]];
  readonly signer: TransactionSigner;
  /** Prolongs the lease; false: another process has it. */
  readonly keep: () => Promise<boolean>;
}

/**
 * Tells the contracts what is decided here: one transaction an order, signed and stored before it is sent. What became of it only the contract's event says; until then whatever nonce the chain has not used is sent
 * again, also when a block that had it is undone. Twice does no harm: the contract ends an order once. Of an order that has ended there without our seeing it the event is looked for again, from where it can be.
 * @returns how many are under way. @throws ChainError, SettlementProblem, in the end when it is about one call alone.
 */
export async function sendCalls(sending: Sending): Promise<number> {
  const { dataSource, followed: [{ look: { instance, lead: { session, latest } } }] } = sending;
  const sender: Sender = { chainId: instance.chainId, genesisHash: instance.genesisHash, address: sending.signer.address };
  const used = await session.transactionCount(sender.address, latest.number);
  const inFlight = await findInFlight(dataSource, sender, used);
  for (const [i, transaction] of inFlight.entries()) await push(sending, transaction, i === 0);
  if (inFlight.length >= MOST_IN_FLIGHT) return inFlight.length;
  const { signed, refused } = await signDue(sending, sender, used, MOST_IN_FLIGHT - inFlight.length);
  for (const transaction of signed) await push(sending, transaction, false);
  if (refused !== null) throw refused;
  return inFlight.length + signed.length;
}

/** Signs and stores calls for which nothing is under way. @param most so many. @returns them, and what the contract refused first; one order keeps none of the others waiting. */
async function signDue(sending: Sending, sender: Sender, used: number, most: number): Promise<{ signed: SettlementTransaction[]; refused: SettlementProblem | null }> {
  const { dataSource, followed } = sending;
  // Only where the settler is ours, and only while enough nodes say the same.
  const served = new Map(followed.flatMap(({ look, scannedTo }) => (look.ours.settler && scannedTo !== null ? [[look.instance.id, { look, scannedTo }] as const] : [])));
  const { look: { lead: { session, latest } } } = followed[0];
  const deep = Math.min(latest.number, ...[...served.values()].map(({ scannedTo }) => scannedTo));
  // A node that keeps few states does not say it of a block long ago: then only what nothing was ever sent for is due.
  const deepNonces = deep === latest.number ? used : ((await session.transactionCount(sender.address, deep).catch(unlessChainError)) ?? 0);
  const due = served.size === 0 ? [] : await findDueCalls(dataSource, [...served.keys()], sender, deepNonces, PAGE);
  const missed = new Map<number, number>();
  const signed: SettlementTransaction[] = [];
  let nonce = Math.max(used, await nextNonce(dataSource, sender));
  let fees: Fees | null = null;
  let refused: SettlementProblem | null = null;
  for (const call of due) {
    if (signed.length >= most) break;
    const contract = new RightsSettlementContract(session, call.instance.contract);
    if ((await contract.stateOf(call.order.orderId, latest.number)) !== 'funded') {
      // The buyer was quicker, and it is not deep enough yet; or the event was never shown to us, or shown later than blocks are looked at again.
      const { scannedTo } = served.get(call.instance.id) as { scannedTo: number };
      const ended = await contract.stateOf(call.order.orderId, Math.min(scannedTo, latest.number)).catch(unlessChainError);
      if (ended === 'released' || ended === 'refunded') missed.set(call.instance.id, Math.min(call.fromBlock, missed.get(call.instance.id) ?? call.fromBlock));
      continue;
    }
    fees ??= await currentFees(sending);
    try {
      const transaction = await sign(sending, call, nonce, fees);
      await insertTransaction(dataSource, sender.address, transaction, null);
      signed.push({ ...transaction, broadcastAge: null, lastBroadcastAge: null, lastOutcome: null });
      nonce++;
    } catch (error) {
      if (!(error instanceof SettlementProblem)) throw error;
      refused ??= error;
    }
  }
  for (const [id, block] of missed) await moveScan(dataSource, { id }, block, 'back');
  return { signed, refused };
}

/** @param isNext whether the chain takes it next: those behind wait for it, and are not stuck by themselves. */
async function push(sending: Sending, transaction: SettlementTransaction, isNext: boolean): Promise<void> {
  const { dataSource, signer } = sending;
  const wanted = await findDueCall(dataSource, transaction.orderId);
  const isStuck = isNext && (transaction.lastOutcome === 'underpriced' || (transaction.broadcastAge ?? 0) > STUCK_AFTER);
  // A release must not be sent again of an order that is over otherwise by now.
  const isOutdated = wanted !== null && wanted.action !== transaction.action;
  if (wanted !== null && (isStuck || isOutdated)) {
    const fees = raiseFees(transaction, await currentFees(sending), MAX_FEE_PER_GAS);
    const replacement = fees && (await sign(sending, wanted, transaction.nonce, fees, transaction.gasLimit));
    if (replacement !== null) {
      await insertTransaction(dataSource, signer.address, replacement, transaction.transactionHash);
      return broadcast(sending, replacement);
    }
  }
  if (!isOutdated && (transaction.lastBroadcastAge === null || transaction.lastBroadcastAge > REBROADCAST_AFTER)) await broadcast(sending, transaction);
}

async function currentFees({ followed: [{ look: { lead: { session, latest } } }] }: Sending): Promise<Fees> {
  const fees = offerFees(latest, await session.priorityFee(), MAX_FEE_PER_GAS);
  if (fees === null) throw new SettlementProblem('SETTLEMENT.FEE_TOO_HIGH', `a transaction would cost more than ${MAX_FEE_PER_GAS} wei per gas`);
  return fees;
}

/** @param known gas when the call cannot be tried, since what it needs is not mined (again) yet. */
async function sign({ followed: [{ look: { instance: { chainId }, lead: { session } } }], signer }: Sending, call: DueCall, nonce: number, fees: Fees, known: bigint | null = null): Promise<Omit<SettlementTransaction, 'broadcastAge' | 'lastBroadcastAge' | 'lastOutcome'>> {
  const data = encodeCall(call);
  const estimated = await session.estimateGas({ from: signer.address, to: call.instance.contract, data }).catch((error: unknown) => {
    if (error instanceof RpcRefusal && known === null) throw new SettlementProblem('SETTLEMENT.NOT_SENT', `the contract refuses to ${call.action} ${call.order.orderId}: ${error.rpcMessage.slice(0, 200)}`, { cause: error });
    if (error instanceof RpcRefusal) return null;
    throw error;
  });
  const gasLimit = estimated === null ? (known as bigint) : (estimated * 5n) / 4n;
  const signed = await signer.sign({ chainId, nonce, to: call.instance.contract, data, gasLimit, ...fees });
  return { ...signed, ...fees, orderId: call.orderId, instance: call.instance, action: call.action, nonce, gasLimit };
}

async function broadcast({ dataSource, followed: [{ look: { instance, lead: { session } } }], keep }: Sending, transaction: Pick<SettlementTransaction, 'raw' | 'transactionHash' | 'instance'>): Promise<void> {
  const { raw, transactionHash } = transaction;
  if (chainIdOf(raw) !== instance.chainId || !(await keep()) || !(await session.isStillThisChain())) return;
  const { outcome, detail } = await writePoint('settlement.broadcast', () => session.broadcast(raw));
  await noteBroadcast(dataSource, transaction, outcome);
  if (outcome === 'insufficient-funds' || outcome === 'refused') throw new SettlementProblem('SETTLEMENT.NOT_SENT', `${session.host} does not take the transaction ${transactionHash}: ${detail}`);
}
