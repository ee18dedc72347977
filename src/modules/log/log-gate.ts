import { Injectable, Logger } from '@nestjs/common';

/** Closed for good as soon as something contradicts the log: nothing more is signed until an operator has mended it. */
@Injectable()
export class LogGate {
  private readonly logger = new Logger('Log');
  private problem: string | null = null;

  /** @param problem what is wrong and what to do, for an operator. */
  close(problem: string): void {
    if (this.problem === null) this.logger.error(problem);
    this.problem ??= problem;
  }

  /** Why nothing is signed, or null. */
  get closedBecause(): string | null {
    return this.problem;
  }
}
