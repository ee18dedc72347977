/** A seeded source of randomness, so that a failing run can be repeated: `FAULT_SEED=… npx jest …`. */
export interface Seeded {
  readonly seed: number;
  /** In [0, 1). */
  next(): number;
  below(n: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

/** mulberry32. */
export function seeded(seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31))): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    seed, next, below,
    shuffled: (items) => {
      const result = [...items];
      for (let i = result.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [result[i], result[j]] = [result[j] as (typeof result)[number], result[i] as (typeof result)[number]];
      }
      return result;
    },
  };
}
