import * as fc from 'fast-check';

const DEEP = process.env['DEEP'] === '1';
const seed = Number(process.env['RIGHTS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** What the properties of one file generated; the line at the end of its run tells with which seed to see the same again. */
export interface Runs {
  /** Checks a property; the cases that were generated are counted, not those that were meant to be. */
  readonly check: <T>(property: fc.IProperty<T>, cases?: { readonly sample: number; readonly deep: number }) => void;
  readonly total: () => number;
}

/** Registers the report: call it once, before the tests. @param leastDeep cases that a deep run must have generated. */
export function countRuns(what: string, leastDeep: number): Runs {
  let [cases, properties] = [0, 0];
  afterAll(() => {
    console.log(`RIGHTS_SEED=${seed}, ${cases} cases of ${properties} properties (${what})`);
    // Not when single tests were asked for by name.
    if (DEEP && !process.argv.some((word) => word === '-t' || word.startsWith('--testNamePattern'))) expect(cases).toBeGreaterThanOrEqual(leastDeep);
  });
  return {
    check: (property, { sample, deep } = { sample: 300, deep: 25_000 }) => {
      const result = fc.check(property, { numRuns: DEEP ? deep : sample, seed });
      cases += result.numRuns;
      properties++;
      if (result.failed) throw new Error(`RIGHTS_SEED=${seed}: ${fc.defaultReportMessage(result)}`, { cause: result.errorInstance });
    },
    total: () => cases,
  };
}
