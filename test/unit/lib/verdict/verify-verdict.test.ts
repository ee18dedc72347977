import { parseVerdict, VERDICT_CHECKS, type VerdictCheckName, type VerdictReport, verifyVerdict, type VerifyVerdictOptions } from '../../../../src/lib/verdict/index.js';
import { CONTRACT, FakeChain, hex, type Json, type JsonObject, LOG, logKey, MemoryLog, ORIGIN, OTHER_WORK, WORK } from '../proof/build-bundle.js';
import { buildVerdict, changed, inclusionOf, ISSUED, LICENCE, NEXT_LICENCE, receiptOf, sign } from './build-verdict.js';

const scene = buildVerdict();
const { log, verdict, pending } = scene;
const TOLD: VerifyVerdictOptions = { logKeys: [LOG.vkey] };
const OTHER_ORIGIN = 'other.example/log';
const OTHER_LOG = logKey(OTHER_ORIGIN, 5);

const verify = (value: JsonObject, options = TOLD): Promise<VerdictReport> => verifyVerdict(parseVerdict(JSON.stringify(value)), options);
const results = (report: VerdictReport): Record<string, string> => Object.fromEntries(report.checks.map(({ check, result }) => [check, result]));
const failed = (report: VerdictReport): VerdictCheckName[] => report.checks.filter(({ result }) => result === 'fail').map(({ check }) => check);
const put = (pointer: string, value: Json, from = verdict): JsonObject => changed(from, pointer, () => value);

describe('a whole verdict', () => {
  test('is verified when told the log’s key', async () => {
    const report = await verify(verdict);
    expect(report.checks.map(({ check }) => check)).toEqual([...VERDICT_CHECKS]);
    expect((verdict['reasons'] as JsonObject[]).map(({ subject }) => subject)).toEqual([WORK, LICENCE, NEXT_LICENCE]);
    expect(results(report)).toEqual({
      'verdict-signature': 'pass', statements: 'pass', inclusion: 'pass', receipts: 'pass', 'checkpoint-signature': 'pass', 'anchor-on-chain': 'skipped',
    });
    expect([report.verdict, report.answer, report.subject]).toEqual(['verified', 'permitted', WORK]);
    expect(report.asOf).toEqual({ origin: ORIGIN, treeSize: 9, rootHash: hex(log.root()) });
    expect(report.times).toEqual({ existedBefore: null, developmentChain: false, claimedIssuedAt: ISSUED });
  });

  test('is unconfirmed untold, whatever it says of itself', async () => {
    const report = await verify(verdict, {});
    expect([report.verdict, report.answer, failed(report)]).toEqual(['unconfirmed', 'permitted', []]);
    expect(results(report)).toMatchObject({ 'verdict-signature': 'skipped', 'checkpoint-signature': 'skipped', receipts: 'skipped', inclusion: 'pass', statements: 'pass' });
  });

  test('white space and the order of members do not matter', async () => {
    const reversed = (value: Json): Json => {
      if (value === null || typeof value !== 'object') return value;
      if (Array.isArray(value)) return value.map(reversed);
      return Object.fromEntries(Object.entries(value).toReversed().map(([key, member]) => [key, reversed(member)]));
    };
    const text = JSON.stringify(reversed(verdict), null, '\t');
    expect((await verifyVerdict(parseVerdict(text), TOLD)).verdict).toBe('verified');
  });

  test('of no reasons, and of receipts alone, rests on no tree', async () => {
    const none = await verify(sign({ ...verdict, verdict: 'forbidden', conditions: [], reasons: [], asOf: null }));
    expect([none.verdict, none.answer, results(none)]).toEqual(['verified', 'forbidden', {
      'verdict-signature': 'pass', statements: 'pass', inclusion: 'skipped', receipts: 'skipped', 'checkpoint-signature': 'skipped', 'anchor-on-chain': 'skipped',
    }]);
    const promised = await verify(sign({ ...verdict, reasons: [(verdict['reasons'] as Json[])[2] as Json], asOf: null }));
    expect([promised.verdict, promised.asOf]).toEqual(['verified', null]);
  });

  test('a statement may have both a place and a receipt', async () => {
    const statement = (verdict['reasons'] as JsonObject[])[1]?.['statement'] as JsonObject;
    expect((await verify(sign(put('/reasons/1/receipt', receiptOf(statement))))).verdict).toBe('verified');
  });

  test('a statement of a type that nobody knows yet is one', async () => {
    const later = new MemoryLog();
    const index = later.append({ type: 'future.happened', subject: WORK, body: { what: 'nobody knows yet' } });
    const reason = { ...(verdict['reasons'] as JsonObject[])[0], statement: later.statements[index] as JsonObject, inclusion: inclusionOf(later, index) };
    const asOf = { treeSize: 1, rootHash: hex(later.root()), checkpoint: later.checkpoint() };
    expect((await verify(sign({ ...verdict, reasons: [reason], asOf }))).verdict).toBe('verified');
  });

  test('a statement in a licence’s chain may name no work', async () => {
    const later = new MemoryLog();
    const index = later.append({ type: 'licence.accepted', subject: LICENCE, body: {} });
    const reason = { ...(verdict['reasons'] as JsonObject[])[1], statement: later.statements[index] as JsonObject, inclusion: inclusionOf(later, index) };
    const asOf = { treeSize: 1, rootHash: hex(later.root()), checkpoint: later.checkpoint() };
    expect((await verify(sign({ ...verdict, reasons: [reason], asOf }))).verdict).toBe('verified');
  });

  test('between two keys of a rotation, either one told suffices; another is ignored', async () => {
    const successor = logKey(ORIGIN, 2);
    const both = sign(put('/asOf/checkpoint', log.checkpoint([LOG, successor, OTHER_LOG])), [LOG, successor, OTHER_LOG]);
    const single = changed(both, '/reasons', (reasons) => (reasons as Json[]).slice(0, 2));
    const reports = await Promise.all([[LOG], [successor], [LOG, successor]].map((keys) => verify(sign(single, [LOG, successor]), { logKeys: keys.map(({ vkey }) => vkey) })));
    expect(reports.map((report) => report.verdict)).toEqual(['verified', 'verified', 'verified']);
  });
});

