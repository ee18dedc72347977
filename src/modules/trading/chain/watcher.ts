import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ChainClient } from '../../../platform/chain/index.js';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { findEvents } from './find-events.js';
import { MoveOrders } from './move-orders.js';
import { type CheckedInstances, type Look, openLook } from './open-look.js';
import { RecordEvent } from './record-event.js';
import { sendCalls } from './send-calls.js';
import { moveScan } from './settlement-instance.js';
import { SettlementKeys } from './settlement-keys.js';
import { type Seen, SettlementLease } from './settlement-lease.js';
import { type Problem, SettlementProblem, type SettlementProblemCode, toProblem } from './settlement-problem.js';
import { UndoEvents } from './undo-events.js';

const FIRST_LOOK_MS = 200;

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
  private readonly checked: CheckedInstances = new Set();
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
    this.lease = new SettlementLease(dataSource, `${hostname()}:${process.pid}:${randomUUID()}`, leaseSeconds);
  }

  onApplicationBootstrap(): void {
    if (this.chain !== null) this.running ??= this.run(this.chain);
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
    let seen: Seen | null = null;
    let again = false;
    let problem: Problem | null = null;
    try {
      const { settlement, settler, orderSigner } = this.keys.require;
      const look = await openLook(this.dataSource, chain, { contract: settlement.contract, orderSigner: orderSigner.address, settler: settler.address.toLowerCase() }, this.checked);
      seen = { block: look.lead.latest.number, time: look.time };
      // First of all, since deadlines go by it.
      await this.lease.report({ seen, problem: null });
      ({ again, problem } = await this.follow(look, settlement.confirmations));
      const inFlight = await sendCalls({ dataSource: this.dataSource, look, signer: settler, keep: () => this.lease.acquire() });
      again ||= inFlight > 0;
    } catch (error) {
      problem = toProblem(error);
      if (problem.code === 'SETTLEMENT.INTERNAL') throw error;
    }
    await this.lease.report({ seen, problem });
    return { watches: true, again, problem };
  }

  private async follow(look: Look, confirmations: number): Promise<Pick<LookResult, 'again' | 'problem'>> {
    const lost = await this.orders.loseOthers(look);
    const undone = await this.undo.execute(look);
    // What was undone moved the scan back; this look goes on from there.
    const from = undone === 0 ? look : await this.reopen(look);
    const { events, scannedTo, unbelieved } = await findEvents(this.dataSource, from, confirmations);
    for (const event of events) await this.record.execute(from.instance, event);
    if (scannedTo !== null) await moveScan(this.dataSource, from.instance, scannedTo, 'forward');
    const moved = await this.orders.settleDue(from);
    const expired = scannedTo === null ? 0 : await this.orders.expireDue(from, scannedTo);
    const givenUp = await this.orders.giveUpDue(from);
    return { again: lost + undone + events.length + moved + expired + givenUp > 0, problem: problemOf(look, unbelieved) };
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

function problemOf({ witnesses, needed }: Look, unbelieved: number): Problem | null {
  if (witnesses.length < needed) return toProblem(new SettlementProblem('SETTLEMENT.TOO_FEW_NODES', 'of several URLs only one answers: nothing is believed until another does'));
  return unbelieved === 0 ? null : toProblem(new SettlementProblem('SETTLEMENT.UNBELIEVED_EVENT', `${unbelieved} events are claimed by one node and not confirmed by another`));
}
