import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Client as Database } from 'pg';
import { type Client, clientOf, joinAs } from '../support/http-client.js';
import { startApplication, type TestApplication } from '../support/start-application.js';
import { minimalForm } from '../support/work-forms.js';
import { depositFile, failedChecks, historyOf, openAll, type Told, trustIn, untilFinal, Verifier } from './support.js';

// Confidential deposit and disclosure, amendment, withdrawal, erasure: each seen by its owner, by strangers, and by the verifier on its own.

let service: TestApplication;
let verifier: Verifier;
let creator: Client;
let stranger: Client;
let nobody: Client;
let trust: Required<Told>;

beforeAll(async () => {
  [service, verifier] = await Promise.all([startApplication({ chain: true }), Verifier.open()]);
  [creator, stranger] = await Promise.all([joinAs(service, 'creator'), joinAs(service, 'stranger')]);
  nobody = clientOf(service.url, null);
  trust = await trustIn(service);
}, 60_000);
afterAll(async () => {
  await service.stop();
  await verifier.close();
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Bundle { chains: { entries: { statement: unknown; disclosures: string[] }[] }[]; anchor: unknown }

async function bundleOf(client: Client, number: string, disclose: readonly string[] = []): Promise<Bundle> {
  const { status, body } = await client.get(`/works/${number}/proof?${disclose.map((pointer) => `disclose=${encodeURIComponent(pointer)}`).join('&')}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as unknown as Bundle;
}

const pointersOf = (bundle: Bundle): string[] => bundle.chains.flatMap(({ entries }) => entries.flatMap(({ disclosures }) => openAll(disclosures).map(([pointer]) => pointer))).toSorted();

describe('a confidential work', () => {
  const script = randomBytes(20_000);
  const title = `未公开剧本 ${randomUUID()}`;
  let number: string;

  beforeAll(async () => {
    const deposited = await depositFile(creator, script, { ...minimalForm, title, visibility: 'confidential' }, '剧本.pdf');
    number = deposited.number;
    await untilFinal(creator, number);
  }, 60_000);

  test('answers strangers everywhere like a number that was never given', async () => {
    const never = 'ZB-0000-0000-0001-Y';
    for (const caller of [stranger, nobody]) {
      for (const path of ['', '/history', '/proof', '/proof?at=newest', '/proof?disclose=/title', '/events']) {
        const [real, unreal] = await Promise.all([caller.get(`/works/${number}${path}`), caller.get(`/works/${never}${path}`)]);
        const { requestId: _, ...problem } = real.body;
        const { requestId: __, ...other } = unreal.body;
        expect([path, real.status, problem]).toEqual([path, 404, other]);
        expect(problem['code']).toBe('WORKS.NOT_FOUND');
      }
    }
    expect((await stranger.get(`/works/${number}/contents/0`)).body['code']).toBe('WORKS.NOT_FOUND');
    expect((await stranger.post(`/works/${number}/amendments`, { title: 'x' })).body['code']).toBe('WORKS.NOT_FOUND');
    expect((await stranger.post(`/works/${number}/withdrawal`, { reason: 'not-mine' })).body['code']).toBe('WORKS.NOT_FOUND');
    expect((await stranger.delete(`/works/${number}/disclosures?pointer=/title`)).body['code']).toBe('WORKS.NOT_FOUND');
  });

  test('is found by nobody but its owner: not by title, account or digest, and never as a conflict', async () => {
    const digest = sha256(script);
    for (const query of [`q=${encodeURIComponent(title)}`, `account=${creator.accountId}`, `sha256=${digest}`]) {
      for (const caller of [stranger, nobody]) expect((await caller.get(`/works?${query}`)).body['items']).toEqual([]);
    }
    expect((await creator.get('/works?account=me')).body['items']).toMatchObject([{ number, title, visibility: 'confidential' }]);
    expect((await nobody.post('/verify', { sha256: digest })).body['contents']).toMatchObject([{ works: [] }]);
    expect((await creator.post('/verify', { sha256: digest })).body['contents']).toMatchObject([{ works: [{ number }] }]);
    // The same file, deposited by someone else: no 409, in the open or not, and nothing said.
    for (const visibility of ['confidential', 'public']) expect((await depositFile(stranger, script, { ...minimalForm, visibility })).status).toBe(201);
    // Nor does its owner's confidential deposit meet the other's public claim.
    expect((await depositFile(creator, script, { ...minimalForm, visibility: 'confidential' })).status).toBe(201);
  });

  test('the log shows only that something was deposited', async () => {
    const statement = (await historyOf(creator, number))[0]!.statement;
    const text = JSON.stringify(statement);
    for (const secret of [title, '林舟', '阿舟', '剧本', 'Shenzhen', sha256(script), '20000', 'application']) expect(text).not.toContain(secret);
    for (const member of ['contents', 'authors', 'creation', 'publication', 'title']) expect(statement.body).not.toHaveProperty(member);
  });

  test('discloses what its owner names, with what holds it, and nothing else; the verifier then knows the file', async () => {
    const closed = await bundleOf(creator, number);
    expect(pointersOf(closed)).toEqual([]);
    expect(await verifier.verify(closed, [], trust)).toMatchObject({ verdict: 'verified' });
    expect(await verifier.run(closed, [script], trust)).toMatchObject({ exitCode: 3, verdict: 'unconfirmed', results: { content: 'skipped' } });

    const one = await bundleOf(creator, number, ['/owners/0/name']);
    expect(openAll(one.chains[0]!.entries[0]!.disclosures)).toEqual([['/owners/0/name', '林舟']]);

    const nested = await bundleOf(creator, number, ['/contents/0/name']);
    expect(pointersOf(nested)).toEqual(['/contents', '/contents/0/name']);
    expect(await verifier.run(nested, [script], trust)).toMatchObject({ exitCode: 0, verdict: 'verified', results: { content: 'pass', disclosures: 'pass', 'anchor-on-chain': 'pass' } });
    const flipped = Buffer.from(script);
    flipped[7]! ^= 1;
    expect(await verifier.run(nested, [flipped], trust)).toMatchObject({ exitCode: 1, verdict: 'refuted', results: { content: 'fail' } });

    const several = await bundleOf(creator, number, ['/title', '/authors']);
    expect(pointersOf(several)).toEqual(['/authors', '/title']);

    const all = await bundleOf(creator, number, ['/']);
    expect(pointersOf(all)).toEqual(['/authors', '/authors/0/creditedAs', '/authors/0/name', '/contents', '/contents/0/name', '/creation', '/owners/0/name', '/publication', '/title']);
    expect(await verifier.verify(all, [script], trust)).toMatchObject({ verdict: 'verified' });
    // A disclosure whose parent is left out has no place to go.
    const orphan = structuredClone(nested);
    orphan.chains[0]!.entries[0]!.disclosures = orphan.chains[0]!.entries[0]!.disclosures.filter((text) => openAll([text])[0]![0] !== '/contents');
    expect(failedChecks(await verifier.verify(orphan, [], trust))).toEqual(['disclosures']);

    expect((await creator.get(`/works/${number}/proof?disclose=/owners/0/identity`)).body['code']).toBe('WORKS.DISCLOSURE_NOT_FOUND');
    expect((await creator.get(`/works/${number}/proof?disclose=owners`)).status).toBe(400);
  });

  test('amended, it still says nothing in the open', async () => {
    const amendment = { title: '改定剧本', creation: { nature: 'adaptation', completedOn: '2026-06-01' }, authors: [{ name: '周林', signedAs: 'real-name' }], reason: '改名' };
    expect((await creator.post(`/works/${number}/amendments`, amendment)).status).toBe(201);
    const [, amended] = await untilFinal(creator, number);
    expect(amended?.statement.body).toEqual({ replaces: ['authors', 'creation', 'title'] });
    expect((await creator.get(`/works/${number}`)).body).toMatchObject({ title: '改定剧本', creation: { nature: 'adaptation' }, authors: [{ name: '周林', creditedAs: '周林', signedAs: 'real-name' }] });
    const all = await bundleOf(creator, number, ['/']);
    expect(await verifier.verify(all, [script], trust)).toMatchObject({ verdict: 'verified', results: { 'chain-of-entries': 'pass' } });
  });
});

describe('amendment and withdrawal', () => {
  test('are statements after the deposit: the chain verifies, the earlier words stay, the digests are free again', async () => {
    const photo = randomBytes(5_000);
    const { number } = await depositFile(creator, photo, { ...minimalForm, title: '原名' });
    expect((await stranger.post(`/works/${number}/amendments`, { title: '盗名' })).body['code']).toBe('WORKS.NOT_OWNER');
    expect((await creator.post(`/works/${number}/amendments`, { reason: 'none' })).body['code']).toBe('WORKS.AMENDMENT_EMPTY');
    expect((await creator.post(`/works/${number}/amendments`, { owners: [] })).status).toBe(400);
    expect((await creator.post(`/works/${number}/amendments`, { title: '新名', category: 'fine-art' })).body).toMatchObject({ seq: 1, number });
    expect((await depositFile(stranger, photo, minimalForm)).body['code']).toBe('WORKS.ALREADY_CLAIMED');
    expect((await creator.post(`/works/${number}/withdrawal`, { reason: 'duplicate' })).body).toMatchObject({ seq: 2 });

    const history = await untilFinal(creator, number);
    expect(history.map(({ type, statement }) => [type, statement.prev])).toEqual([['work.deposited', null], ['work.amended', history[0]?.leafHash], ['work.withdrawn', history[1]?.leafHash]]);
    const read = (await nobody.get(`/works/${number}`)).body;
    expect(read).toMatchObject({ title: '新名', category: 'fine-art', withdrawnAt: expect.stringMatching(/Z$/) });
    expect(openAll(history[0]!.disclosures)).toEqual(expect.arrayContaining([['/title', '原名']]));
    expect((await nobody.get(`/works?q=原名&account=${creator.accountId}`)).body['items']).toEqual([]);
    expect((await nobody.get(`/works?q=新名&account=${creator.accountId}`)).body['items']).toMatchObject([{ number }]);

    const bundle = await bundleOf(nobody, number);
    expect(bundle.chains[0]?.entries).toHaveLength(3);
    expect(await verifier.verify(bundle, [photo], trust)).toMatchObject({ verdict: 'verified', results: { 'chain-of-entries': 'pass', inclusion: 'pass' } });
    // A chain that hides its withdrawal in the middle is refuted; one that leaves off its end cannot be, and says so.
    const hidden = structuredClone(bundle);
    hidden.chains[0]!.entries.splice(1, 1);
    expect(failedChecks(await verifier.verify(hidden, [photo], trust))).toEqual(['chain-of-entries']);

    for (const [path, body] of [['amendments', { title: '再改' }], ['withdrawal', { reason: 'other' }]] as const) {
      expect((await creator.post(`/works/${number}/${path}`, body)).body['code']).toBe('WORKS.WITHDRAWN');
    }
    expect((await depositFile(stranger, photo, minimalForm)).status).toBe(201);
  }, 60_000);
});

describe('erasure', () => {
  /** Every way in which the database could still hold a text: as it is, in hex (bytea), in base64 at each of its three phases. */
  function spellings(secret: string): string[] {
    const bytes = Buffer.from(secret);
    const base64 = [0, 1, 2].map((phase) => {
      const text = Buffer.concat([Buffer.alloc(phase), bytes]).toString('base64url');
      return text.slice(Math.ceil((phase * 8) / 6), Math.floor(((phase + bytes.length) * 8) / 6));
    });
    return [secret, bytes.toString('hex'), ...base64];
  }

  async function tablesHolding(secret: string): Promise<string[]> {
    const database = new Database({ connectionString: service.database.adminUrl });
    await database.connect();
    try {
      const { rows: tables } = await database.query<{ name: string }>(`SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`);
      const holding = [];
      for (const { name } of tables) {
        const { rows } = await database.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE ANY ($1) LIMIT 1`, [spellings(secret).map((spelling) => `%${spelling.replaceAll('_', '\\_')}%`)]);
        if (rows.length > 0) holding.push(name);
      }
      return holding;
    } finally {
      await database.end();
    }
  }

  test('what is erased is gone from reading, history, search, bundles and database; every proof still verifies', async () => {
    const photo = randomBytes(5_000);
    const [title, name, amended, fileName] = [`题${randomUUID()}`, `名${randomUUID()}`, `改${randomUUID()}`, `档${randomUUID()}.jpg`];
    const { number } = await depositFile(creator, photo, { ...minimalForm, title, owners: [{ name, kind: 'person', shareBps: 10_000, address: '某路一号' }] }, fileName);
    const headers = { 'idempotency-key': randomUUID() };
    expect((await creator.post(`/works/${number}/amendments`, { title: amended }, headers)).status).toBe(201);
    await untilFinal(creator, number);
    const before = await bundleOf(creator, number, ['/']);
    expect(await tablesHolding(name)).toEqual(['public.statement_disclosure']);
    expect((await tablesHolding(amended)).toSorted()).toEqual(['public.statement_disclosure', 'public.work']);

    expect((await stranger.delete(`/works/${number}/disclosures?pointer=/title`)).body['code']).toBe('WORKS.NOT_OWNER');
    expect((await creator.delete(`/works/${number}/disclosures?pointer=/owners/1`)).body['code']).toBe('WORKS.DISCLOSURE_NOT_FOUND');
    // A subtree goes whole; a title goes wherever a statement has said one.
    for (const pointer of ['/owners/0', '/title', '/contents/0/name']) expect((await creator.delete(`/works/${number}/disclosures?pointer=${pointer}`)).status).toBe(204);
    // Asked for again, as after a lost answer.
    for (const pointer of ['/owners/0', '/title']) expect((await creator.delete(`/works/${number}/disclosures?pointer=${pointer}`)).status).toBe(204);

    for (const secret of [title, name, amended, fileName, '某路一号']) {
      expect([secret, await tablesHolding(secret)]).toEqual([secret, []]);
      for (const path of [`/works/${number}`, `/works/${number}/history`, `/works/${number}/proof?disclose=/`]) expect(JSON.stringify((await creator.get(path)).body)).not.toContain(secret);
      expect((await nobody.get(`/works?q=${encodeURIComponent(secret)}`)).body['items']).toEqual([]);
    }
    expect((await nobody.get(`/works?account=${creator.accountId}&sha256=${sha256(photo)}`)).body['items']).toMatchObject([{ number, title: null }]);

    const after = await bundleOf(creator, number, ['/']);
    expect(after.chains[0]?.entries.map(({ statement }) => statement)).toEqual(before.chains[0]?.entries.map(({ statement }) => statement));
    expect(pointersOf(after)).toEqual(['/authors/0/creditedAs', '/authors/0/name']);
    expect(await verifier.run(after, [photo], trust)).toMatchObject({ exitCode: 0, verdict: 'verified', results: { disclosures: 'pass', content: 'pass' } });
    // Whoever kept the old bundle can still show what was disclosed: that is the nature of having been told.
    expect(await verifier.verify(before, [photo], trust)).toMatchObject({ verdict: 'verified' });
  }, 60_000);
});
