import { randomBytes } from 'node:crypto';
import { JsonRpcProvider } from 'ethers';
import { type Client, joinAs } from '../support/http-client.js';
import { startApplication, type TestApplication } from '../support/start-application.js';
import { minimalForm } from '../support/work-forms.js';
import { depositFile, failedChecks, type Told, trustIn, untilFinal, type Verified, Verifier } from './support.js';

// A real bundle of the running service, damaged in every part and forged whole: each refuted by the check that it offends.

interface Anchor { chainId: number; genesisHash: string; contract: string; treeSize: number; rootHash: string; transactionHash: string; blockNumber: number; blockHash: string; blockTime: string }
interface Bundle { subject: string; logKey: string; chains: { subject: string; entries: { statement: Record<string, unknown>; disclosures: string[]; proof: string }[] }[]; anchor: Anchor }

const photo = randomBytes(50_000);
let service: TestApplication;
/** Someone who has built a whole service of their own: the same origin, another key, another chain with a contract at the same address. */
let forger: TestApplication;
let verifier: Verifier;
let bundle: Bundle;
let forged: Bundle;
let trust: Required<Told>;

async function depositAmongOthers(owner: Client): Promise<Bundle> {
  const { number } = await depositFile(owner, photo, minimalForm);
  for (let i = 0; i < 4; i++) await depositFile(owner, randomBytes(10), minimalForm);
  await untilFinal(owner, number);
  return (await owner.get(`/works/${number}/proof`)).body as unknown as Bundle;
}

beforeAll(async () => {
  [service, verifier] = await Promise.all([startApplication({ chain: true }), Verifier.open()]);
  // One after the other: two Hardhat nodes of the same second have the same block 0.
  await new Promise((done) => setTimeout(done, 1_000));
  forger = await startApplication({ chain: true });
  const [creator, cheat] = await Promise.all([joinAs(service, 'creator'), joinAs(forger, 'cheat')]);
  // So that the deposit is not the only leaf, and its proof not empty.
  await depositFile(creator, randomBytes(10), minimalForm);
  [bundle, forged, trust] = await Promise.all([depositAmongOthers(creator), depositAmongOthers(cheat), trustIn(service)]);
}, 120_000);
afterAll(async () => {
  await Promise.all([service.stop(), forger.stop()]);
  await verifier.close();
});

const outcome = (verified: Verified): [string, string[]] => [verified.verdict, failedChecks(verified)];
const exit = ({ exitCode, ...verified }: Verified & { exitCode: number | null }): [number | null, string[]] => [exitCode, failedChecks(verified)];

async function verifyEdited(edit: (copy: Bundle) => void, files: readonly Uint8Array[] = [photo], told: Told = trust): Promise<[string, string[]]> {
  const copy = structuredClone(bundle);
  edit(copy);
  expect(copy).not.toEqual(bundle);
  return outcome(await verifier.verify(copy, files, told));
}

function flipBit(bytes: Uint8Array, at = Math.floor(bytes.length / 2)): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at]! ^= 1;
  return flipped;
}

const flipHex = (hex: string): string => (hex.startsWith('0x') ? `0x${flipHex(hex.slice(2))}` : flipBit(Buffer.from(hex, 'hex')).toString('hex'));

