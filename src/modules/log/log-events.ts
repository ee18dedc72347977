import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { TreeSize } from '../../lib/merkle/index.js';

/** Says in this process that the published tree has grown. Other processes see it in the database. */
@Injectable()
export class LogEvents {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private size = -1;

  announce(published: TreeSize): void {
    if (published <= this.size) return;
    this.size = published;
    this.emitter.emit('published', published);
  }

  /** Resolves when the tree grows, or after `timeoutMs`, whichever comes first. */
  nextPublication(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.emitter.off('published', done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.emitter.once('published', done);
    });
  }
}
