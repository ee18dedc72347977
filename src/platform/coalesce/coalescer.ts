interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface CoalescerOptions {
  /** Items a batch at the most. */
  readonly maxItems: number;
  /** Batches in flight at the most; one when left out. */
  readonly maxBatches?: number;
  /**
   * Whether an error of a batch may be the fault of one of its items. Only then is the batch cut in halves and tried again, so that one bad
   * item fails alone; losing the database, say, fails everyone at once.
   */
  readonly isItemFault: (error: unknown) => boolean;
}

/**
 * Turns acts that arrive together into one batch: one batch (or a few) is in flight, the next gathers meanwhile. At one caller there is no wait;
 * at many, the cost of a transaction is shared. Outcomes are handed out after `run` has resolved: after the commit.
 */
export class Coalescer<Item, Outcome> {
  private waiting: Waiting<Item, Outcome>[] = [];
  private inFlight = 0;

  /** @param run does a batch and answers outcome by outcome, in the order of its items. */
  constructor(private readonly run: (items: readonly Item[]) => Promise<readonly Outcome[]>, private readonly options: CoalescerOptions) {}

  /** A batch is in flight: what is submitted now waits for it. */
  get busy(): boolean {
    return this.inFlight > 0;
  }

  submit(item: Item): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.inFlight < (this.options.maxBatches ?? 1)) {
        this.inFlight++;
        // Whatever else this turn of the event loop reads from its sockets still joins the batch.
        setImmediate(() => void this.drain());
      }
    });
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.options.maxItems);
      await this.settle(batch);
    }
    this.inFlight--;
  }

  private async settle(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    let outcomes: readonly Outcome[];
    try {
      outcomes = await this.run(batch.map((waiting) => waiting.item));
      if (outcomes.length !== batch.length) throw new Error(`a batch of ${batch.length} had ${outcomes.length} outcomes`);
    } catch (error) {
      if (batch.length === 1 || !this.options.isItemFault(error)) {
        for (const waiting of batch) waiting.reject(error);
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await this.settle(batch.slice(0, middle));
      await this.settle(batch.slice(middle));
      return;
    }
    batch.forEach((waiting, index) => waiting.resolve(outcomes[index] as Outcome));
  }
}