/** Flips a bit of the base64 on one line of the first entry's proof. */
function flipLine(copy: Bundle, pick: (line: string, index: number, lines: string[]) => boolean): void {
  const entry = copy.chains[0]!.entries[0]!;
  let done = 0;
  entry.proof = entry.proof.split('\n').map((line, index, lines) => {
    if (!pick(line, index, lines)) return line;
    done++;
    const [, head = '', base64 = ''] = /^(.*?)([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    return `${head}${flipBit(Buffer.from(base64, 'base64')).toString('base64')}`;
  }).join('\n');
  expect(done).toBe(1);
}

test('as it came: verified', async () => {
  expect(outcome(await verifier.verify(bundle, [photo], trust))).toEqual(['verified', []]);
  expect(exit(await verifier.run(bundle, [photo], trust))).toEqual([0, []]);
  expect(exit(await verifier.run(bundle, [photo]))).toEqual([3, []]);
});

test('a flipped bit in the file', async () => {
  expect(outcome(await verifier.verify(bundle, [flipBit(photo)], trust))).toEqual(['refuted', ['content']]);
  expect(exit(await verifier.run(bundle, [flipBit(photo)], trust))).toEqual([1, ['content']]);
  expect(outcome(await verifier.verify(bundle, [photo.subarray(1)], trust))).toEqual(['refuted', ['content']]);
});

const entryOf = (copy: Bundle): Bundle['chains'][number]['entries'][number] => copy.chains[0]!.entries[0]!;
const anchorFields = ['transactionHash', 'blockHash'] as const;

test.each<[string, string[], (copy: Bundle) => void]>([
  ['the statement: what it says', ['inclusion'], (copy) => { (entryOf(copy).statement['body'] as { category: string }).category = 'fine-art'; }],
  ['the statement: when', ['inclusion'], (copy) => { entryOf(copy).statement['issuedAt'] = '2019-01-01T00:00:00.000Z'; }],
  ['the statement: who', ['inclusion'], (copy) => { entryOf(copy).statement['actor'] = String(entryOf(copy).statement['actor']).replace(/.$/, (digit) => (digit === '0' ? '1' : '0')); }],
  ['the statement: whose', ['chain-of-entries', 'inclusion'], (copy) => { entryOf(copy).statement['subject'] = 'ZB-0000-0000-0001-Y'; }],
  ['the statement: the digest of the file', ['content', 'inclusion'], (copy) => { const [content] = (entryOf(copy).statement['body'] as { contents: { sha256: string }[] }).contents; content!.sha256 = flipHex(content!.sha256); }],
  ['the statement: a sealed digest', ['disclosures', 'inclusion'], (copy) => { const sealed = entryOf(copy).statement['sealed'] as string[]; entryOf(copy).statement['sealed'] = sealed.map((digest) => flipBit(Buffer.from(digest, 'base64url')).toString('base64url')).toSorted(); }],
  ['a disclosure', ['disclosures'], (copy) => { entryOf(copy).disclosures[0] = flipBit(Buffer.from(entryOf(copy).disclosures[0]!, 'base64url'), -1 + Buffer.from(entryOf(copy).disclosures[0]!, 'base64url').length - 3).toString('base64url'); }],
  ['a hash of the proof', ['inclusion'], (copy) => flipLine(copy, (_, index) => index === 2)],
  ['the place of the leaf', ['inclusion'], (copy) => { entryOf(copy).proof = entryOf(copy).proof.replace(/^index (\d+)$/m, (_, index: string) => `index ${Number(index) ^ 1}`); }],
  ['the root of the checkpoint', ['inclusion', 'checkpoint-signature', 'anchor-root', 'anchor-on-chain'], (copy) => flipLine(copy, (_, index, lines) => index === lines.indexOf('') + 3)],
  ['the origin of the checkpoint', ['checkpoint-signature', 'anchor-on-chain'], (copy) => { entryOf(copy).proof = entryOf(copy).proof.replace('\n\ntest.example/log', '\n\nrest.example/log'); }],
  ['the signature of the checkpoint', ['checkpoint-signature'], (copy) => flipLine(copy, (line) => line.startsWith('— '))],
  ['the anchor\'s root', ['anchor-root'], (copy) => { copy.anchor.rootHash = flipHex(copy.anchor.rootHash); }],
  ['the anchor\'s size', ['anchor-root'], (copy) => { copy.anchor.treeSize += 1; }],
  ...anchorFields.map((field): [string, string[], (copy: Bundle) => void] => [`the anchor's ${field}`, ['anchor-on-chain'], (copy) => { copy.anchor[field] = flipHex(copy.anchor[field]); }]),
  ['the anchor\'s block number', ['anchor-on-chain'], (copy) => { copy.anchor.blockNumber -= 1; }],
  ['the anchor\'s block time', ['anchor-on-chain'], (copy) => { copy.anchor.blockTime = new Date(Date.parse(copy.anchor.blockTime) - 1_000).toISOString(); }],
  ['the anchor\'s contract', ['anchor-on-chain'], (copy) => { copy.anchor.contract = flipHex(copy.anchor.contract); }],
  ['the anchor\'s chain', ['anchor-on-chain'], (copy) => { copy.anchor.chainId = 1; }],
])('a change in %s is refuted by %j', async (_, checks, edit) => {
  expect(await verifyEdited(edit)).toEqual(['refuted', checks]);
});

test('another block 0 is another chain, of which this one says nothing; another log key in the bundle is a hint that no one took', async () => {
  expect(await verifyEdited((copy) => { copy.anchor.genesisHash = flipHex(copy.anchor.genesisHash); })).toEqual(['unconfirmed', []]);
  expect(await verifyEdited((copy) => { copy.logKey = forged.logKey; })).toEqual(['verified', []]);
  expect(await verifyEdited((copy) => { copy.logKey = forged.logKey; }, [photo], {})).toEqual(['refuted', ['checkpoint-signature']]);
});

describe('a bundle made whole by another key and another contract', () => {
  const told = { key: (): Told => ({ logKey: trust.logKey }), contract: (): Told => ({ contract: trust.contract, rpc: trust.rpc }) };

  test('is unconfirmed when nobody says whom to trust, and verified for whoever trusts the forger: it is a good bundle', async () => {
    expect(exit(await verifier.run(forged, [photo]))).toEqual([3, []]);
    expect(outcome(await verifier.verify(forged, [photo], await trustIn(forger)))).toEqual(['verified', []]);
  });

  test('is refuted by the key that was told, though origin, chain id and address are the same', async () => {
    expect([forged.anchor.contract, forged.anchor.chainId]).toEqual([bundle.anchor.contract, bundle.anchor.chainId]);
    expect(exit(await verifier.run(forged, [photo], trust))).toEqual([1, ['checkpoint-signature']]);
    expect(outcome(await verifier.verify(forged, [photo], told.key()))).toEqual(['refuted', ['checkpoint-signature']]);
    // A good signature of its own beside the told key's name changes nothing.
    expect(outcome(await verifier.verify({ ...forged, logKey: bundle.logKey }, [photo], told.key()))).toEqual(['refuted', ['checkpoint-signature']]);
  });

  test('is refuted by the contract that was told, once it claims to be of that chain', async () => {
    // Of another block 0 the told chain knows nothing.
    expect(outcome(await verifier.verify(forged, [photo], told.contract()))).toEqual(['unconfirmed', []]);
    const posing = { ...forged, anchor: { ...forged.anchor, genesisHash: bundle.anchor.genesisHash } };
    expect(outcome(await verifier.verify(posing, [photo], told.contract()))).toEqual(['refuted', ['anchor-on-chain']]);
    // With the anchor of the true log it no longer fits its own checkpoint.
    const borrowed = { ...forged, anchor: bundle.anchor };
    expect(failedChecks(await verifier.verify(borrowed, [photo], told.contract()))).toContain('anchor-root');
    const mixed = { ...bundle, chains: forged.chains, subject: forged.subject };
    expect(failedChecks(await verifier.verify(mixed, [photo], trust))).toEqual(expect.arrayContaining(['checkpoint-signature', 'anchor-root']));
  });

  test('the service itself refutes it as well', async () => {
    const answer = await fetch(`${service.url}/api/v1/verify`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(forged) });
    expect(((await answer.json()) as { proof: { report: { verdict: string } } }).proof.report.verdict).toBe('refuted');
  });

  test('another address of the very same chain anchored nothing, whoever says so', async () => {
    const provider = new JsonRpcProvider(service.chain?.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
    const other = await provider.getSigner(7).then((signer) => signer.getAddress());
    provider.destroy();
    const told = { ...trust, contract: `31337:${other}` };
    expect(outcome(await verifier.verify(bundle, [photo], told))).toEqual(['refuted', ['anchor-on-chain']]);
    const posing = { ...bundle, anchor: { ...bundle.anchor, contract: other.toLowerCase() } };
    expect(outcome(await verifier.verify(posing, [photo], told))).toEqual(['refuted', ['anchor-on-chain']]);
  });
});
