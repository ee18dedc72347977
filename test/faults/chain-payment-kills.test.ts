import { ChainStage } from './support/chain-stage.js';
import { ON_CHAIN } from './support/on-chain.js';
import { aimsOf, STORIES } from './support/order-stories.js';
import { seeded } from './support/seeded.js';
import { pointsInSources } from './support/write-trace.js';

const deep = process.env['DEEP'] === '1';
/** Without DEEP=1 so many are drawn. */
const SAMPLE = 3;
/** Kills at those alone, all of them, as in the kill matrix. */
const only = process.env['FAULT_POINTS'];
/** Moves of orders that no order on chain makes: test/faults/kill-matrix.test.ts. */
const FROM_A_BALANCE = ['new→funded', 'new→settled'];

let stage: ChainStage;
const random = seeded();

beforeAll(async () => {
  stage = await ChainStage.open();
}, 300_000);
afterAll(() => stage?.close());

test('a kill between any two writes loses no payment and makes none, and orders move on from wherever they were', async () => {
  const points = new Set(await pointsInSources());
  const all = aimsOf(points);
  // None is left to somebody who does not have it.
  expect([...points].filter((point) => ON_CHAIN.test(point) && !all.some(({ aim }) => aim.replace(/#\d+$/, '') === point))).toEqual([]);
  const chosen = only !== undefined ? all.filter(({ aim }) => new RegExp(only).test(aim)) : deep ? all : random.shuffled(all).slice(0, SAMPLE);
  const [moves, isMove] = [new Set<string>(), ({ aim }: { aim: string }): boolean => aim.startsWith('order.')];
  for (const one of chosen) {
    const { story, aim } = one;
    try {
      await stage.aimAt(aim);
      await STORIES[story]?.play(stage);
      await stage.assertWell();
      expect(stage.died?.point).toBe(aim.replace(/#\d+$/, ''));
      // Dead in the transaction that moves an order, which has to be made again.
      if (isMove(one)) for (const move of await stage.movesCut()) moves.add(move);
    } catch (error) {
      throw new Error(`«${story}», killed at ${aim} (FAULT_SEED=${random.seed}): ${error instanceof Error ? error.message : String(error)}\n${stage.printed}`, { cause: error });
    }
  }
  console.log(`killed at ${chosen.length}${deep ? '' : ` (drawn from ${all.length} points of ${Object.keys(STORIES).length} stories)`}; FAULT_SEED=${random.seed}`);
  if (all.filter(isMove).every((one) => chosen.includes(one))) {
    const rows = await stage.query<{ move: string }>(`SELECT from_state || '→' || to_state AS move FROM order_transition`);
    expect(rows.map(({ move }) => move).filter((move) => !moves.has(move)).toSorted()).toEqual(FROM_A_BALANCE);
  }
}, deep || only !== undefined ? 3_600_000 : 600_000);
