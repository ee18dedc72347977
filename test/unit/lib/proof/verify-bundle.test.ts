import { type CheckName, CHECKS, parseBundle, type Report, verifyBundle, type VerifyOptions } from '../../../../src/lib/proof/index.js';
import {
  buildScene, CONTRACT, depositBody, disclosure, FILE_DIGEST, type Json, type JsonObject, LOG, logKey, MemoryLog, NAME, ORIGIN, OTHER_WORK, type Scene, TITLE, WORK,
} from './build-bundle.js';

const trustOf = (scene: Scene): VerifyOptions => ({ trust: { logKeys: [LOG.vkey], contract: { chainId: scene.chain.id, address: CONTRACT } }, chain: scene.chain });
const verify = (scene: Scene, options: VerifyOptions = trustOf(scene)): Promise<Report> => verifyBundle(parseBundle(JSON.stringify(scene.bundle)), options);
const results = (report: Report): Record<string, string> => Object.fromEntries(report.checks.map(({ check, result }) => [check, result]));
const failed = (report: Report): CheckName[] => report.checks.filter(({ result }) => result === 'fail').map(({ check }) => check);

/** Changes one place of a scene's bundle, given as a JSON pointer. */
function change(scene: Scene, pointer: string, edit: (value: Json) => Json): Scene {
  const tokens = pointer.slice(1).split('/');
  const last = tokens.pop() as string;
  const parent = tokens.reduce<Json>((value, token) => (value as JsonObject)[token] as Json, scene.bundle) as JsonObject;
  parent[last] = edit(parent[last] as Json);
  return scene;
}
const ENTRY = '/chains/0/entries/0';

describe('a whole bundle', () => {
  test('is verified when told whom to trust, file matched', async () => {
    const scene = buildScene();
    const report = await verify(scene, { ...trustOf(scene), files: [FILE_DIGEST] });
    expect(results(report)).toEqual({
      content: 'pass', disclosures: 'pass', 'chain-of-entries': 'pass', inclusion: 'pass', 'checkpoint-signature': 'pass', signatures: 'skipped', 'anchor-root': 'pass',
      'anchor-on-chain': 'pass',
    });
    expect(report.checks.map(({ check }) => check)).toEqual([...CHECKS]);
    expect([report.verdict, report.subject]).toEqual(['verified', WORK]);
    expect(report.asOf).toEqual({ origin: ORIGIN, treeSize: 11, rootHash: (scene.bundle['anchor'] as JsonObject)['rootHash'] });
    expect(report.times).toEqual({ existedBefore: '2026-11-20T12:00:10.000Z', developmentChain: false, claimedIssuedAt: '2026-11-20T12:00:00.000Z' });
  });

  test('is verified without a file, and says nothing of one', async () => {
    const report = await verify(buildScene());
    expect([report.verdict, results(report)['content']]).toEqual(['verified', 'skipped']);
  });

  test('is unconfirmed when anything is left untold', async () => {
    const scene = buildScene();
    const { chain } = scene;
    const logKeys = [LOG.vkey];
    const contract = { chainId: chain.id, address: CONTRACT };
    const partial: VerifyOptions[] = [{}, { trust: { logKeys }, chain }, { trust: { contract }, chain }, { trust: { logKeys, contract } }, { chain }];
    const reports = await Promise.all(partial.map((options) => verify(scene, options)));
    expect(reports.map((report) => [report.verdict, failed(report)])).toEqual(partial.map(() => ['unconfirmed', []]));
    // The contract alone proves the time: what it anchored, it anchored, whoever signed the checkpoint.
    expect(reports.map(({ times }) => times.existedBefore !== null)).toEqual([false, false, true, false, false]);
  });

  test('without an anchor is unconfirmed, whatever was told', async () => {
    const report = await verify(change(buildScene(), '/anchor', () => null));
    expect([report.verdict, results(report)['anchor-root'], results(report)['anchor-on-chain']]).toEqual(['unconfirmed', 'skipped', 'skipped']);
  });

  test('of a development chain proves no time, and says so', async () => {
    const report = await verify(buildScene({ chainId: 31337 }));
    expect([report.verdict, report.times.developmentChain]).toEqual(['verified', true]);
    expect(report.checks.at(-1)?.detail).toContain('a development chain: proves no time');
  });

  test('made whole with another key and another contract: refuted when told, unconfirmed when not', async () => {
    const forged = buildScene();
    const forger = logKey(ORIGIN, 9);
    const checkpoint = forged.log.checkpoint([forger]);
    forged.bundle['logKey'] = forger.vkey;
    for (const entry of ['0', '1']) {
      change(forged, `/chains/0/entries/${entry}/proof`, (proof) => String(proof).replace(/\n\n[^]*$/, `\n\n${checkpoint}`));
    }
    change(forged, '/anchor/contract', () => `0x${'dd'.repeat(20)}`);
    const told = await verify(forged);
    expect([told.verdict, failed(told)]).toEqual(['refuted', ['checkpoint-signature', 'anchor-on-chain']]);
    expect((await verify(forged, {})).verdict).toBe('unconfirmed');
  });
});

