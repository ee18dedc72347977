/** One line on a terminal's standard error, rewritten at most ten times a second; nothing where there is no terminal. */
export class Progress {
  private shownAt = 0;
  private shown = false;

  constructor(private readonly what: string, private readonly stream: NodeJS.WriteStream = process.stderr) {}

  readonly update = (done: number, total: number | null = null): void => {
    const now = Date.now();
    if (!this.stream.isTTY || now - this.shownAt < 100) return;
    this.shownAt = now;
    this.shown = true;
    const share = total ? ` of ${total} (${Math.floor((100 * done) / total)} %)` : '';
    this.stream.write(`\r\x1b[K${this.what} ${done}${share}`);
  };

  /** Clears the line, so that what is said next stands alone. */
  readonly end = (): void => {
    if (this.shown) this.stream.write('\r\x1b[K');
    this.shown = false;
  };
}
