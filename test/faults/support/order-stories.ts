import { type ChainStage, type Kind, key, made, orderIdOf, type Placed, PRICE } from './chain-stage.js';

/** What becomes of an order, or of the process that follows the contract, to its end, whoever dies meanwhile. */
export interface Story {
  /** Writes that it passes, with `#n` at the n-th time, and that none before it passes in the same way: it is played once for a death before each, and once for a death after it. */
  readonly cuts: readonly string[];
  readonly play: (stage: ChainStage) => Promise<void>;
}

const DAY = 86_400;
/** The contract's deadline for a licence, with the hour that its buyer has to pay. */
const PAST_DEADLINE = 2 * DAY;
const PAST_EXPIRY = 3_700;

/** Orders that are paid on chain: what `order_transition` has but for what a balance pays. */
const ON_CHAIN: Readonly<Record<string, Story>> = {
  'sold, released and fetched': {
    cuts: [
      'settlement.lease', 'settlement.see', 'settlement.report', 'settlement.scan', 'payout-address.take', 'listing.take', 'order.insert', 'chain-payment.insert', 'trading.answer', 'chain-event.insert', 'chain-payment.event', 'order.fund',
      'accounting.post', 'order.settle-licence', 'order.settled', 'accounting.post#2', 'trading.settled', 'settlement.store-transaction', 'settlement.broadcast', 'settlement.note-broadcast', 'chain-event.insert#2', 'chain-payment.event#2',
      'chain-event.insert#3', 'accounting.post#3',
    ],
    play: async (stage) => {
      await sell(stage);
      const { blockNumber } = await stage.send(0, 'withdraw', [`0x${'0'.repeat(40)}`]);
      await stage.until('what was fetched is known', async () => (await stage.query(`SELECT 1 FROM chain_event WHERE kind = 'withdrawn' AND transfer_id IS NOT NULL AND block_number = $1`, [blockNumber])).length === 1);
    },
  },
  'paid, and somebody else has it': {
    cuts: ['order.refund', 'listing.give-back', 'accounting.post#2', 'settlement.store-transaction', 'settlement.broadcast', 'settlement.note-broadcast', 'chain-event.insert#2', 'chain-payment.event#2'],
    play: async (stage) => {
      const placed = await stage.place('exclusive-licence');
      await stage.takeAway(placed.work);
      await stage.pay(placed);
      expect(await stage.untilEnded(placed, 'refunded')).toMatchObject({ state: 'refunded', reason: expect.stringContaining('23P01') });
      expect(await stage.licences(placed)).toBe(0);
    },
  },
  'a slice, confirmed': {
    cuts: ['order.settle-slice', 'trading.settled'],
    play: async (stage) => {
      const [{ placed }, once] = [await fundSlice(stage), key()];
      await stage.surviving(async () => made(await stage.buyer.post(`/orders/${placed.number}/confirmation`, {}, once)));
      expect(await stage.untilEnded(placed, 'released')).toMatchObject({ state: 'settled' });
    },
  },
  'a slice, disputed, decided for its seller': {
    cuts: ['order.dispute', 'order.settle-slice'],
    play: async (stage) => {
      const { placed } = await fundSlice(stage);
      await dispute(stage, placed);
      await decide(stage, placed, 'settle');
      expect(await stage.untilEnded(placed, 'released')).toMatchObject({ state: 'settled' });
    },
  },
  'a slice, disputed, undone by a reorganisation, paid again, decided for its buyer': {
    cuts: [
      'chain-event.undo', 'chain-payment.event#2', 'accounting.post#2', 'order.unfund', 'chain-event.insert#2', 'order.fund#2', 'order.dispute#2', 'order.refund', 'chain-payment.event#4',
    ],
    play: async (stage) => {
      const { placed, paid } = await fundSlice(stage);
      await dispute(stage, placed);
      await stage.undo(paid);
      await stage.untilState(placed, 'created');
      await stage.pay(placed);
      await stage.untilState(placed, 'disputed');
      await decide(stage, placed, 'refund');
      expect(await stage.untilEnded(placed, 'refunded')).toMatchObject({ state: 'refunded' });
    },
  },
  'a slice, undone by a reorganisation, paid again, its time over': {
    cuts: ['order.unfund', 'order.settle-slice'],
    play: async (stage) => {
      const { placed, paid } = await fundSlice(stage);
      await stage.undo(paid);
      await stage.untilState(placed, 'created');
      await stage.pay(placed);
      await stage.untilState(placed, 'funded');
      await endProtection(stage, placed);
      expect(await stage.untilEnded(placed, 'released')).toMatchObject({ state: 'settled' });
    },
  },
  'not paid in time': {
    cuts: ['order.expire', 'listing.give-back'],
    play: async (stage) => {
      const placed = await stage.place('exclusive-licence');
      await stage.pass(PAST_EXPIRY);
      await stage.untilState(placed, 'expired');
      await assertOpen(stage, placed);
    },
  },
  'not wanted any more': {
    cuts: ['order.cancel', 'listing.give-back'],
    play: async (stage) => {
      const placed = await stage.place('exclusive-licence');
      await stage.surviving(async () => made(await stage.buyer.post(`/orders/${placed.number}/cancellation`, {})));
      expect(await stage.standing(placed)).toMatchObject({ state: 'cancelled' });
      await assertOpen(stage, placed);
    },
  },
  'settled, and taken back by its buyer before it was released': {
    cuts: ['chain-event.insert#2', 'chain-payment.event#2', 'accounting.post#3', 'order.rescind', 'listing.give-back', 'settlement.store-transaction#2'],
    play: async (stage) => {
      stage.proxy.fault = async ({ method }) => (method === 'eth_sendRawTransaction' ? 'hang-up' : undefined);
      try {
        const placed = await stage.place('exclusive-licence');
        await stage.pay(placed);
        await stage.untilState(placed, 'settled');
        await stage.until('its release is signed', async () => (await stage.query('SELECT 1 FROM settlement_transaction WHERE order_id = $1', [orderIdOf(placed.number)])).length > 0);
        await stage.pass(PAST_DEADLINE);
        await stage.send(1, 'refund', [placed.payment.order.orderId]);
        expect(await stage.untilEnded(placed, 'refunded')).toMatchObject({ state: 'refunded', reason: 'PAYMENT_TAKEN_BACK' });
        expect(await stage.licences(placed)).toBe(0);
        await stage.until('another call takes the place of the release', async () => (await stage.query('SELECT 1 FROM settlement_transaction WHERE order_id = $1 AND replaces IS NOT NULL', [orderIdOf(placed.number)])).length > 0);
      } finally {
        stage.proxy.fault = null;
      }
      await stage.untilSent();
    },
  },
  'released, and undone for good by a reorganisation': {
    cuts: ['chain-event.undo', 'chain-event.undo#2', 'chain-payment.event#4', 'accounting.post#3', 'order.rescind', 'chain-payment.lapse'],
    play: async (stage) => {
      const { placed, paid } = await sell(stage);
      await stage.undo(paid);
      await stage.until('the payment is gone', async () => !(await stage.standing(placed)).funded);
      await stage.pass(PAST_DEADLINE);
      await stage.untilState(placed, 'refunded');
      expect(await stage.standing(placed)).toMatchObject({ reason: 'PAYMENT_UNDONE', ended: null });
      expect(await stage.licences(placed)).toBe(0);
      await stage.untilSent();
    },
  },
};

