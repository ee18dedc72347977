import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { type ChainClient, ChainError } from '../../platform/chain/index.js';
import { anchorCheckpoint } from './anchor-checkpoint.js';
import { AnchorLease, HeldLease } from './anchor-lease.js';
import { AnchoringProblem, type AnchoringProblemCode, LeaseLostError, toProblem } from './anchoring.errors.js';
import { type AnchorerMemory, openTick } from './open-tick.js';
import { reconcileAnchors } from './reconcile-anchors.js';
import { type Finding, reportFinding } from './report-finding.js';
import type { AnchorerParts } from './tick-context.js';

export type TickResult =
  | { readonly role: 'standby'; readonly heldForMs: number }
  | { readonly role: 'leader'; readonly lookAgainSoon: boolean; readonly problem: Finding['problem'] };

/** Another node may do better. */
const NODE_PROBLEMS: ReadonlySet<AnchoringProblemCode> = new Set(['CHAIN.UNAVAILABLE', 'CHAIN.DISAGREEMENT', 'CHAIN.MALFORMED_ANSWER', 'CHAIN.REFUSED', 'ANCHORING.STALE_CHAIN']);
const FIRST_LOOK_MS = 200;

/**
 * Publishes checkpoints on the chain, one process at a time. Nothing waits for it: whatever goes wrong is its finding, and the next tick
 * begins by finding out how things stand.
 */
export class Anchorer {
  readonly #logger = new Logger('Anchorer');
  readonly #memory: AnchorerMemory = { checkedInstances: new Set(), staleSince: null, unexplainedSince: new Map() };
  readonly #lease: AnchorLease;
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;
  #held: HeldLease | null = null;
  #lastCode: AnchoringProblemCode | null = null;

  /**
   * @param holder names this process in the lease; no two have the same name.
   * @param onTick called after every tick of a leader: anchors may have changed.
   */
  constructor(
    private readonly parts: AnchorerParts,
    private readonly chain: ChainClient,
    holder: string,
    private readonly onTick: () => void = () => undefined,
  ) {
    this.#lease = new AnchorLease(parts.dataSource, holder, parts.options.leaseSeconds);
  }

  /** Begins at once and goes on every interval; more often while something is in flight. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends after the write that is under way, and lets another process take over. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.chain.close();
    await this.#running;
    await this.#lease.release().catch((error: unknown) => this.#logger.warn(`the lease was not released: ${String(error)}`));
  }

  /** One look at the chain and what follows from it. @throws only what the database throws. */
  async tick(): Promise<TickResult> {
    const taken = await this.#lease.acquire();
    if (!(taken instanceof HeldLease)) {
      this.#held = null;
      return { role: 'standby', heldForMs: taken.heldForMs };
    }
    this.#held = taken;
    try {
      const finding = await this.#look(taken);
      await taken.write('anchor.report', (tx) => reportFinding(tx, finding));
      this.#say(finding.problem);
      return { role: 'leader', lookAgainSoon: finding.lookAgainSoon, problem: finding.problem };
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      this.#held = null;
      return { role: 'standby', heldForMs: 0 };
    } finally {
      this.onTick();
    }
  }

  async #look(lease: HeldLease): Promise<Finding> {
    const published = await this.parts.log.published();
    let finding: Finding = { chainBlock: null, headSize: null, publishedSize: published?.treeSize ?? 0, lookAgainSoon: false, problem: null };
    for (let attempt = 0; attempt < this.chain.endpointCount; attempt++) {
      try {
        const context = await openTick(this.parts, this.chain, lease, this.#memory, (instance, lost) => {
          this.#logger.warn(`another chain instance (chain ${instance.chainId}, block 0 ${instance.genesisHash}, contract ${instance.contract}): ${lost} anchors are lost with the one before; the newest checkpoint is anchored anew`);
        });
        finding = { ...finding, chainBlock: context.view.latest.number, headSize: context.view.head.treeSize };
        try {
          const left = await reconcileAnchors(context, this.#memory);
          const lookAgainSoon = left > 0 || (await anchorCheckpoint(context));
          return { ...finding, lookAgainSoon, problem: null };
        } catch (error) {
          this.chain.giveUpOn(context.session);
          throw error;
        }
      } catch (error) {
        if (!(error instanceof ChainError || error instanceof AnchoringProblem)) throw error;
        finding = { ...finding, problem: toProblem(error) };
        if (!NODE_PROBLEMS.has(error.code)) return finding;
      }
    }
    return finding;
  }

  async #run(): Promise<void> {
    let soonMs = FIRST_LOOK_MS;
    const intervalMs = this.parts.options.intervalSeconds * 1000;
    while (!this.#stopping.signal.aborted) {
      let pauseMs = intervalMs;
      try {
        const result = await this.tick();
        if (result.role === 'standby') {
          pauseMs = Math.min(intervalMs, result.heldForMs + 50);
        } else if (result.lookAgainSoon) {
          pauseMs = Math.min(intervalMs, soonMs);
          soonMs *= 2;
        } else {
          soonMs = FIRST_LOOK_MS;
        }
      } catch (error) {
        this.#logger.error(`a tick failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
      await this.#pause(pauseMs);
    }
  }

  /** Keeps the lease meanwhile: an interval may be longer than it. */
  async #pause(ms: number): Promise<void> {
    const until = performance.now() + ms;
    const beatMs = (this.parts.options.leaseSeconds * 1000) / 3;
    for (let left = ms; left > 0 && !this.#stopping.signal.aborted; left = until - performance.now()) {
      await sleep(Math.min(left, beatMs), undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (until - performance.now() <= 0 || this.#stopping.signal.aborted) return;
      await this.#held?.renew().catch((error: unknown) => {
        this.#held = null;
        this.#logger.warn(`the lease was not prolonged: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  }

  #say(problem: Finding['problem']): void {
    if (problem?.code === 'ANCHORING.FORK') this.#logger.error(`${problem.code}: NOTHING IS ANCHORED. ${problem.detail}`);
    else if (problem && problem.code !== this.#lastCode) this.#logger.warn(`${problem.code}: ${problem.detail}`);
    else if (!problem && this.#lastCode) this.#logger.log(`anchoring again after ${this.#lastCode}`);
    this.#lastCode = problem?.code ?? null;
  }
}
