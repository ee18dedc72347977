import { type AnchoredHead, type ChainClient, ChainError, type ChainSession, CheckpointAnchorContract } from '../../platform/chain/index.js';
import type { LogSource } from './log-source.js';

/**
 * Holds what the contract has anchored, as one node says it, against the log (DESIGN invariant 2), and tells the log. A contradiction stops the log, so it is
 * believed only when every node that answers has one: a single misrouted or lying URL must not be able to stop it.
 * @returns the contradiction that all have, or null.
 * @throws ChainError CHAIN.DISAGREEMENT when another node says what the log does hold; the log is told nothing then.
 */
export async function checkAnchoredHead(chain: ChainClient, session: ChainSession, contract: string, head: AnchoredHead, log: LogSource): Promise<string | null> {
  const contradiction = await findContradiction(head, log);
  if (contradiction !== null) await assertNobodyDenies(chain, session, contract, head, log);
  await log.conclude(contradiction);
  return contradiction;
}

/**
 * Before the first signature of this process.
 * @throws ChainError when the chain does not answer, or its nodes disagree; that keeps nobody from starting.
 */
export async function lookAtBoot(chain: ChainClient, contract: string, log: LogSource): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const session = await chain.connect(null);
    try {
      const head = await readHead(session, contract);
      if (head !== null) await checkAnchoredHead(chain, session, contract, head, log);
      return;
    } catch (error) {
      if (!(error instanceof ChainError) || attempt >= chain.endpointCount) throw error;
      chain.giveUpOn(session);
    }
  }
}

async function assertNobodyDenies(chain: ChainClient, session: ChainSession, contract: string, { treeSize }: AnchoredHead, log: LogSource): Promise<void> {
  for (const other of await chain.connectOthers(session)) {
    const head = await readHead(other, contract).catch((error: unknown) => {
      if (error instanceof ChainError) return null;
      throw error;
    });
    if (head === null || (await findContradiction(head, log)) !== null) continue;
    throw new ChainError('CHAIN.DISAGREEMENT', `${session.host} says that ${contract} has anchored a tree of ${treeSize} leaves that this log does not hold; ${other.host} says ${head.treeSize}, which it does`);
  }
}

async function findContradiction({ treeSize, rootHash }: AnchoredHead, log: LogSource): Promise<string | null> {
  return treeSize === 0 ? null : log.findContradiction(treeSize, rootHash);
}

/** @returns null when there is no such contract. */
async function readHead(session: ChainSession, contract: string): Promise<AnchoredHead | null> {
  const { number } = await session.latestBlock();
  const anchor = new CheckpointAnchorContract(session, contract);
  return (await anchor.exists(number)) ? anchor.head(number) : null;
}
