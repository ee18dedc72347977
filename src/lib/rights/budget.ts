/** How much may still be done for an answer, in steps of some twenty nanoseconds: what strangers ask for must end, whatever others granted. */
export class Budget {
  private spent = 0;

  constructor(private readonly steps: number) {}

  /** @returns whether there was as much left. Once there was not, nothing is. */
  spend(steps: number): boolean {
    this.spent += steps;
    return this.spent <= this.steps;
  }

  get isSpent(): boolean {
    return this.spent > this.steps;
  }

  /** A part of what is left. */
  share(parts: number): Budget {
    return new Budget(Math.max(0, Math.floor((this.steps - this.spent) / parts)));
  }

  /** Counts what a part of it spent, no more than the part had. */
  take(part: Budget): void {
    this.spent += Math.min(part.spent, part.steps);
  }
}
