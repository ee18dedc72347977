import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertNothingLost, assertSound, CheckpointWatch } from './checks.js';
import { eventually, type FaultRig } from './fault-rig.js';
import { Round } from './load.js';
import type { ServiceProcess } from './service-process.js';

/** What follows from a round of acts, as far as the chain, follows within this. */
const QUIET_MS = 15_000;

/** Runs a service, has it killed at a named point of its own, starts it again and looks at what is left. */
export class KillHarness {
  readonly rounds: Round[] = [];
  readonly watch: CheckpointWatch;
  url = '';
  /** When it was killed last, by the clock of PostgreSQL. */
  diedAt = '';
  private running: ServiceProcess | null = null;

  private constructor(readonly rig: FaultRig, private readonly control: string) {
    this.watch = new CheckpointWatch(rig.vkey);
  }

  static async open(rig: FaultRig): Promise<KillHarness> {
    const control = join(rig.directory, 'control');
    rig.environment['FAULT_CONTROL'] = control;
    const harness = new KillHarness(rig, control);
    await harness.aimAt('');
    return harness;
  }

  get service(): ServiceProcess {
    if (this.running === null) throw new Error('no service was started');
    return this.running;
  }

  /** Starts it and waits until it listens. */
  async start(extra: Record<string, string> = {}): Promise<void> {
    this.running = await this.rig.spawn(extra);
    this.url = await this.running.url();
    this.watch.follow(this.url);
  }

  /** Starts it although it may die while it starts. */
  async tryToStart(): Promise<void> {
    this.running = await this.rig.spawn();
    await Promise.race([this.running.exited, this.running.listening.then(() => this.quiet())]);
  }

  /** A round of acts; whoever is cut off by the death of the service goes on after it. */
  async play(): Promise<void> {
    const round = new Round();
    this.rounds.push(round);
    await round.play(await this.rig.client(this.url));
  }

  /** Everything that follows from the acts is done, or the service is dead. */
  async quiet(): Promise<void> {
    await eventually('the newest tree is anchored', async () => {
      const rows: unknown[] = await this.rig.database.query(`
        SELECT 1 FROM log_head h JOIN anchor a ON a.tree_size = h.tree_size JOIN chain_instance i ON i.id = a.instance_id AND i.is_current
         WHERE a.status = 'final' AND NOT EXISTS (SELECT 1 FROM statement_pending)`);
      return rows.length > 0 || !this.service.isAlive;
    }, QUIET_MS).catch(() => undefined);
  }

  /**
   * Has the service killed, starts it again, and asserts that nothing is lost or doubled.
   * @param aim the point, with `#n` at the n-th time; tells the running process and those that follow.
   * @param provoke does what passes the point. What is passed by a stop only is passed then.
   */
  async killAt(aim: string, provoke: () => Promise<void>, seed: number): Promise<void> {
    await this.aimAt(aim);
    await provoke();
    if (this.service.isAlive) void this.service.stop();
    const { signal } = await this.service.exited;
    const died = await this.rig.read('control.died');
    if (signal !== 'SIGKILL' || died !== aim.replace(/#\d+$/, '')) throw new Error(`aimed at ${aim}, it ended by ${signal} at «${died}»: ${this.service.printed}`);
    const [row]: { at: string }[] = await this.rig.database.query('SELECT clock_timestamp()::text AS at');
    this.diedAt = String(row?.at);
    await this.aimAt('');
    await this.watch.end();
    try {
      // As it lies there: what the database says is published is in the files, whatever is still to be done.
      await assertSound(this.rig);
      await this.start();
      await this.assertRecovered();
    } catch (error) {
      throw new Error(`after a kill at ${aim} (FAULT_SEED=${seed}): ${error instanceof Error ? error.message : String(error)}\n${this.service.printed}`, { cause: error });
    }
  }

  /** The clients ask again for what they asked last; then all of it is there once. */
  async assertRecovered(): Promise<void> {
    for (const round of this.rounds.slice(-3)) await round.settle(await this.rig.client(this.url));
    await assertNothingLost(this.rig, this.rounds, this.watch, this.url);
  }

  /** Stops it as an operator does. */
  async stop(): Promise<void> {
    const { code, signal } = await this.service.stop();
    await this.watch.end();
    if (code !== 0) throw new Error(`it did not stop cleanly: ${code} ${signal} ${this.service.printed}`);
  }

  private async aimAt(point: string): Promise<void> {
    await rm(`${this.control}.died`, { force: true });
    await writeFile(this.control, point);
  }
}
