import type { Drawing } from './draw-pictures.js';

// What stands in the market of a new development instance. Everything says that it is a demo.

const MARK = { zh: '【演示】', en: '(demo)' };
const PERSON = { name: '演示 Demo' };

const TITLES: Readonly<Record<Drawing, readonly [zh: string, en: string]>> = { mist: ['晨雾', 'Morning Mist'], tide: ['潮汐', 'Tide'], rings: ['年轮', 'Rings'], lattice: ['花窗', 'Lattice'] };

export const DEMO_WORKS: readonly { readonly drawing: Drawing; readonly form: Readonly<Record<string, unknown>> }[] = (Object.keys(TITLES) as Drawing[]).map((drawing) => ({
  drawing,
  form: {
    title: `${MARK.zh}${TITLES[drawing].join(' ')} ${MARK.en}`, category: 'fine-art', creation: { nature: 'original', completedOn: '2024-05-01' }, publication: { state: 'unpublished' },
    authors: [{ ...PERSON, signedAs: 'real-name' }], owners: [{ ...PERSON, kind: 'person', shareBps: 10_000 }],
    // Computed by a program, not by a model.
    aiGenerated: 'none', workStatement: { process: '由本项目的程序绘制，供试用 / drawn by a program of this project, to try things with' },
  },
}));

const TERM = { from: '2025-01-01', to: '2039-12-31' };
const ONLINE = { rights: ['network-dissemination'], territories: ['WORLD'], uses: ['website', 'social-media'], languages: ['*'], term: TERM };
const cny = (yuan: number) => ({ amountMinor: String(yuan * 100), currency: 'CNY' });

/** One of each kind: a licence without a limit and one that is counted, an exclusive licence at a price and one to negotiate, a slice. */
export const DEMO_LISTINGS: readonly { readonly name: string; readonly drawing: Drawing; readonly listing: Readonly<Record<string, unknown>> }[] = [
  { name: 'licence', drawing: 'mist', listing: { kind: 'licence', scope: ONLINE, price: cny(68), terms: { conditions: ['attribution'] } } },
  { name: 'counted-licence', drawing: 'tide', listing: { kind: 'licence', quantity: 50, scope: { ...ONLINE, rights: ['reproduction', 'distribution'], territories: ['CN'], uses: ['merchandise'] }, price: cny(199) } },
  { name: 'exclusive-licence', drawing: 'rings', listing: { kind: 'exclusive-licence', scope: { ...ONLINE, rights: ['reproduction', 'distribution'], uses: ['print', 'e-book'] }, price: cny(3_800) } },
  { name: 'negotiable-licence', drawing: 'tide', listing: { kind: 'exclusive-licence', pricing: 'negotiable', scope: { ...ONLINE, rights: ['exhibition'], territories: ['HK', 'MO'], uses: ['exhibition'] }, price: cny(12_000) } },
  { name: 'slice', drawing: 'lattice', listing: { kind: 'assignment', scope: { ...ONLINE, rights: ['adaptation'], uses: ['games'], term: { from: '2025-01-01', to: null } }, price: cny(5_600) } },
];

/** Of the buyer, in fen: below the amount from which two operators confirm. */
export const DEMO_TOP_UP = cny(20_000);