describe('what a stranger changes is refuted, told or untold', () => {
  const cases: [string, JsonObject, VerdictCheckName[]][] = [
    ['the answer', put('/verdict', 'forbidden'), ['verdict-signature']],
    ['the account', put('/question/account', null), ['verdict-signature']],
    ['a condition dropped', put('/conditions', []), ['verdict-signature']],
    ['an effect', put('/reasons/0/effect', 'permits'), ['verdict-signature']],
    ['a reason dropped', changed(verdict, '/reasons', (reasons) => (reasons as Json[]).slice(1)), ['verdict-signature']],
    ['a reason added', changed(verdict, '/reasons', (reasons) => [...(reasons as Json[]), (reasons as Json[])[1] as Json]), ['verdict-signature']],
    ['two reasons swapped', changed(verdict, '/reasons', (reasons) => (reasons as Json[]).toReversed()), ['verdict-signature']],
    ['no tree', put('/asOf', null), ['verdict-signature', 'inclusion']],
    ['the time of issue', put('/issuedAt', '2026-11-20T13:00:00.001Z'), ['verdict-signature']],
    ['a member of a statement’s body', put('/reasons/1/statement/body/sublicensing', true), ['verdict-signature', 'inclusion']],
    ['a member more in a statement', put('/reasons/1/statement/more', 1), ['verdict-signature', 'statements', 'inclusion']],
    ['a note of something else', put('/note', log.checkpoint()), ['verdict-signature']],
    ['a note without signatures', changed(verdict, '/note', (note) => String(note).split('\u2014')[0] as string), ['verdict-signature']],
  ];
  test.each(cases)('%s', async (_what, value, checks) => {
    const reports = await Promise.all([verify(value), verify(value, {})]);
    expect(reports.map((report) => [report.verdict, report.answer, failed(report)])).toEqual(reports.map(() => ['refuted', null, checks]));
  });
});

