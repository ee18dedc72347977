import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Client as PostgresClient } from 'pg';
import { DataSource } from 'typeorm';
import { openNote, parseReceipt, parseVerifierKey } from '../../../src/lib/note/index.js';
import { bytesToHex } from '../../../src/lib/bytes/index.js';
import { ReadWork } from '../../../src/modules/works/read-work.js';
import { type Client, clientOf, joinAs } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';
import { multipart, open, partOf, readAnswer, send } from './raw-http.js';
import { eventually, filePart, formPart, joinWithScopes, multipartHeaders, query, traces, upload, WORKS } from './support.js';

// What is said of a deposit afterwards: receipts and their retries, search, events, files.

let service: TestApplication;
let creator: Client;
let stranger: Client;

beforeAll(async () => {
  service = await startApplication();
  creator = await joinAs(service, 'creator');
  stranger = clientOf(service.url, null);
}, 60_000);
afterAll(() => service.stop());

async function deposit(client: Client, changes: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await client.post('/works', { ...minimalForm, contents: [declaredContent()], ...changes });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return String(body['number']);
}

/** Nobody reads `work` until the lock is given back: a search as slow as one gets. */
async function lockWorks({ database: { adminUrl } }: TestApplication): Promise<() => Promise<void>> {
  const locker = new PostgresClient({ connectionString: adminUrl });
  await locker.connect();
  await locker.query('BEGIN; LOCK TABLE work');
  let isLocked = true;
  return async () => {
    if (isLocked) await locker.end();
    isLocked = false;
  };
}

describe('receipts', () => {
  test('signed by the log key over the statement that is served; identical on every retry, on reading and in the history', async () => {
    const [key, bytes] = [{ 'Idempotency-Key': randomUUID() }, randomBytes(1_000)];
    const parts = [formPart(), filePart(bytes)];
    const first = await upload(service, creator, parts, key);
    expect(first.status).toBe(201);
    const receipt = String(first.body['receipt']);
    const vkey = (await (await fetch(`${service.url}/log/vkey`)).text()).trim();
    const opened = parseReceipt(openNote(receipt, [parseVerifierKey(vkey)]).text);
    expect(bytesToHex(opened.leafHash)).toBe((first.body['statement'] as { leafHash: string }).leafHash);
    expect(opened.origin).toBe(service.config.log.origin);
    expect(Date.parse(opened.mergeBy) - Date.parse(opened.acceptedAt)).toBe(service.config.log.mergeDelaySeconds * 1_000);
    const flipped = receipt.replace(/^(.*\n)(.)/, (_, origin: string, letter: string) => `${origin}${letter === 'A' ? 'B' : 'A'}`);
    expect(() => openNote(flipped, [parseVerifierKey(vkey)])).toThrow(expect.objectContaining({ code: 'NOTE.INVALID_SIGNATURE' }));

    for (let retry = 0; retry < 3; retry++) {
      const again = await upload(service, creator, parts, key);
      expect([again.status, again.headers['idempotent-replayed'], again.body]).toEqual([201, 'true', first.body]);
    }
    const path = `/works/${String(first.body['number'])}`;
    expect((await stranger.get(path)).body['receipt']).toBe(receipt);
    const { items } = (await stranger.get(`${path}/history`)).body as { items: { receipt: string; statement: { issuedAt: string } }[] };
    expect([items.length, items[0]?.receipt, items[0]?.statement.issuedAt]).toEqual([1, receipt, opened.acceptedAt]);
    expect(await query(service, 'SELECT 1 FROM work WHERE account_id = $1', [creator.accountId])).toHaveLength(1);
  });

  test('the same key with another file or another name is another request', async () => {
    const [key, bytes] = [{ 'Idempotency-Key': randomUUID() }, randomBytes(1_000)];
    await upload(service, creator, [formPart(), filePart(bytes)], key);
    for (const parts of [[formPart(), filePart(randomBytes(1_000))], [formPart(), filePart(bytes, 'other.jpg')], [formPart({ title: '另' }), filePart(bytes)]]) {
      expect(await upload(service, creator, parts, key)).toMatchObject({ status: 422, body: { code: 'HTTP.IDEMPOTENCY_KEY_REUSED' } });
    }
    expect((await traces(service)).staged).toEqual([]);
  });

  test('while the first upload with a key still runs, the second is told so before its files are taken; the third gets the answer', async () => {
    const [key, parts] = [{ 'Idempotency-Key': randomUUID() }, [formPart(), filePart(randomBytes(5_000))]];
    const body = multipart(parts);
    const socket = await open(service.url, { path: WORKS, headers: { ...multipartHeaders(creator), ...key, Connection: 'close', 'Content-Length': String(body.length) } });
    const answer = readAnswer(socket);
    const half = Buffer.concat(parts.map(partOf)).length - 1_000;
    socket.write(body.subarray(0, half));
    await eventually(async () => (await traces(service)).staged.length === 1);
    const second = await upload(service, creator, parts, key);
    expect([second.status, second.body['code'], second.headers['retry-after']]).toEqual([409, 'HTTP.IDEMPOTENCY_IN_FLIGHT', '1']);
    socket.write(body.subarray(half));
    const first = await answer;
    expect(first?.status).toBe(201);
    expect((await upload(service, creator, parts, key)).body).toEqual(first?.body);
  });

  test('amendment and withdrawal are answered once a key as well', async () => {
    const number = await deposit(creator);
    for (const [path, body] of [['amendments', { title: '改' }], ['withdrawal', { reason: 'mistake' }]] as const) {
      const headers = { 'idempotency-key': randomUUID() };
      const first = await creator.post(`/works/${number}/${path}`, body, headers);
      expect([first.status, (await creator.post(`/works/${number}/${path}`, body, headers)).body]).toEqual([201, first.body]);
    }
    expect(((await creator.get(`/works/${number}/history`)).body['items'] as unknown[]).length).toBe(3);
  });
});

