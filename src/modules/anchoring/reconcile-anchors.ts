import type { AnchorRecord } from './anchor-records.js';
import { endedFromNonce, inFlight, liveByBlock, lowestNotFinal, markFinal, markReopened } from './anchor-store.js';
import { AnchoringProblem } from './anchoring.errors.js';
import type { AnchorerMemory } from './open-tick.js';
import { settleAnchor } from './settle-anchor.js';
import type { TickContext } from './tick-context.js';

/** Anchors examined at a time when a reorganisation has undone some. */
const PAGE = 50;

/**
 * Brings the database in line with the chain: reopens what the chain has undone, settles what is in flight, makes final what is deep enough.
 * Runs at the start of every tick and after every broadcast; recovery after a crash is this and nothing else.
 * @returns how many anchors are still in flight.
 */
export async function reconcileAnchors(context: TickContext, memory: AnchorerMemory): Promise<number> {
  await reopenUndone(context);
  await reopenUnusedNonces(context);
  const left = await settleInFlight(context, memory);
  await finalize(context);
  return left;
}

/** A block contains all its ancestors: once a live anchor's block is in the chain, so are those of all older ones. */
async function reopenUndone({ dataSource, instance, session, lease, view }: TickContext): Promise<void> {
  for (;;) {
    const page = await liveByBlock(dataSource.manager, instance, PAGE);
    for (const anchor of page) {
      if (!anchor.mined) continue;
      const block = await session.block(anchor.mined.blockNumber);
      if (block?.hash === anchor.mined.blockHash) return;
      if (!block && anchor.mined.blockNumber <= view.latest.number) {
        throw new AnchoringProblem('ANCHORING.STALE_CHAIN', `${session.host} does not have block ${anchor.mined.blockNumber}, which is below its latest`);
      }
      await lease.write('anchor.reopen', (tx) => markReopened(tx, lease.epoch, anchor.id));
    }
    if (page.length < PAGE) return;
  }
}

/** The transaction that ended these was undone too: their nonces must be used up again before any later one can be. */
async function reopenUnusedNonces({ dataSource, instance, signer, view, lease }: TickContext): Promise<void> {
  for (const anchor of await endedFromNonce(dataSource.manager, instance, signer.address, view.nonce)) {
    await lease.write('anchor.reopen', (tx) => markReopened(tx, lease.epoch, anchor.id));
  }
}

async function settleInFlight(context: TickContext, memory: AnchorerMemory): Promise<number> {
  const waiting = await inFlight(context.dataSource.manager, context.instance);
  let left = 0;
  let ahead: AnchorRecord | null = null;
  for (const anchor of waiting) {
    if (await settleAnchor(context, memory, anchor, ahead)) continue;
    left++;
    ahead = anchor;
  }
  return left;
}

async function finalize({ dataSource, instance, session, view, options, lease }: TickContext): Promise<void> {
  const lowest = await lowestNotFinal(dataSource.manager, instance);
  if (lowest === null) return;
  const finalized = await session.finalizedBlockNumber();
  const upToBlock = Math.max(finalized ?? -1, view.latest.number - options.confirmations);
  if (lowest <= upToBlock) await lease.write('anchor.finalize', (tx) => markFinal(tx, lease.epoch, instance, upToBlock));
}
