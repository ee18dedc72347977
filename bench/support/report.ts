/** One figure of a benchmark. Better is greater: of a cost, the ratio is peer to ours. */
export interface Figure {
  readonly bench: string;
  readonly ours: number;
  readonly peer: number;
  readonly unit: string;
  readonly ratio: number;
  readonly target: number;
  readonly runs: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** A table for people; as the last line one JSON object. The process fails when the target is missed. */
export function report(rows: readonly Record<string, unknown>[], figure: Figure, more: Record<string, unknown> = {}, others: readonly boolean[] = []): void {
  console.table(rows);
  const pass = figure.ratio >= figure.target && others.every(Boolean);
  console.log(JSON.stringify({ ...figure, ours: round(figure.ours), peer: round(figure.peer), ratio: round(figure.ratio), pass, ...more }));
  if (!pass) process.exitCode = 1;
}

export function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}
