import { CredentialsCache, type Found } from '../../../../src/modules/identity/credentials-cache.js';

const found = (accountId: string, apiKeyId: string | null = null, expiresAt: Date | null = null): Found => ({
  caller: { accountId, via: apiKeyId === null ? 'session' : 'api-key', scopes: 'all' }, apiKeyId, expiresAt,
});

let now = 1_000_000;
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => jest.restoreAllMocks());

test('one look-up for many requests at once, then none for five seconds', async () => {
  const cache = new CredentialsCache();
  const find = jest.fn(async () => found('a'));
  await Promise.all(Array.from({ length: 50 }, () => cache.lookUp('s', find)));
  expect(find).toHaveBeenCalledTimes(1);
  expect(cache.recall('s')?.accountId).toBe('a');
  now += 4_999;
  expect(cache.recall('s')?.accountId).toBe('a');
  now += 2;
  expect(cache.recall('s')).toBeUndefined();
});

test('what is unknown is not kept', async () => {
  const cache = new CredentialsCache();
  const find = jest.fn(async () => null);
  expect(await cache.lookUp('s', find)).toBeNull();
  expect(await cache.lookUp('s', find)).toBeNull();
  expect(find).toHaveBeenCalledTimes(2);
});

test('a session is not remembered beyond its end', async () => {
  const cache = new CredentialsCache();
  await cache.lookUp('s', async () => found('a', null, new Date(now + 1_000)));
  expect(cache.recall('s')).toBeDefined();
  now += 1_001;
  expect(cache.recall('s')).toBeUndefined();
});

test('a revocation beats a look-up that began before it', async () => {
  const cache = new CredentialsCache();
  let answer: (found: Found) => void = () => undefined;
  const slow = cache.lookUp('s', () => new Promise((done) => {
    answer = done;
  }));
  cache.forgetApiKey('k');
  answer(found('a', 'k'));
  await slow;
  expect(cache.recall('s')).toBeUndefined();
  // And whoever asks after the revocation does not get the answer from before it.
  expect(await cache.lookUp('s', async () => null)).toBeNull();
});

test('an account loses its sessions and keeps its keys', async () => {
  const cache = new CredentialsCache();
  await cache.lookUp('session', async () => found('a'));
  await cache.lookUp('key', async () => found('a', 'k'));
  await cache.lookUp('other', async () => found('b'));
  cache.forgetSessions('a');
  expect(['session', 'key', 'other'].map((credential) => cache.recall(credential) !== undefined)).toEqual([false, true, true]);
});

test('it holds a bounded number', async () => {
  const cache = new CredentialsCache();
  for (let n = 0; n < 20_050; n++) await cache.lookUp(`s${n}`, async () => found('a'));
  expect(cache.recall('s0')).toBeUndefined();
  expect(cache.recall('s20049')).toBeDefined();
});
