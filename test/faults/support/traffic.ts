import type { Depositor } from './fault-rig.js';
import { Round } from './load.js';

/** Depositors who go on and on, whatever happens to the service. */
export class Traffic {
  readonly rounds: Round[] = [];
  private running: Promise<void>[] = [];
  private stopped = false;
  private startedAt = 0;
  private failure: unknown = null;

  /** @param client whom a depositor asks, each time anew. */
  start(depositors: number, client: (depositor: number) => Promise<Depositor>): void {
    this.stopped = false;
    this.startedAt = this.rounds.length;
    this.running = Array.from({ length: depositors }, (_, depositor) => this.deposit(() => client(depositor)));
  }

  private async deposit(client: () => Promise<Depositor>): Promise<void> {
    while (!this.stopped) {
      const round = new Round(4, 1);
      this.rounds.push(round);
      try {
        await round.play(await client());
      } catch (error) {
        this.failure ??= error;
        return;
      }
      // Who gets nothing waits a little.
      if (round.acknowledged === 0) await new Promise((done) => setTimeout(done, 150));
    }
  }

  get acknowledged(): number {
    return this.rounds.reduce((sum, round) => sum + round.acknowledged, 0);
  }

  /** Acts of the last run whose connection was cut. */
  get cut(): string[] {
    return this.rounds.slice(this.startedAt).flatMap((round) => round.cut);
  }

  /** @throws what a depositor was refused with. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.running);
    if (this.failure !== null) throw this.failure;
  }

  /** Every depositor asks again for everything. */
  async settle(client: Depositor): Promise<void> {
    for (const round of this.rounds) await round.settle(client);
  }
}
