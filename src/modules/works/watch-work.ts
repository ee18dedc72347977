import { Injectable } from '@nestjs/common';
import { DomainError } from '../../lib/errors/index.js';
import { HealthRegistry } from '../../platform/http/index.js';
import { LogEvents } from '../log/index.js';
import { ReadWork } from './read-work.js';
import type { Progress, WorkStatus } from './work-status.js';

/** How often the anchor is looked at while nothing is published. */
const POLL_MS = 1_000;
/** A watcher that sees nothing happen for so long asks anew. */
const GIVE_UP_MS = 30 * 60_000;

/** Streams of one address in this process: each asks the database at every publication. */
const MOST_STREAMS = 20;
const RETRY_SECONDS = 10;

const ORDER: readonly WorkStatus[] = ['accepted', 'logged', 'anchored', 'final'];

/** Follows the progress of a deposit. */
@Injectable()
export class WatchWork {
  /** Open streams by address. */
  private readonly streams = new Map<string, number>();

  constructor(private readonly readWork: ReadWork, private readonly events: LogEvents, private readonly health: HealthRegistry) {}

  /** Counts a stream of this address until `gone` aborts. @throws DomainError HTTP.TOO_MANY_REQUESTS when it has too many. */
  admit(address: string, gone: AbortSignal): void {
    if (gone.aborted) return;
    const open = this.streams.get(address) ?? 0;
    if (open >= MOST_STREAMS) {
      throw new DomainError('HTTP.TOO_MANY_REQUESTS', `Your address has ${MOST_STREAMS} event streams open; close one, or ask for the work itself from time to time`, { retryAfterSeconds: RETRY_SECONDS });
    }
    this.streams.set(address, open + 1);
    gone.addEventListener('abort', () => {
      const left = (this.streams.get(address) ?? 1) - 1;
      if (left > 0) this.streams.set(address, left);
      else this.streams.delete(address);
    });
  }

  /** Yields the progress at once and on every change; ends when it is final, the signal aborts, or the service stops. */
  async *execute(typed: string, accountId: string | null, signal: AbortSignal): AsyncGenerator<Progress> {
    let last: WorkStatus | null = null;
    const end = Date.now() + GIVE_UP_MS;
    while (!signal.aborted && !this.health.stopSignal.aborted && Date.now() < end) {
      const progress = await this.readWork.status(typed, accountId);
      if (progress.status !== last) {
        yield progress;
        last = progress.status;
      }
      if (last === 'final') return;
      await this.events.nextPublication(POLL_MS);
    }
  }

  /** Waits at most `seconds` for a deposit to reach `status` (`Prefer: wait`). */
  async until(typed: string, accountId: string, status: WorkStatus, seconds: number): Promise<Progress | null> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const progress = await this.readWork.status(typed, accountId);
      if (ORDER.indexOf(progress.status) >= ORDER.indexOf(status)) return progress;
      const left = end - Date.now();
      if (left <= 0 || this.health.stopSignal.aborted) return null;
      await this.events.nextPublication(Math.min(left, POLL_MS));
    }
  }
}