/** What the clock does to what a balance pays; what people do to it is cut in the kill matrix. */
const BY_THE_CLOCK: Readonly<Record<string, Story>> = {
  'a slice from a balance, its time over': {
    cuts: ['accounting.end-hold', 'order.settle-slice', 'trading.settled'],
    play: async (stage) => {
      const { listing } = await stage.list({ kind: 'assignment', price: { amountMinor: PRICE.toString(), currency: 'CNY' } });
      const placed = { number: String((await stage.order(listing, 'CNY'))['number']) };
      await endProtection(stage, placed);
      await stage.runJob('trading.settle-due', async () => (await stage.standing(placed)).state === 'settled');
    },
  },
  'an offer that lapses, and its negotiation': {
    cuts: ['negotiation.end-offer', 'accounting.end-hold', 'negotiation.end'],
    play: async (stage) => {
      const [price, once] = [{ amountMinor: PRICE.toString(), currency: 'CNY' }, key()];
      const { listing } = await stage.list({ kind: 'licence', price, pricing: 'negotiable' });
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      await stage.surviving(async () => made(await stage.buyer.post(`/listings/${listing}/negotiations`, { offer: price, expiresAt }, once)));
      const [row] = await stage.query<{ id: string }>(`SELECT negotiation_id::text AS id FROM negotiation WHERE state = 'open'`);
      const age = (interval: string): Promise<void> => stage.pretend(`UPDATE negotiation SET opened_at = opened_at - interval '${interval}', lapses_at = lapses_at - interval '${interval}' WHERE negotiation_id = ${String(row?.id)};
        UPDATE negotiation_offer SET made_at = made_at - interval '${interval}', expires_at = expires_at - interval '${interval}' WHERE negotiation_id = ${String(row?.id)}`);
      const is = (state: string) => async (): Promise<boolean> => (await stage.query(
        `SELECT 1 FROM negotiation n JOIN negotiation_offer o USING (negotiation_id) JOIN hold h USING (hold_id) WHERE n.negotiation_id = $1 AND n.state = $2 AND o.state = 'lapsed' AND h.state = 'voided'`, [row?.id, state])).length === 1;
      await age('2 hours');
      await stage.runJob('trading.end-negotiations', is('open'));
      await age('31 days');
      await stage.runJob('trading.end-negotiations', is('lapsed'));
    },
  },
};