describe('events', () => {
  test.each(['ZB-0000-0000-0000-0', 'ZB-0000-0000-0001-Y', 'nonsense'])('of %s, which is no work: 404 as a problem document', async (number) => {
    const answer = await send(service.url, { method: 'GET', path: `${WORKS}/${number}/events`, headers: { Accept: 'text/event-stream', Connection: 'close' } });
    expect(answer?.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer).toMatchObject({ status: 404, body: { code: 'WORKS.NOT_FOUND', requestId: answer?.headers['x-request-id'] } });
  });

  test('a listener that goes away is let go, and the next gets the state at once', async () => {
    const number = await deposit(creator);
    for (let i = 0; i < 3; i++) {
      const socket = await open(service.url, { method: 'GET', path: `${WORKS}/${number}/events`, headers: { Accept: 'text/event-stream' } });
      const first = await new Promise<string>((resolve) => socket.on('data', (chunk: Buffer) => /event: status/.test(chunk.toString()) && resolve(chunk.toString())));
      expect(first).toMatch(/"status":"(accepted|logged)"/);
      socket.destroy();
    }
  });

  test('one address has twenty streams and no more; one that ends makes room', async () => {
    const number = await deposit(creator);
    const listeners = new Set<AbortController>();
    const listen = async (): Promise<Response> => {
      const listener = new AbortController();
      const response = await fetch(`${service.url}${WORKS}/${number}/events`, { headers: { accept: 'text/event-stream' }, signal: listener.signal });
      if (response.ok) listeners.add(listener);
      return response;
    };
    // Refusals take no room, nor do listeners that go before their stream begins.
    for (let i = 0; i < 25; i++) {
      expect((await stranger.get('/works/nonsense/events')).status).toBe(404);
      (await open(service.url, { method: 'GET', path: `${WORKS}/${number}/events` })).destroy();
    }
    for (let i = 0; i < 20; i++) await eventually(async () => (await listen()).ok);
    const refused = await listen();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    expect(await refused.json()).toMatchObject({ code: 'HTTP.TOO_MANY_REQUESTS' });
    const [first] = listeners;
    first?.abort();
    await eventually(async () => (await listen()).ok);
    for (const listener of listeners) listener.abort();
  });
});

describe('Prefer: wait', () => {
  test('a deposit that was accepted is answered so, whatever goes wrong while its caller waits', async () => {
    const status = jest.spyOn(service.app.get(ReadWork, { strict: false }), 'status').mockRejectedValue(new Error('the connection to the database was lost'));
    try {
      const answer = await creator.post('/works', { ...minimalForm, contents: [declaredContent()] }, { prefer: 'wait=5' });
      expect(answer).toMatchObject({ status: 201, body: { status: 'accepted', receipt: expect.any(String) } });
      expect(status).toHaveBeenCalled();
    } finally {
      status.mockRestore();
    }
  });
});

