import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ChainClient, ChainError } from '../../../platform/chain/index.js';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { findEvents } from './find-events.js';
import { MoveOrders } from './move-orders.js';
import { type Look, type Looks, openLooks, problemOfRoles, type SeenRoles } from './open-look.js';
import { RecordEvent } from './record-event.js';
import { type Followed, sendCalls } from './send-calls.js';
import { moveScan } from './settlement-instance.js';
import { SettlementKeys } from './settlement-keys.js';
import { endGoodLooks, SettlementLease } from './settlement-lease.js';
import { type Problem, SettlementProblem, type SettlementProblemCode, toProblem } from './settlement-problem.js';
import { UndoEvents } from './undo-events.js';

const FIRST_LOOK_MS = 200;
/** What was seen counts for so many intervals, and for so many seconds at least. */
const GOOD_FOR = { intervals: 6, seconds: 60 };

export interface LookResult {
  /** Whether this process watches. */
  readonly watches: boolean;
  /** Something happened, or is under way: another look is worth it soon. */
  readonly again: boolean;
  readonly problem: Problem | null;
}

/**
 * Follows the settlement contract, in one process at a time. Each look finds out how things stand and does what follows, in steps that may each be the last: recovery after a crash is the next look and nothing else.
 */
@Injectable()
export class Watcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Settlement');
  private readonly stopping = new AbortController();
  private readonly roles: SeenRoles = new Map();
  private readonly chain: ChainClient | null;
  private readonly lease: SettlementLease;
  private readonly intervalMs: number;
  private running: Promise<void> | null = null;
  private lastCode: SettlementProblemCode | null = null;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'chain' | 'settlement'>, @InjectDataSource() private readonly dataSource: DataSource, private readonly keys: SettlementKeys,
    private readonly record: RecordEvent, private readonly undo: UndoEvents, private readonly orders: MoveOrders,
  ) {
    this.intervalMs = (config.settlement?.intervalSeconds ?? 5) * 1000;
    const leaseSeconds = Math.min(Math.max((this.intervalMs / 1000) * 1.5, 3), 15);
    this.chain = config.settlement === null ? null : new ChainClient(config.chain.rpcUrls, config.chain.chainId, { timeoutMs: Math.min(10_000, leaseSeconds * 500) });
    this.lease = new SettlementLease(dataSource, `${hostname()}:${process.pid}:${randomUUID()}`, leaseSeconds, Math.max((GOOD_FOR.intervals * this.intervalMs) / 1000, GOOD_FOR.seconds));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.chain === null) await endGoodLooks(this.dataSource);
    else this.running ??= this.run(this.chain);
  }

  /** Ends after the step that is under way, and lets another process take over. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.chain?.close();
    await this.running;
    if (this.chain !== null) await this.lease.release().catch((error: unknown) => this.logger.warn(`the lease was not released: ${String(error)}`));
  }

  /** One look at the chain and what follows from it. @throws only what the database throws. */
  private async look(chain: ChainClient): Promise<LookResult> {
    if (!(await this.lease.acquire())) return { watches: false, again: false, problem: null };
    let looks: Looks | null = null;
    let again = false;
    let problem: Problem | null = null;
    try {
      const { settlement, settler, orderSigner } = this.keys.require;
      looks = await openLooks(this.dataSource, chain, { contract: settlement.contract, orderSigner: orderSigner.address, settler: settler.address.toLowerCase() }, this.roles);
      const { current } = looks;
      problem = looks.problem === null ? problemOf(current) : toProblem(looks.problem);
      await this.lease.see({ block: current.lead.latest.number, time: current.time });
      const first = await this.follow(current, settlement.confirmations);
      const others = [];
      for (const look of looks.earlier) others.push(await this.follow(look, settlement.confirmations));
      const unread = [first, ...others].find((one) => one.unread !== null)?.unread ?? null;
      again = [first, ...others].some(({ happened }) => happened > 0);
      problem ??= [first, ...others].find(({ unbelieved }) => unbelieved !== null)?.unbelieved ?? null;
      const inFlight = await sendCalls({ dataSource: this.dataSource, followed: [first, ...others], signer: settler, keep: () => this.lease.acquire() });
      again ||= inFlight > 0;
      if (unread !== null) throw unread;
    } catch (error) {
      const thrown = toProblem(error);
      if (thrown.code === 'SETTLEMENT.INTERNAL') throw error;
      problem ??= thrown;
      // Another node may do better; and the contract may have refused since our roles are another's now.
      if (looks !== null && (error instanceof ChainError || thrown.code === 'SETTLEMENT.NOT_SENT')) chain.giveUpOn(looks.current.lead.session);
      if (thrown.code === 'SETTLEMENT.NOT_SENT') this.roles.clear();
    }
    await this.lease.report(problem);
    return { watches: true, again, problem };
  }

  /** One contract, as far as enough nodes agree on it. */
  private async follow(look: Look, confirmations: number): Promise<Followed & { happened: number; unbelieved: Problem | null; unread: ChainError | null }> {
    const lost = await this.orders.loseOthers(look);
    const undone = await this.undo.execute(look);
    // What was undone moved the scan back; this look goes on from there.
    const from = undone === 0 ? look : await this.reopen(look);
    const { events, scannedTo, unbelieved } = await findEvents(this.dataSource, from, confirmations);
    for (const event of events) await this.record.execute(from.instance, event);
    if (scannedTo !== null) await moveScan(this.dataSource, from.instance, scannedTo, 'forward');
    const moved = await this.orders.settleDue(from);
    const { ended, unread } = await this.endUnpaid(from, scannedTo);
    return { look: from, scannedTo, happened: lost + undone + events.length + moved + ended, unbelieved: unbelieved === 0 ? null : toProblem(new SettlementProblem('SETTLEMENT.UNBELIEVED_EVENT', `${unbelieved} events are claimed by one node and not confirmed by another`)), unread };
  }

  /** What nobody paid. That takes the contract's states at a block of perhaps long ago: what the node does not have any more waits for another look, by another node, and nothing else waits for it. */
  private async endUnpaid(look: Look, known: number | null): Promise<{ ended: number; unread: ChainError | null }> {
    let ended = 0;
    try {
      if (known !== null) ended += await this.orders.expireDue(look, known);
      if (known !== null) ended += await this.orders.giveUpDue(look, known);
      return { ended, unread: null };
    } catch (error) {
      if (error instanceof ChainError) return { ended, unread: error };
      throw error;
    }
  }

  private async reopen(look: Look): Promise<Look> {
    const [row] = await this.dataSource.query<{ scanned_to: string }[]>('SELECT scanned_to FROM settlement_instance WHERE id = $1', [look.instance.id]);
    return { ...look, instance: { ...look.instance, scannedTo: Number(row?.scanned_to ?? -1) } };
  }

  private async run(chain: ChainClient): Promise<void> {
    let soonMs = FIRST_LOOK_MS;
    while (!this.stopping.signal.aborted) {
      let pauseMs = this.intervalMs;
      try {
        const { again, problem } = await this.look(chain);
        this.say(problem);
        if (again) pauseMs = Math.min(this.intervalMs, soonMs);
        soonMs = again ? soonMs * 2 : FIRST_LOOK_MS;
      } catch (error) {
        if (!this.stopping.signal.aborted) this.logger.error(`a look failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
      await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private say(problem: Problem | null): void {
    if (problem !== null && problem.code !== this.lastCode) this.logger.warn(`${problem.code}: ${problem.detail}`);
    else if (problem === null && this.lastCode !== null) this.logger.log(`settling again after ${this.lastCode}`);
    this.lastCode = problem?.code ?? null;
  }
}

function problemOf(look: Look): Problem | null {
  if (look.witnesses.length < look.needed) return toProblem(new SettlementProblem('SETTLEMENT.TOO_FEW_NODES', 'of several URLs only one answers: nothing is believed until another does'));
  const roles = problemOfRoles(look);
  return roles === null ? null : toProblem(roles);
}