/** What a process writes when it starts and stops. */
const OF_A_PROCESS: Readonly<Record<string, Story>> = {
  'it stops': {
    cuts: ['settlement.release-lease'],
    play: async (stage) => {
      await stage.restart(async () => undefined);
      await sell(stage);
    },
  },
  'payment on chain is switched off, and on again': {
    cuts: ['settlement.switch-off'],
    play: async (stage) => {
      const { SETTLEMENT_CONTRACT: contract = '' } = stage.rig.environment;
      await stage.restart(async () => {
        delete stage.rig.environment['SETTLEMENT_CONTRACT'];
      });
      await stage.until('nothing counts as seen', async () => (await stage.query(`SELECT 1 FROM settlement_lease WHERE good_until = '-infinity'`)).length === 1);
      await stage.restart(async () => void Object.assign(stage.rig.environment, { SETTLEMENT_CONTRACT: contract }));
      await stage.until('the contract is seen', async () => (await stage.query('SELECT 1 FROM settlement_lease WHERE good_until > clock_timestamp()')).length === 1);
      await sell(stage);
    },
  },
  'orders are signed by another key for a while': {
    cuts: ['settlement.note-roles'],
    play: async (stage) => {
      for (const [whom, ours] of [['other', false], ['us', true]] as const) {
        await stage.restart(() => stage.giveSignerTo(whom));
        await stage.until('whose the role is is known', async () => (await stage.query('SELECT 1 FROM settlement_instance WHERE is_current AND our_signer = $1', [ours])).length === 1);
      }
      await sell(stage);
    },
  },
  'orders are signed for another contract, and the earlier one is settled': {
    cuts: ['settlement.enter-instance'],
    play: async (stage) => {
      const [{ placed }, once] = [await fundSlice(stage), key()];
      const [before] = await stage.query<{ n: number }>('SELECT count(*)::integer AS n FROM settlement_instance');
      await stage.restart(() => stage.deploy());
      await stage.until('the contract is entered', async () => (await stage.query('SELECT 1 FROM settlement_instance')).length === Number(before?.n) + 1);
      await stage.until('it is followed', async () => (await stage.query('SELECT 1 FROM settlement_lease WHERE good_until > clock_timestamp()')).length === 1);
      await stage.surviving(async () => made(await stage.buyer.post(`/orders/${placed.number}/confirmation`, {}, once)));
      await stage.untilEnded(placed, 'released');
      await sell(stage);
    },
  },
};

export const STORIES: Readonly<Record<string, Story>> = { ...ON_CHAIN, ...BY_THE_CLOCK, ...OF_A_PROCESS };

/** Each of the aims, by the story that is played for it. @param points as the sources name them: most writes have a point before and one after. */
export function aimsOf(points: ReadonlySet<string>): { readonly story: string; readonly aim: string }[] {
  return Object.entries(STORIES).flatMap(([story, { cuts }]) => cuts.flatMap((cut) => {
    const [name = '', times] = cut.split('#');
    const sides = points.has(name) ? [name] : [`${name}:before`, `${name}:after`];
    return sides.map((side) => ({ story, aim: times === undefined ? side : `${side}#${times}` }));
  }));
}

async function sell(stage: ChainStage): Promise<{ placed: Placed; paid: Awaited<ReturnType<ChainStage['pay']>> }> {
  const { placed, paid } = await pay(stage, 'licence');
  expect(await stage.untilEnded(placed, 'released')).toMatchObject({ state: 'settled' });
  expect(await stage.licences(placed)).toBe(1);
  return { placed, paid };
}

async function fundSlice(stage: ChainStage): ReturnType<typeof pay> {
  const funded = await pay(stage, 'assignment');
  await stage.untilState(funded.placed, 'funded');
  return funded;
}

async function pay(stage: ChainStage, kind: Kind): Promise<{ placed: Placed; paid: Awaited<ReturnType<ChainStage['pay']>> }> {
  const placed = await stage.place(kind);
  return { placed, paid: await stage.pay(placed) };
}

async function dispute(stage: ChainStage, { number }: Placed): Promise<void> {
  const once = key();
  await stage.surviving(async () => made(await stage.buyer.post(`/orders/${number}/dispute`, { reason: 'the chain of title has a gap' }, once)));
}

async function decide(stage: ChainStage, { number }: Placed, outcome: 'settle' | 'refund'): Promise<void> {
  const once = key();
  await stage.surviving(async () => made(await stage.operator.post(`/orders/${number}/resolution`, { outcome, reason: 'heard both' }, once)));
}

async function endProtection(stage: ChainStage, { number }: Pick<Placed, 'number'>): Promise<void> {
  await stage.pretend(`UPDATE trade_order SET protected_until = now() - interval '1 second' WHERE order_id = ${orderIdOf(number)}`);
}

async function assertOpen(stage: ChainStage, { listing }: Placed): Promise<void> {
  expect(await stage.surviving(async () => made(await stage.seller.get(`/listings/${listing}`)))).toMatchObject({ state: 'open', remaining: 1 });
}