describe('one thing wrong is refuted by its check', () => {
  const flipHex = (value: Json): Json => String(value).replace(/[0-9a-f]$/, (digit) => (digit === '0' ? '1' : '0'));
  const cases: [string, string, (value: Json) => Json, CheckName[]][] = [
    ['statement body', `${ENTRY}/statement/body/category`, () => 'music', ['inclusion', 'chain-of-entries']],
    ['last statement’s body', '/chains/0/entries/1/statement/body/what', () => 'something', ['inclusion']],
    ['statement time', '/chains/0/entries/1/statement/issuedAt', () => '2025-11-20T12:00:00.000Z', ['inclusion']],
    ['statement that is none', '/chains/0/entries/1/statement/zhengben', () => 2, ['chain-of-entries', 'inclusion']],
    ['number that is no integer', '/chains/0/entries/1/statement/body/what', () => 0.5, ['chain-of-entries', 'inclusion']],
    ['member that hides from copies', '/chains/0/entries/1/statement/body', () => JSON.parse('{"what":"nobody knows yet","__proto__":{"a":1}}') as Json, ['inclusion']],
    ['missing entry', '/chains/0/entries', (entries) => (entries as Json[]).slice(1), ['chain-of-entries']],
    ['swapped entries', '/chains/0/entries', (entries) => (entries as Json[]).toReversed(), ['chain-of-entries']],
    ['doubled entry', '/chains/0/entries', (entries) => [...(entries as Json[]), (entries as Json[])[1] as Json], ['chain-of-entries']],
    ['chain of another subject', '/subject', () => OTHER_WORK, ['chain-of-entries']],
    ['chain named otherwise', '/chains/0/subject', () => OTHER_WORK, ['chain-of-entries']],
    ['doubled chain', '/chains', (chains) => [...(chains as Json[]), ...(chains as Json[])], ['chain-of-entries']],
    ['proof hash', `${ENTRY}/proof`, (proof) => String(proof).replace(/\n(.)([^\n]+=)\n/, (_all, letter: string, rest: string) => `\n${letter === 'A' ? 'B' : 'A'}${rest}\n`), ['inclusion']],
    ['proof index', `${ENTRY}/proof`, (proof) => String(proof).replace('index 4', 'index 5'), ['inclusion']],
    ['proof too long', `${ENTRY}/proof`, (proof) => String(proof).replace('\n\n', `\n${Buffer.alloc(32).toString('base64')}\n\n`), ['inclusion']],
    ['proof header', `${ENTRY}/proof`, (proof) => String(proof).replace('@v1', '@v2'), ['inclusion', 'checkpoint-signature', 'anchor-root', 'anchor-on-chain']],
    ['two checkpoints', `${ENTRY}/proof`, (proof) => String(proof).replace(/\n11\n/, '\n12\n'), ['inclusion', 'checkpoint-signature', 'anchor-root', 'anchor-on-chain']],
    ['disclosure changed', `${ENTRY}/disclosures/0`, () => disclosure('/title', '另一个', 1), ['disclosures']],
    ['disclosure doubled', `${ENTRY}/disclosures`, () => [TITLE, TITLE], ['disclosures']],
    ['disclosure of another statement', '/chains/0/entries/1/disclosures', () => [TITLE], ['disclosures']],
    ['disclosure that is none', `${ENTRY}/disclosures/0`, () => 'e30', ['disclosures']],
    ['anchor of another size', '/anchor/treeSize', () => 10, ['anchor-root']],
    ['anchor of another root', '/anchor/rootHash', flipHex, ['anchor-root']],
    ['anchor root malformed', '/anchor/rootHash', () => 'zz', ['anchor-root']],
    ['anchor on another chain', '/anchor/chainId', () => 1, ['anchor-on-chain']],
    ['anchor in another contract', '/anchor/contract', flipHex, ['anchor-on-chain']],
    ['anchor in a contract that is none', '/anchor/contract', () => '0x', ['anchor-on-chain']],
    ['anchor’s transaction', '/anchor/transactionHash', flipHex, ['anchor-on-chain']],
    ['anchor’s block number', '/anchor/blockNumber', () => 8, ['anchor-on-chain']],
    ['anchor’s block hash', '/anchor/blockHash', flipHex, ['anchor-on-chain']],
    ['anchor’s block time', '/anchor/blockTime', () => '2026-11-20T12:00:09.000Z', ['anchor-on-chain']],
    ['anchor’s block time malformed', '/anchor/blockTime', () => 'noon', ['anchor-on-chain']],
  ];
  test.each(cases)('%s', async (_what, pointer, edit, checks) => {
    const report = await verify(change(buildScene(), pointer, edit));
    expect([report.verdict, failed(report).toSorted()]).toEqual(['refuted', checks.toSorted()]);
  });

  test('a flipped bit in the checkpoint of all entries', async () => {
    const scene = buildScene();
    for (const entry of ['0', '1']) change(scene, `/chains/0/entries/${entry}/proof`, (proof) => String(proof).replace(/\n11\n/, '\n12\n'));
    expect(failed(await verify(scene))).toEqual(expect.arrayContaining(['checkpoint-signature', 'anchor-root']));
    expect(failed(await verify(scene, {}))).toContain('checkpoint-signature');
  });

  test('a statement that says its seq wrongly', async () => {
    const log = new MemoryLog();
    log.append({ type: 'a.b', subject: WORK, body: {} });
    log.appendRaw({ ...(log.statements[0] as JsonObject), seq: 1, prev: 'ab'.repeat(32) });
    const entries = [log.entry(0), log.entry(1)];
    const bundle = { format: 'zhengben-proof/1', subject: WORK, logKey: LOG.vkey, chains: [{ subject: WORK, complete: false, entries }], anchor: null };
    expect(failed(await verifyBundle(parseBundle(JSON.stringify(bundle))))).toEqual(['chain-of-entries']);
  });
});