describe('erasure', () => {
  test('asked for again after a lost answer it is done; what was never sealed is refused while nothing is erased', async () => {
    const number = await deposit(creator);
    const erase = async (client: Client, pointer: string): Promise<unknown[]> => {
      const { status, body } = await client.delete(`/works/${number}/disclosures?pointer=${pointer}`);
      return [status, body['code']];
    };
    expect(await erase(creator, '/owners/7/name')).toEqual([404, 'WORKS.DISCLOSURE_NOT_FOUND']);
    for (let i = 0; i < 2; i++) expect(await erase(creator, '/title')).toEqual([204, undefined]);
    expect((await creator.get(`/works/${number}`)).body['title']).toBeUndefined();
    expect(await erase(await joinAs(service, 'stranger'), '/title')).toEqual([403, 'WORKS.NOT_OWNER']);
    expect(await erase(creator, 'title')).toEqual([400, 'HTTP.INVALID_PARAMETER']);
  });
});

describe('search', () => {
  const numbersOf = async (client: Client, parameters: Readonly<Record<string, string | undefined>>): Promise<string[]> => {
    const { status, body } = await client.get(`/works?${new URLSearchParams(JSON.parse(JSON.stringify(parameters)) as Record<string, string>).toString()}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return (body['items'] as { number: string }[]).map(({ number }) => number);
  };

  test('by category, account, time and digest, alone and together', async () => {
    const [other, content] = [await joinAs(service, 'other'), declaredContent()];
    const mine = await deposit(other, { category: 'map-diagram', contents: [content] });
    const depositedAt = (await stranger.get(`/works?account=${other.accountId}`)).body['items'] as { depositedAt: string }[];
    const at = depositedAt[0]?.depositedAt ?? '';
    const later = new Date(Date.parse(at) + 1).toISOString();
    for (const parameters of [{ category: 'map-diagram' }, { account: other.accountId }, { sha256: content.sha256 }, { sha256: content.sha256.toUpperCase(), category: 'map-diagram', from: at, to: later }]) {
      expect(await numbersOf(stranger, parameters)).toEqual([mine]);
    }
    expect(await numbersOf(stranger, { account: other.accountId, to: at })).toEqual([]);
    expect(await numbersOf(stranger, { account: other.accountId, from: later })).toEqual([]);
    // The same instant in another zone.
    expect(await numbersOf(stranger, { account: other.accountId, from: `${new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, -1)}+08:00` })).toEqual([mine]);
    expect(await numbersOf(stranger, { account: creator.accountId, sha256: content.sha256 })).toEqual([]);
  });

  test('pages: every work once, in order, also when works of one instant are cut by a page and new ones arrive', async () => {
    const many = await joinAs(service, 'many');
    const numbers = await Promise.all(Array.from({ length: 25 }, () => deposit(many)));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await stranger.get(`/works?account=${many.accountId}&limit=4${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...(body['items'] as { number: string }[]).map(({ number }) => number));
      cursor = body['nextCursor'] as string | null;
      if (seen.length === 8) await deposit(many);
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(numbers.toSorted());
    expect(seen).toHaveLength(25);
    expect((await numbersOf(stranger, { account: many.accountId, limit: '100' })).slice(1)).toEqual(seen);
  });

  test('a search that takes too long is given up with advice; however many there are, everything else goes on, and the service has a limit for all it asks', async () => {
    const dataSource = service.app.get(DataSource);
    const { poolSize } = service.config.database;
    const unlock = await lockWorks(service);
    try {
      const searches = Array.from({ length: poolSize * 2 }, () => stranger.get('/works?q=龘'));
      const first = await Promise.race(searches);
      expect([first.status, first.body['code'], first.headers.get('retry-after')]).toEqual([503, 'HTTP.UNAVAILABLE', '10']);
      // Those that waited have taken the places of the first, and there are connections left.
      expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
      // Of many more, as many wait as may; the others are refused at once, and so is in the end who has waited too long.
      const mayWait = 20 * Math.floor(poolSize / 2);
      const refused: unknown[] = [];
      const more = Array.from({ length: mayWait + 10 }, async () => {
        const { status } = await stranger.get('/works?q=龘');
        if (status === 503) refused.push(status);
        return status;
      });
      await eventually(async () => refused.length >= 10);
      let over = 0;
      for (const search of searches) void search.then(({ status }) => (over += status === 503 ? 1 : 0));
      await eventually(async () => over > Math.floor(poolSize / 2));
      await unlock();
      expect((await Promise.all(searches)).map(({ status }) => status)).toContain(200);
      expect((await Promise.all(more)).filter((status) => status === 200).length).toBeGreaterThan(mayWait / 2);
    } finally {
      await unlock();
    }
    for (let i = 0; i < poolSize; i++) expect(await dataSource.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '5min' }]);
  }, 20_000);

  test('«me» needs someone and brings the confidential ones; nothing else does', async () => {
    const shy = await joinAs(service, 'shy');
    const [secret, content] = ['绝密', declaredContent()];
    const number = await deposit(shy, { title: secret, visibility: 'confidential', contents: [content] });
    expect(await numbersOf(shy, { account: 'me' })).toEqual([number]);
    for (const parameters of [{ account: shy.accountId }, { q: secret }, { sha256: content.sha256 }]) {
      expect(await numbersOf(stranger, parameters)).toEqual([]);
      expect(await numbersOf(creator, parameters)).toEqual([]);
      expect(await numbersOf(shy, parameters)).toEqual([]);
    }
    expect((await stranger.get('/works?account=me')).body['code']).toBe('HTTP.UNAUTHENTICATED');
  });

  test('a key that may not read works sees no more of its own account than a stranger', async () => {
    const writer = await joinWithScopes(service, ['works:write']);
    const content = declaredContent();
    const [open, closed] = [await deposit(writer), await deposit(writer, { visibility: 'confidential', contents: [content] })];
    expect([(await writer.get(`/works/${open}`)).body['isOwner'], (await writer.get(`/works/${closed}`)).status, (await writer.get(`/works/${closed}/proof?at=newest`)).status]).toEqual([false, 404, 404]);
    expect((await writer.get('/works?account=me')).body['code']).toBe('HTTP.UNAUTHENTICATED');
    expect((await writer.post('/verify', { sha256: content.sha256 })).body['contents']).toMatchObject([{ works: [] }]);
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'cursor=eyJhIjoxfQ', 'category=photo', 'account=1', 'from=yesterday', 'sha256=1', 'q=', 'q=%00', 'q=a%E2%80%AEb', 'q=%EF%BC%81', 'sort=relevance', 'sort=oldest', 'right=attribution', 'territory=EU', 'use=x', 'exclusive=1', 'facets=1', 'from=0000-01-01T00:00:00Z', 'to=2026-06-30T23:59:60Z', `cursor=${Buffer.from('["2026-01-01T00:00:00Z","9999999999999999999"]').toString('base64url')}`, `cursor=${Buffer.from('["2026-01-01T00:00:00Z","x"]').toString('base64url')}`])('?%s is refused', async (parameters) => {
    expect((await stranger.get(`/works?${parameters}`)).status).toBe(400);
  });
});

