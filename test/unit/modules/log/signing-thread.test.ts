import { generateKeyPairSync, sign } from 'node:crypto';
import { SigningThread } from '../../../../src/modules/log/signing-thread.js';

const { privateKey } = generateKeyPairSync('ed25519');
const thread = new SigningThread(privateKey);
afterAll(() => thread.stop());

const signed = (text: string): string => sign(null, Buffer.from(text), privateKey).toString('hex');
const ask = async (text: string): Promise<string> => Buffer.from(await thread.sign(text)).toString('hex');

test('each text gets its own signature, in one turn and in several', async () => {
  const texts = Array.from({ length: 300 }, (_, i) => `正本 ${'x'.repeat(i)}\n`);
  expect(await Promise.all(texts.map(ask))).toEqual(texts.map(signed));
  const later = await Promise.all(texts.map(async (text, i) => {
    await new Promise((done) => setTimeout(done, i % 7));
    return ask(text);
  }));
  expect(later).toEqual(texts.map(signed));
});

test('when the thread ends whoever waits is told, and the next signature has another thread', async () => {
  const waiting = ask('waiting');
  await new Promise((done) => setImmediate(done));
  const [outcome] = await Promise.allSettled([waiting, thread.stop()]);
  if (outcome.status === 'fulfilled') expect(outcome.value).toBe(signed('waiting'));
  expect(await ask('after')).toBe(signed('after'));
});