describe('the chain', () => {
  const onChain = async (edit: (scene: Scene) => void): Promise<[string, string | undefined]> => {
    const scene = buildScene();
    edit(scene);
    const report = await verify(scene);
    return [report.verdict, results(report)['anchor-on-chain']];
  };
  test('another instance, another id, or no answer: skipped', async () => {
    expect(await onChain((scene) => (scene.chain.genesis = `0x${'00'.repeat(32)}`))).toEqual(['unconfirmed', 'skipped']);
    expect(await onChain((scene) => (scene.chain.chainId = async () => 5))).toEqual(['unconfirmed', 'skipped']);
    expect(await onChain((scene) => (scene.chain.block = async () => { throw new Error('timeout'); }))).toEqual(['unconfirmed', 'skipped']);
    // Not even an Error: an implementation may reject with anything.
    expect(await onChain((scene) => (scene.chain.anchoredAt = () => Promise.reject(42 as unknown as Error)))).toEqual(['unconfirmed', 'skipped']);
    expect(await onChain((scene) => (scene.chain.anchoredAt = async () => Number.NaN))).toEqual(['unconfirmed', 'skipped']);
  });
  test('a node that lags behind the anchor’s block, and has seen neither the anchor nor perhaps the contract: skipped; another block under an anchored root: refuted', async () => {
    const lag = (scene: Scene): void => {
      scene.chain.block = async () => null;
      scene.chain.anchoredAt = async () => 0;
    };
    expect(await onChain(lag)).toEqual(['unconfirmed', 'skipped']);
    expect(await onChain((scene) => {
      lag(scene);
      scene.chain.origin = '';
    })).toEqual(['unconfirmed', 'skipped']);
    expect(await onChain((scene) => (scene.chain.block = async () => null))).toEqual(['refuted', 'fail']);
    // It catches up while it is asked.
    expect(await onChain((scene) => {
      const honest = scene.chain.block;
      let asked = 0;
      scene.chain.block = async (number) => (asked++ === 0 ? null : honest(number));
    })).toEqual(['verified', 'pass']);
  });
  test('a root that was never anchored, a contract of another log, another transaction: refuted', async () => {
    expect(await onChain((scene) => (scene.chain.anchoredAt = async () => 0))).toEqual(['refuted', 'fail']);
    expect(await onChain((scene) => (scene.chain.origin = 'another.example/log'))).toEqual(['refuted', 'fail']);
    expect(await onChain((scene) => (scene.chain.block = async () => ({ hash: scene.chain.hash, timestamp: scene.chain.time + 1 })))).toEqual(['refuted', 'fail']);
    expect(await onChain((scene) => (scene.chain.origin = ''))).toEqual(['refuted', 'fail']);
    for (const part of [{ succeeded: false }, { logs: [] }, { blockNumber: 6 }, { blockHash: `0x${'00'.repeat(32)}` }]) {
      expect(await onChain((scene) => {
        const honest = scene.chain.transaction;
        scene.chain.transaction = async (hash) => ({ ...((await honest(hash)) as NonNullable<Awaited<ReturnType<typeof honest>>>), ...part });
      })).toEqual(['refuted', 'fail']);
    }
  });
});