describe('what the log itself signed wrongly is refuted by its check', () => {
  const foreign = new MemoryLog();
  for (let n = 0; n < 9; n++) foreign.appendRaw(n < 8 ? log.statements[n] as JsonObject : pending);
  const foreignAsOf = { treeSize: 9, rootHash: hex(foreign.root()), checkpoint: foreign.checkpoint() };
  const cases: [string, JsonObject, VerdictCheckName[]][] = [
    ['a subject that is not the statement’s', put('/reasons/1/subject', WORK), ['statements']],
    ['a work that the statement says nothing of', put('/reasons/1/work', OTHER_WORK), ['statements']],
    ['the statement of another subject', changed(verdict, '/reasons/0', (reason) => ({ ...(reason as JsonObject), statement: log.statements[0] as JsonObject, inclusion: inclusionOf(log, 0) })), ['statements']],
    ['a statement that is none', put('/reasons/0/statement', {}), ['statements', 'inclusion']],
    ['a number that no reader reads alike', put('/reasons/0/statement/body/n', 0.5), ['verdict-signature', 'statements', 'inclusion']],
    ['more known than was to be known', put('/question/knownAt', '2026-11-20T12:29:59.999Z'), ['statements']],
    ['known after it was issued', put('/question/knownAt', '2026-11-20T13:00:00.001Z'), ['statements']],
    ['a day that does not exist', put('/question/at', '2027-02-30T00:00:00.000Z'), ['statements']],
    ['another place', put('/reasons/0/inclusion', inclusionOf(log, 4)), ['inclusion']],
    ['no path', put('/reasons/0/inclusion/path', []), ['inclusion']],
    ['a path of what is no hash', put('/reasons/0/inclusion/path/0', 'AAAA'), ['inclusion']],
    ['neither place nor receipt', put('/reasons/2/receipt', null), ['inclusion']],
    ['another tree', put('/asOf', foreignAsOf), ['inclusion']],
    ['a size other than the checkpoint’s', put('/asOf/treeSize', 10), ['checkpoint-signature']],
    ['a root other than the checkpoint’s', put('/asOf/rootHash', hex(foreign.root())), ['checkpoint-signature']],
    ['a checkpoint that is none', put('/asOf/checkpoint', ''), ['inclusion', 'checkpoint-signature']],
    ['another log’s checkpoint', put('/asOf/checkpoint', log.checkpoint([OTHER_LOG], OTHER_ORIGIN)), ['checkpoint-signature']],
    ['another statement’s receipt', put('/reasons/2/receipt', receiptOf(log.statements[0] as JsonObject)), ['receipts']],
    ['another log’s receipt', put('/reasons/2/receipt', receiptOf(pending, { keys: [OTHER_LOG], origin: OTHER_ORIGIN })), ['receipts']],
    ['a receipt younger than the verdict', put('/reasons/2/receipt', receiptOf(pending, { acceptedAt: '2026-11-20T13:00:00.001Z' })), ['receipts']],
    ['a receipt that is none', put('/reasons/2/receipt', 'soon'), ['receipts']],
  ];
  const long = new MemoryLog();
  long.append({ type: 'a.b', subject: WORK, body: { text: 'a'.repeat(65_536) } });
  cases.push(['a statement longer than any', sign({
    ...verdict, reasons: [{ ...(verdict['reasons'] as JsonObject[])[0], statement: long.statements[0] as JsonObject, inclusion: inclusionOf(long, 0) }],
    asOf: { treeSize: 1, rootHash: hex(long.root()), checkpoint: long.checkpoint() },
  }), ['statements', 'inclusion']]);
  // Both logs' keys are told: what is told of one log must not vouch for the other.
  test.each(cases)('%s', async (_what, value, checks) => {
    const report = await verify(sign(value), { logKeys: [LOG.vkey, OTHER_LOG.vkey] });
    expect([report.verdict, failed(report)]).toEqual(['refuted', checks]);
  });
  test.each(cases)('untold: %s', async (_what, value, checks) => {
    const report = await verify(sign(value), {});
    expect([report.verdict, failed(report)]).toEqual(['refuted', checks]);
  });
});

