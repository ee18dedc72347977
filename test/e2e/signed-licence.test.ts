import { randomBytes } from 'node:crypto';
import { computeDisclosureDigest, createDisclosure } from '../../src/lib/statement/index.js';
import { addKey, ed25519Key, signAct, type TestKey, walletKey } from '../support/actor-keys.js';
import { type Client, joinAsPerson, type Person } from '../support/http-client.js';
import { startApplication, type TestApplication } from '../support/start-application.js';
import { declaredContent, minimalForm } from '../support/work-forms.js';
import { eventually } from '../integration/works/support.js';
import { type Told, trustIn, Verifier } from './support.js';

// A licence that both parties sign with keys of their own, verified by the command offline and on the chain.

let service: TestApplication;
let verifier: Verifier;
let trust: Required<Told>;
let owner: { program: Client; person: Person };
let licensee: { program: Client; person: Person };

beforeAll(async () => {
  [service, verifier] = await Promise.all([startApplication({ chain: true }), Verifier.open()]);
  [owner, licensee, trust] = await Promise.all([joinAsPerson(service, 'owner'), joinAsPerson(service, 'licensee'), trustIn(service)]);
}, 120_000);
afterAll(async () => {
  await verifier?.close();
  await service?.stop();
});

const SCOPE = { rights: ['network-dissemination'], territories: ['CN'], uses: ['streaming'], languages: ['*'], term: { from: '2030-01-01', to: '2034-12-31' } };

interface Bundle { readonly anchor: unknown; readonly chains: { readonly subject: string; readonly entries: { readonly statement: { readonly type: string } }[] }[] }
const bundleOf = async (number: string, at: 'anchored' | 'newest') => (await owner.program.get(`/licences/${number}/proof?at=${at}`)).body as unknown as Bundle;
const typesOf = ({ chains: [own] }: Bundle) => (own?.entries ?? []).map(({ statement }) => statement.type);
const subjectsOf = ({ chains }: Bundle) => chains.map(({ subject }) => subject);

async function sign({ program }: { program: Client }, number: string, key: TestKey): Promise<void> {
  const sha256 = String((await program.get(`/licences/${number}/contract`)).body['sha256']);
  const disclosure = createDisclosure('/contractSha256', sha256, randomBytes(16));
  const signature = await signAct(key, { actor: `acct:${program.accountId}`, type: 'licence.signed', subject: number, body: {}, sealed: [computeDisclosureDigest(disclosure)] });
  expect((await program.post(`/licences/${number}/signature`, { signature: { ...signature }, disclosure })).status).toBe(201);
}

const mine = (on: boolean) => fetch(trust.rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ jsonrpc: '2.0', id: 1, method: 'evm_setAutomine', params: [on] }, ...(on ? [{ jsonrpc: '2.0', id: 2, method: 'evm_mine', params: [] }] : [])]) });

test('signed by both parties; a signature that is not anchored yet takes nothing from what is', async () => {
  const work = String((await owner.program.post('/works', { ...minimalForm, category: 'literary', contents: [declaredContent()] })).body['number']);
  const licence = String((await owner.program.post(`/works/${work}/licences`, { licensee: licensee.program.accountId, exclusivity: 'non-exclusive', scope: SCOPE })).body['number']);
  expect((await licensee.program.post(`/licences/${licence}/acceptance`, {})).status).toBe(201);
  const before = ['licence.granted', 'licence.accepted'];
  const after = [...before, 'licence.signed', 'licence.signed'];
  await eventually(async () => {
    const bundle = await bundleOf(licence, 'anchored');
    return bundle.anchor !== null && bundle.anchor !== undefined && typesOf(bundle).length === before.length;
  });

  // From now on nothing more is anchored.
  await mine(false);
  const [ed25519, wallet] = [ed25519Key(), walletKey()];
  expect([(await addKey(owner.person, ed25519)).status, (await addKey(licensee.person, wallet)).status]).toEqual([201, 201]);
  await sign(owner, licence, ed25519);
  await sign(licensee, licence, wallet);
  await eventually(async () => typesOf(await bundleOf(licence, 'newest')).length === after.length);
  const anchored = await bundleOf(licence, 'anchored');
  expect([typesOf(anchored), subjectsOf(anchored)]).toEqual([before, [licence, work]]);
  expect(await verifier.verify(anchored, [], trust)).toMatchObject({ verdict: 'verified', results: { 'anchor-on-chain': 'pass', signatures: 'skipped' } });
  expect(await verifier.verify(await bundleOf(licence, 'newest'), [], trust)).toMatchObject({ verdict: 'unconfirmed', results: { signatures: 'pass' } });

  await mine(true);
  const bundle = await eventually(async () => {
    const one = await bundleOf(licence, 'anchored');
    return typesOf(one).length === after.length ? one : null;
  });
  expect([typesOf(bundle), subjectsOf(bundle)]).toEqual([after, [licence, work, `acct:${owner.program.accountId}`, `acct:${licensee.program.accountId}`]]);
  const told = await verifier.run(bundle, [], trust);
  expect(told).toMatchObject({ exitCode: 0, verdict: 'verified', results: { signatures: 'pass', 'anchor-on-chain': 'pass' } });
}, 120_000);