describe('files', () => {
  const content = async (file: Partial<typeof FILE_DIGEST>, scene = buildScene()): Promise<[string, string | undefined]> => {
    const report = await verify(scene, { ...trustOf(scene), files: [{ ...FILE_DIGEST, ...file }] });
    return [report.verdict, results(report)['content']];
  };
  test('the wrong file, a wrong length, a wrong SM3: refuted', async () => {
    expect(await content({ sha256: '00'.repeat(32) })).toEqual(['refuted', 'fail']);
    expect(await content({ byteLength: 1 })).toEqual(['refuted', 'fail']);
    expect(await content({ sm3: '00'.repeat(32) })).toEqual(['refuted', 'fail']);
  });

  test('a confidential work: nothing to compare until its contents are disclosed', async () => {
    const { contents, ...open } = depositBody();
    const sealedContents = disclosure('/contents', contents as Json);
    const sealedName = disclosure('/contents/0/name', 'night.jpg', 3);
    const build = (disclosures: string[]): Scene => {
      const scene = buildScene();
      const log = new MemoryLog();
      const index = log.append({ type: 'work.deposited', subject: WORK, body: { ...open, visibility: 'confidential' }, disclosures: [sealedContents, sealedName, NAME] });
      return { ...scene, log, bundle: { ...scene.bundle, chains: [{ subject: WORK, complete: true, entries: [log.entry(index, disclosures)] }], anchor: null } };
    };
    expect(await content({}, build([]))).toEqual(['unconfirmed', 'skipped']);
    expect(await content({}, build([sealedName, sealedContents]))).toEqual(['unconfirmed', 'pass']);
    expect(await content({ sha256: '00'.repeat(32) }, build([sealedContents]))).toEqual(['refuted', 'fail']);
    // What lies inside of a sealed whole cannot be disclosed without it.
    expect(failed(await verify(build([sealedName])))).toEqual(['disclosures']);
  });

  test('of a work that the bundle only mentions do not count, of one that the subject is about do', async () => {
    const build = (about: string[]): Scene => {
      const scene = buildScene();
      const log = new MemoryLog();
      const deposit = log.append({ type: 'work.deposited', subject: WORK, body: depositBody() });
      const licence = log.append({ type: 'licence.granted', subject: 'LC-7K3M-9Q4D-W2XC-V', about, body: {} });
      const chains = [
        { subject: 'LC-7K3M-9Q4D-W2XC-V', complete: true, entries: [log.entry(licence)] }, { subject: WORK, complete: false, entries: [log.entry(deposit)] },
      ];
      return { ...scene, log, bundle: { ...scene.bundle, subject: 'LC-7K3M-9Q4D-W2XC-V', chains, anchor: null } };
    };
    expect(await content({}, build([WORK]))).toEqual(['unconfirmed', 'pass']);
    expect(await content({}, build([]))).toEqual(['unconfirmed', 'skipped']);
  });
});

