import fc from 'fast-check';
import { Coalescer } from '../../../../src/platform/coalesce/index.js';

const RUNS = process.env['DEEP'] === '1' ? 5_000 : 200;

/** What becomes of an item: it is done, its caller is refused, it makes any batch fail that it is part of, or everything fails as long as it is the first of its batch. */
type Nature = 'good' | 'refused' | 'poison' | 'outage';

interface Item { readonly id: number; readonly nature: Nature }

class ItemFault extends Error {}
class Outage extends Error {}

const natures = fc.constantFrom<Nature>('good', 'good', 'good', 'good', 'refused', 'poison', 'outage');
/** Bursts of items; between two bursts so many turns of the event loop pass. */
const bursts = fc.array(fc.record({ items: fc.array(natures, { maxLength: 12 }), turns: fc.nat({ max: 4 }) }), { minLength: 1, maxLength: 8 });

async function turn(): Promise<void> {
  await new Promise((done) => setImmediate(done));
}

test('each outcome reaches its own caller, in batches of bounded size and kept order, cut only for the fault of an item', async () => {
  await fc.assert(fc.asyncProperty(bursts, fc.integer({ min: 1, max: 8 }), fc.nat({ max: 2 }), async (plan, maxItems, slowness) => {
    const batches: Item[][] = [];
    const faults: boolean[] = [];
    let inFlight = 0;
    const coalescer = new Coalescer<Item, string>(async (items) => {
      expect(++inFlight).toBe(1);
      batches.push([...items]);
      for (let i = 0; i < slowness; i++) await turn();
      inFlight--;
      faults.push(false);
      if (items[0]?.nature === 'outage') throw new Outage();
      if (items.some(({ nature }) => nature === 'poison')) {
        faults[faults.length - 1] = true;
        throw new ItemFault();
      }
      return items.map(({ id, nature }) => `${nature} ${id}`);
    }, { maxItems, isItemFault: (error) => error instanceof ItemFault });

    const outcomes: Promise<[Item, PromiseSettledResult<string>]>[] = [];
    let id = 0;
    for (const { items, turns } of plan) {
      for (const nature of items) {
        const item = { id: id++, nature };
        outcomes.push(Promise.allSettled([coalescer.submit(item)]).then(([result]) => [item, result]));
      }
      for (let i = 0; i < turns; i++) await turn();
    }

    for (const [item, result] of await Promise.all(outcomes)) {
      if (result.status === 'fulfilled') {
        expect(['good', 'refused', 'outage']).toContain(item.nature);
        expect(result.value).toBe(`${item.nature} ${item.id}`);
        continue;
      }
      const last = batches.findLast((batch) => batch.includes(item)) ?? [];
      // An item fails with a batch of its own, or with everyone when nobody is at fault.
      if (result.reason instanceof ItemFault) expect([item.nature, last.length]).toEqual(['poison', 1]);
      else {
        expect(result.reason).toBeInstanceOf(Outage);
        expect(last[0]?.nature).toBe('outage');
      }
    }
    assertShapes(batches, faults, maxItems, id);
  }), { numRuns: RUNS });
}, 300_000);

/** Fresh batches take the items in the order in which they came; the halves of a batch follow it, and only after an item's fault. */
function assertShapes(batches: readonly Item[][], faults: readonly boolean[], maxItems: number, count: number): void {
  let fresh = 0;
  const halves: Item[][] = [];
  for (const [at, batch] of batches.entries()) {
    expect(batch.length).toBeGreaterThan(0);
    expect(batch.length).toBeLessThanOrEqual(maxItems);
    const expected = halves.shift();
    if (expected) expect(batch).toEqual(expected);
    else {
      expect(batch.map((item) => item.id)).toEqual(batch.map((_, i) => fresh + i));
      fresh += batch.length;
    }
    if (faults[at] === true && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      halves.unshift(batch.slice(0, middle), batch.slice(middle));
    }
  }
  expect(halves).toEqual([]);
  expect(fresh).toBe(count);
}

test('at one caller at a time nothing waits for company', async () => {
  const sizes: number[] = [];
  const coalescer = new Coalescer<number, number>(async (items) => {
    sizes.push(items.length);
    return items;
  }, { maxItems: 10, isItemFault: () => false });
  for (let i = 0; i < 5; i++) expect(await coalescer.submit(i)).toBe(i);
  expect(sizes).toEqual([1, 1, 1, 1, 1]);
});

test('a batch that answers too few fails, and the next one is served', async () => {
  let answers = 1;
  const coalescer = new Coalescer<number, number>(async (items) => items.slice(0, answers), { maxItems: 10, isItemFault: () => false });
  const results = await Promise.allSettled([coalescer.submit(1), coalescer.submit(2)]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  answers = 2;
  await expect(Promise.all([coalescer.submit(3), coalescer.submit(4)])).resolves.toEqual([3, 4]);
});

test('one bad item of 500 costs its batch a number of tries that is logarithmic', async () => {
  let tries = 0;
  const coalescer = new Coalescer<number, number>(async (items) => {
    tries++;
    if (items.includes(137)) throw new ItemFault();
    return items;
  }, { maxItems: 500, isItemFault: (error) => error instanceof ItemFault });
  const results = await Promise.allSettled(Array.from({ length: 500 }, (_, i) => coalescer.submit(i)));
  expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1);
  expect(results[137]?.status).toBe('rejected');
  expect(tries).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(500)));
});

test.each([1, 2, 3])('at most %i batches are in flight, and so many when there is enough to do', async (maxBatches) => {
  let [inFlight, most] = [0, 0];
  const coalescer = new Coalescer<number, number>(async (items) => {
    most = Math.max(most, ++inFlight);
    for (let i = 0; i < 3; i++) await turn();
    inFlight--;
    return items.map((item) => -item);
  }, { maxItems: 2, maxBatches, isItemFault: () => false });
  const outcomes: Promise<number>[] = [];
  for (let item = 1; item <= 40; item++) {
    outcomes.push(coalescer.submit(item));
    if (item % 4 === 0) await turn();
  }
  expect(await Promise.all(outcomes)).toEqual(outcomes.map((_, i) => -(i + 1)));
  expect([most, inFlight, coalescer.busy]).toEqual([maxBatches, 0, false]);
});
