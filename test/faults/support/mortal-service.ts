import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, type FaultRig } from './fault-rig.js';
import type { ServiceProcess } from './service-process.js';

/** A service that dies where it is told to, and is started again by whoever finds it dead. */
export class MortalService {
  /** When the service died, by the clock of PostgreSQL, and where; null: not since it was aimed at. */
  died: { readonly at: string; readonly point: string } | null = null;
  private running: ServiceProcess | null = null;

  constructor(readonly rig: FaultRig) {
    rig.environment['FAULT_CONTROL'] = join(rig.directory, 'control');
  }

  get printed(): string {
    return this.running?.printed ?? '';
  }

  query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.rig.database.query<T[]>(sql, parameters);
  }

  /** At a point, with `#n` at the n-th time from now on; empty: at none. */
  async aimAt(point: string): Promise<void> {
    this.died = null;
    await rm(join(this.rig.directory, 'control.died'), { force: true });
    await writeFile(join(this.rig.directory, 'control'), point);
  }

  /** Does it, again after each death of the service: a client asks for the same again. */
  async surviving<T>(act: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await act();
      } catch (error) {
        await new Promise((done) => setTimeout(done, 200));
        if (this.running?.isAlive === true || attempt > 5) throw error;
        await this.revive();
      }
    }
  }

  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    await this.surviving(() => this.alive(what, holds));
  }

  /** Stops it as an operator does, and starts it again after a change of its surroundings; it may die of either. */
  async restart(change: () => Promise<void>): Promise<void> {
    await this.running?.stop();
    await this.noteDeath();
    await change();
    this.running = await this.rig.spawn();
    if ((await this.running.listening) === null) await this.revive();
  }

  /** The moves of orders that were cut off when it died last: the first transaction after that which moved one. */
  async movesCut(): Promise<string[]> {
    const rows = await this.query<{ move: string }>(
      `SELECT from_state || '→' || to_state AS move FROM order_event WHERE at = (SELECT min(at) FROM order_event WHERE at > $1::timestamptz)`, [this.died?.at]);
    return rows.map(({ move }) => move);
  }

  /** @throws Error when the service dies before it holds. */
  protected async alive(what: string, holds: () => Promise<boolean>): Promise<void> {
    let isHeld = false;
    await eventually(what, async () => {
      isHeld = await holds();
      return isHeld || this.running?.isAlive !== true;
    }, 60_000);
    if (!isHeld) throw new Error(`it died before ${what}`);
  }

  /** After a death. */
  private async revive(): Promise<void> {
    await this.noteDeath();
    await this.start();
  }

  private async noteDeath(): Promise<void> {
    const point = await this.rig.read('control.died');
    if (point === '') return;
    const [row] = await this.query<{ at: string }>('SELECT clock_timestamp()::text AS at');
    await this.aimAt('');
    this.died = { at: String(row?.at), point };
    // Three seconds, which are waited for when it dies of the lease itself.
    if (!point.startsWith('settlement.lease')) await this.query(`UPDATE settlement_lease SET expires_at = '-infinity'`);
  }

  protected async start(): Promise<void> {
    this.running = await this.rig.spawn();
    await this.running.url();
  }
}
