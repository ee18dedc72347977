import { accounts, deploy, deployed, LOG_KEY, ORIGIN, ZERO_ADDRESS, ZERO_HASH } from './chain.js';

jest.setTimeout(120_000);

const refusals: readonly [why: string, change: Record<string, string>, error: string][] = [
  ['no origin', { origin: '' }, 'CheckpointAnchorInvalidOrigin'],
  ['an origin with a line end', { origin: 'a\nb' }, 'CheckpointAnchorInvalidOrigin'],
  ['an origin with a space', { origin: 'a b' }, 'CheckpointAnchorInvalidOrigin'],
  ['an origin with a plus sign', { origin: 'a+b' }, 'CheckpointAnchorInvalidOrigin'],
  ['an origin with DEL', { origin: 'a\u007f' }, 'CheckpointAnchorInvalidOrigin'],
  ['an origin of 256 bytes', { origin: 'a'.repeat(256) }, 'CheckpointAnchorInvalidOrigin'],
  ['no log key', { logKey: ZERO_HASH }, 'CheckpointAnchorInvalidLogKey'],
  ['no owner', { owner: ZERO_ADDRESS }, 'OwnableInvalidOwner'],
  ['no anchorer', { anchorer: ZERO_ADDRESS }, 'CheckpointAnchorInvalidAnchorer'],
];

describe('CheckpointAnchor: constructor', () => {
  let owner = '';
  let anchorer = '';
  beforeAll(async () => {
    [, owner = '', anchorer = ''] = await accounts();
  });

  test('keeps what it is told and starts with nothing anchored', async () => {
    const predecessor = '0x00000000000000000000000000000000000000aa';
    const contract = await deployed({ owner, anchorer, predecessor });
    expect(await contract.read('origin')).toEqual([ORIGIN]);
    expect(await contract.read('logKey')).toEqual([LOG_KEY]);
    expect((await contract.read('owner')).map(lower)).toEqual([owner]);
    expect((await contract.read('anchorer')).map(lower)).toEqual([anchorer]);
    expect((await contract.read('predecessor')).map(lower)).toEqual([predecessor]);
    expect(await contract.read('head')).toEqual([0n, ZERO_HASH, 0n]);
    expect(await contract.read('anchoredAt', 0, ZERO_HASH)).toEqual([0n]);
    expect(contract.deploymentLogs.map((log) => log.name)).toEqual(['OwnershipTransferred', 'AnchorerChanged']);
  });

  test.each(refusals)('refuses %s', async (_why, change, error) => {
    expect(await deploy({ owner, anchorer, ...change })).toMatchObject({ ok: false, error });
  });

  test('refuses an anchorer that is the owner', async () => {
    expect(await deploy({ owner, anchorer: owner })).toMatchObject({ ok: false, error: 'CheckpointAnchorOwnerIsAnchorer' });
  });

  test('takes an origin of 255 bytes, in any script', async () => {
    const origin = `${'正本'.repeat(42)}.cn`; // 252 + 3 bytes of UTF-8
    expect(await (await deployed({ owner, anchorer, origin })).read('origin')).toEqual([origin]);
  });
});

function lower(value: unknown): string {
  return String(value).toLowerCase();
}