test('a note of another time than the verdict’s is refuted', async () => {
  const text = String(verdict['note']).slice(0, String(verdict['note']).indexOf('\n\n') + 1).replace(ISSUED, '2026-11-20T13:00:00.001Z');
  const report = await verify({ ...verdict, note: `${text}\n${LOG.signText(text)}` });
  expect([report.verdict, failed(report)]).toEqual(['refuted', ['verdict-signature']]);
});

describe('keys', () => {
  test('a forger’s verdict, whole in itself, is refuted when told and unconfirmed when not', async () => {
    const forger = logKey(ORIGIN, 9);
    const forged = sign(put('/asOf/checkpoint', log.checkpoint([forger]), put('/reasons/2/receipt', receiptOf(pending, { keys: [forger] }))), [forger]);
    const told = await verify(forged);
    expect([told.verdict, failed(told)]).toEqual(['refuted', ['verdict-signature', 'receipts', 'checkpoint-signature']]);
    expect((await verify(forged, {})).verdict).toBe('unconfirmed');
    expect((await verify(verdict, { logKeys: [forger.vkey] })).verdict).toBe('refuted');
  });

  test('the forger’s answer over the log’s own tree is refuted', async () => {
    const report = await verify(sign(put('/verdict', 'unclear'), [logKey(ORIGIN, 9)]));
    expect([report.verdict, failed(report)]).toEqual(['refuted', ['verdict-signature']]);
  });

  test('a told key of another name does not speak for the log', async () => {
    const report = await verify(sign(verdict, [OTHER_LOG]), { logKeys: [LOG.vkey, OTHER_LOG.vkey] });
    expect([report.verdict, failed(report)]).toEqual(['refuted', ['verdict-signature']]);
  });

  test('a verdict signed under another origin than its tree’s is refuted', async () => {
    const report = await verify(sign(verdict, [OTHER_LOG], OTHER_ORIGIN), { logKeys: [LOG.vkey, OTHER_LOG.vkey] });
    expect([report.verdict, failed(report)]).toEqual(['refuted', ['receipts', 'checkpoint-signature']]);
  });

  test('a told key that is none says nothing of the verdict', async () => {
    await expect(verify(verdict, { logKeys: ['nonsense'] })).rejects.toMatchObject({ code: 'BUNDLE.INVALID_TRUST' });
  });
});

describe('a told contract', () => {
  const chain = (id = 31338): FakeChain => new FakeChain(id, log);
  const told = (reader: FakeChain, chainId = reader.id): VerifyVerdictOptions => ({ ...TOLD, contract: { chainId, address: CONTRACT }, chain: reader });
  const asked = async (options: VerifyVerdictOptions): Promise<unknown[]> => {
    const report = await verify(verdict, options);
    return [report.verdict, results(report)['anchor-on-chain'], report.times.existedBefore];
  };

  test('that holds the tree gives it a time', async () => {
    expect(await asked(told(chain()))).toEqual(['verified', 'pass', '2026-11-20T12:00:10.000Z']);
    expect((await verify(verdict, told(chain(31337)))).times.developmentChain).toBe(true);
    expect((await verify(put('/verdict', 'unclear'), told(chain()))).times.existedBefore).toBeNull();
  });

  test('that holds another tree, or cannot be asked, leaves it open', async () => {
    const other = new MemoryLog();
    other.append({ type: 'a.b', subject: 'S', body: {} });
    const [unanchored, absent, broken] = [new FakeChain(31338, other), chain(), chain()];
    absent.origin = '';
    broken.contractOrigin = () => Promise.reject(new Error('down'));
    const outcomes = await Promise.all([told(unanchored), told(absent), told(broken), told(chain(), 1)].map(asked));
    expect(outcomes).toEqual(outcomes.map(() => ['verified', 'skipped', null]));
  });

  test('of another log refutes', async () => {
    const other = chain();
    other.origin = OTHER_ORIGIN;
    expect(await asked(told(other))).toEqual(['refuted', 'fail', null]);
  });
});