describe('files', () => {
  test('the original goes to its owner, byte for byte and never to be rendered; to nobody else, and never by digest', async () => {
    const bytes = Buffer.from('<html><script>alert(1)</script>'.padEnd(5_000, '夜'));
    const { body } = await upload(service, creator, [formPart(), filePart(bytes, 'page.html', 'text/html'), filePart('', 'empty')]);
    const [path, digest] = [`/works/${String(body['number'])}/contents/0`, createHash('sha256').update(bytes).digest('hex')];
    const answer = await fetch(`${service.url}/api/v1${path}`, { headers: { authorization: `Bearer ${creator.apiKey}` } });
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual([200, 'application/octet-stream', 'nosniff']);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${String(body['number'])}-0"`);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);

    const other = await joinAs(service, 'other');
    expect((await stranger.get(path)).body['code']).toBe('HTTP.UNAUTHENTICATED');
    expect((await other.get(path)).body['code']).toBe('WORKS.NOT_OWNER');
    expect((await (await joinWithScopes(service, ['works:write'])).get(path)).body['code']).toBe('HTTP.SCOPE_MISSING');
    const contents = path.slice(0, -2);
    for (const missing of [`${contents}/2`, `${contents}/${digest}`, `${contents}/-1`, `${contents}/99999`, `${contents}/0x0`, `${contents}/0%00`, `/contents/${digest}`, `/blobs/${digest}`]) {
      expect([missing, (await creator.get(missing)).status]).toEqual([missing, 404]);
    }
  });

  test('of a confidential work not even its existence is admitted; of a declared digest there is no file', async () => {
    const { body } = await upload(service, creator, [formPart({ visibility: 'confidential' }), filePart(randomBytes(10))]);
    const other = await joinAs(service, 'other');
    expect((await other.get(`/works/${String(body['number'])}/contents/0`)).body['code']).toBe('WORKS.NOT_FOUND');
    expect((await creator.get(`/works/${await deposit(creator)}/contents/0`)).body['code']).toBe('WORKS.NOT_FOUND');
  });
});