describe('log keys', () => {
  const next = logKey(ORIGIN, 2);
  const signedBy = async (keys: ReturnType<typeof logKey>[], told: string[]): Promise<string | undefined> => {
    const scene = buildScene();
    const checkpoint = scene.log.checkpoint(keys);
    for (const entry of ['0', '1']) change(scene, `/chains/0/entries/${entry}/proof`, (proof) => String(proof).replace(/\n\n[^]*$/, `\n\n${checkpoint}`));
    return results(await verify(scene, { trust: { logKeys: told } }))['checkpoint-signature'];
  };
  test('while a key is replaced, either or both will do', async () => {
    expect(await signedBy([LOG, next], [LOG.vkey])).toBe('pass');
    expect(await signedBy([LOG, next], [next.vkey, LOG.vkey])).toBe('pass');
    expect(await signedBy([next], [LOG.vkey, next.vkey])).toBe('pass');
    expect(await signedBy([next], [LOG.vkey])).toBe('fail');
  });
  test('witnesses neither help nor harm', async () => {
    const witness = logKey('witness.example', 3);
    expect(await signedBy([LOG, witness], [LOG.vkey])).toBe('pass');
    expect(await signedBy([LOG, witness], [witness.vkey])).toBe('fail');
  });
});

test('what the verifier was told must make sense', async () => {
  const bundle = parseBundle(JSON.stringify(buildScene().bundle));
  const code = async (options: VerifyOptions): Promise<unknown> => verifyBundle(bundle, options).then(() => 'ok', (error: { code?: unknown }) => error.code);
  expect([
    await code({ trust: { logKeys: ['nonsense'] } }), await code({ trust: { contract: { chainId: 1, address: '0x12' } } }),
    await code({ trust: { contract: { chainId: 0, address: CONTRACT } } }), await code({ files: [{ byteLength: 1, sha256: 'AB' }] }),
    await code({ files: [{ ...FILE_DIGEST, sm3: '' }] }),
  ]).toEqual(['BUNDLE.INVALID_TRUST', 'BUNDLE.INVALID_TRUST', 'BUNDLE.INVALID_TRUST', 'BUNDLE.INVALID_FILES', 'BUNDLE.INVALID_FILES']);
});
