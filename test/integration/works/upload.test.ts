import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UploadReserve } from '../../../src/modules/works/upload-reserve.js';
import { type Client, joinAs } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { multipart, open, partOf, type Part, readAnswer, send } from './raw-http.js';
import { eventually, filePart, formPart, multipartHeaders, query, traces, upload, WORKS } from './support.js';

// Multipart deposits as broken and hostile clients send them. After each refusal: no work, no statement, no staging file.

const MAX_FILE_BYTES = 200_000;
let service: TestApplication;
let creator: Client;

beforeAll(async () => {
  service = await startApplication({ env: { MAX_FILE_BYTES: String(MAX_FILE_BYTES), DATABASE_POOL_SIZE: '4' } });
  creator = await joinAs(service, 'creator');
}, 60_000);
afterAll(() => service.stop());

const fresh = (bytes = 64): Buffer => randomBytes(bytes);

/** @returns the code of the refusal; fails when the refused deposit left a trace. */
async function refuse(parts: readonly Part[], headers: Record<string, string> = {}): Promise<{ status: number; code: unknown; pointers: string[] }> {
  const before = await traces(service);
  const { status, headers: answered, body } = await upload(service, creator, parts, headers);
  expect(answered['content-type']).toMatch(/^application\/problem\+json/);
  expect(await traces(service)).toEqual({ ...before, staged: [] });
  return { status, code: body['code'], pointers: ((body['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer) };
}

test('a good deposit: digests of what arrived, file names sealed, the file with its owner only', async () => {
  const [first, second] = [fresh(150_000), fresh()];
  const { status, body } = await upload(service, creator, [formPart(), filePart(first, '夜航📷.jpg'), filePart(second, 'ünïcode — заметки.txt', 'text/plain')]);
  expect(status).toBe(201);
  const work = await creator.get(`/works/${String(body['number'])}`);
  expect(work.body['contents']).toEqual([
    { name: '夜航📷.jpg', mediaType: 'image/jpeg', byteLength: 150_000, sha256: digest('sha256', first), sm3: digest('sm3', first), deposit: 'held' },
    { name: 'ünïcode — заметки.txt', mediaType: 'text/plain', byteLength: 64, sha256: digest('sha256', second), sm3: digest('sm3', second), deposit: 'held' },
  ]);
  expect((await traces(service)).staged).toEqual([]);
});

describe('a disk of which only the reserve is left', () => {
  let hasRoom: jest.SpyInstance<Promise<boolean>>;

  beforeEach(() => { hasRoom = jest.spyOn(service.app.get(UploadReserve), 'hasRoom'); });
  afterEach(() => hasRoom.mockRestore());

  test('no upload is begun', async () => {
    hasRoom.mockResolvedValue(false);
    expect(await refuse([formPart(), filePart(fresh())])).toMatchObject({ status: 503, code: 'STORAGE.FULL' });
  });

  test('one that is under way when it comes to that is given up', async () => {
    const before = await traces(service);
    const socket = await open(service.url, { path: WORKS, headers: { ...multipartHeaders(creator), 'Content-Length': '150000' } });
    const answer = readAnswer(socket);
    socket.write(partOf(formPart()));
    socket.write(partOf(filePart(fresh(60_000))).subarray(0, 50_000));
    await eventually(async () => (await traces(service)).staged.length === 1);
    hasRoom.mockResolvedValue(false);
    expect(await answer).toMatchObject({ status: 503, body: { code: 'STORAGE.FULL' } });
    expect(await traces(service)).toEqual({ ...before, staged: [] });
    socket.destroy();
  });
});

describe('bodies that end too early', () => {
  test.each([
    ['within a file', () => Buffer.concat([partOf(formPart()), partOf(filePart(fresh(5_000))).subarray(0, 2_000)])],
    ['within the headers of a part', () => Buffer.concat([partOf(formPart()), partOf(filePart(fresh())).subarray(0, 40)])],
    ['before the closing delimiter', () => multipart([formPart(), filePart(fresh())], { end: false })],
    ['at once', () => Buffer.alloc(0)],
  ])('%s: a 4xx and nothing kept', async (_, body) => {
    const before = await traces(service);
    const answer = await send(service.url, { path: WORKS, headers: multipartHeaders(creator), body: body() });
    expect(answer?.status).toBe(400);
    expect(['WORKS.UPLOAD_INTERRUPTED', 'WORKS.FORM_MISSING']).toContain(answer?.body['code']);
    expect(await traces(service)).toEqual({ ...before, staged: [] });
  });

  test('a sender that vanishes in the middle of a file leaves nothing behind', async () => {
    const before = await traces(service);
    const socket = await open(service.url, { path: WORKS, headers: { ...multipartHeaders(creator), 'Content-Length': '150000' } });
    socket.write(partOf(formPart()));
    socket.write(partOf(filePart(fresh(60_000))).subarray(0, 50_000));
    await eventually(async () => (await traces(service)).staged.length === 1);
    socket.destroy();
    await eventually(async () => (await traces(service)).staged.length === 0);
    expect(await traces(service)).toEqual({ ...before, staged: [] });
  });

  test('so does one that closes its half and waits for an answer', async () => {
    const socket = await open(service.url, { path: WORKS, headers: { ...multipartHeaders(creator), 'Content-Length': '150000' } });
    const answer = readAnswer(socket);
    socket.end(Buffer.concat([partOf(formPart()), partOf(filePart(fresh(60_000))).subarray(0, 50_000)]));
    expect((await answer)?.status ?? 400).toBe(400);
    await eventually(async () => (await traces(service)).staged.length === 0);
  });

  test('chunked transfer that breaks off', async () => {
    const socket = await open(service.url, { path: WORKS, headers: { ...multipartHeaders(creator), 'Transfer-Encoding': 'chunked' } });
    const body = Buffer.concat([partOf(formPart()), partOf(filePart(fresh(5_000)))]);
    socket.write(`${body.length.toString(16)}\r\n`);
    socket.write(body.subarray(0, 3_000));
    socket.destroy();
    await eventually(async () => (await traces(service)).staged.length === 0);
  });
});

describe('files that cannot be', () => {
  test('no file, only empty files', async () => {
    expect(await refuse([formPart()])).toEqual({ status: 422, code: 'WORKS.NO_FILES', pointers: ['/files'] });
    expect(await refuse([formPart(), filePart('')])).toMatchObject({ status: 422, code: 'WORKS.FILE_EMPTY' });
    expect(await refuse([formPart(), filePart('', 'a'), filePart('', 'b')])).toMatchObject({ status: 422, code: 'WORKS.FILE_EMPTY' });
  });

  test('an empty file beside a full one is kept', async () => {
    const { status, body } = await upload(service, creator, [formPart(), filePart(fresh()), filePart('', 'empty.txt', 'text/plain')]);
    expect(status).toBe(201);
    const work = await creator.get(`/works/${String(body['number'])}`);
    expect(work.body['contents']).toMatchObject([{ byteLength: 64 }, { byteLength: 0, sha256: digest('sha256', Buffer.alloc(0)) }]);
  });

  test('over MAX_FILE_BYTES; exactly that many is allowed', async () => {
    expect(await refuse([formPart(), filePart(fresh(MAX_FILE_BYTES + 1))])).toMatchObject({ status: 413, code: 'WORKS.FILE_TOO_LARGE' });
    expect(await refuse([formPart(), filePart(fresh()), filePart(fresh(MAX_FILE_BYTES + 50_000), 'b.jpg')])).toMatchObject({ status: 413, code: 'WORKS.FILE_TOO_LARGE' });
    expect((await upload(service, creator, [formPart(), filePart(fresh(MAX_FILE_BYTES))])).status).toBe(201);
  });

  test('51 files; 50 are allowed', async () => {
    const files = Array.from({ length: 51 }, (_, i) => filePart(fresh(), `${i}.jpg`));
    expect(await refuse([formPart(), ...files])).toMatchObject({ status: 413, code: 'WORKS.TOO_MANY_FILES' });
    const { status, body } = await upload(service, creator, [formPart(), ...files.slice(0, 50)]);
    expect(status).toBe(201);
    expect((await creator.get(`/works/${String(body['number'])}`)).body['contents']).toHaveLength(50);
  });

  test('a file without a name is not passed over in silence', async () => {
    const octets = 'application/octet-stream';
    expect(await refuse([formPart(), filePart(fresh()), filePart(fresh(), '', octets)])).toEqual({ status: 400, code: 'WORKS.FILE_NAME_INVALID', pointers: [] });
    expect(await refuse([formPart(), filePart(fresh()), filePart(fresh(), '', 'image/jpeg')])).toMatchObject({ status: 400, code: 'WORKS.FORM_INVALID' });
    // A browser's file field that nobody filled in.
    expect((await upload(service, creator, [formPart(), filePart(fresh()), filePart('', '', octets)])).status).toBe(201);
  });

  test('what is declared beside the files must be so', async () => {
    const bytes = fresh();
    const right = { name: 'night.jpg', byteLength: 64, sha256: digest('sha256', bytes), sm3: digest('sm3', bytes) };
    const zeros = '0'.repeat(64);
    expect(await refuse([formPart({ contents: [{ ...right, sha256: zeros }] }), filePart(bytes)])).toEqual({ status: 422, code: 'WORKS.FILE_MISDECLARED', pointers: ['/contents/0/sha256'] });
    expect(await refuse([formPart({ contents: [{ ...right, sm3: zeros, byteLength: 65 }] }), filePart(bytes)])).toEqual({ status: 422, code: 'WORKS.FILE_MISDECLARED', pointers: ['/contents/0/byteLength', '/contents/0/sm3'] });
    expect(await refuse([formPart({ contents: [right, right] }), filePart(bytes)])).toEqual({ status: 422, code: 'WORKS.FILE_MISDECLARED', pointers: ['/contents'] });
    expect(await refuse([formPart({ contents: [{ ...right, sha256: 'XYZ' }] }), filePart(bytes)])).toEqual({ status: 400, code: 'WORKS.FORM_INVALID', pointers: ['/contents/0/sha256'] });
    expect((await upload(service, creator, [formPart({ contents: [right] }), filePart(bytes)])).status).toBe(201);
  });

  test.each([
    ['a path', '../../etc/passwd'], ['an absolute path', '/etc/passwd'], ['a Windows path', String.raw`C:\\Users\\me\\night.jpg`], ['dots', '..'],
    ['300 characters', `${'n'.repeat(296)}.jpg`], ['a bell', 'night\u0007.jpg'], ['a direction override', 'night\u202Egpj.exe'], ['a NUL', 'night.jpg\u0000.exe'], ['an escaped line break', 'night%0D%0A.jpg'],
  ])('a name that is %s', async (_, name) => {
    const { status, code } = await refuse([formPart(), filePart(fresh(), name)]);
    expect({ status, code: ['WORKS.FILE_NAME_INVALID', 'WORKS.FORM_INVALID', 'WORKS.UPLOAD_INTERRUPTED'].includes(String(code)) }).toEqual({ status: 400, code: true });
  });

  test('a name of 255 characters, one with quotes, one that says nothing of a type', async () => {
    const names = [`${'名'.repeat(251)}.jpg`, 'she said %22no%22.jpg', '.hidden'];
    const { status, body } = await upload(service, creator, [formPart(), ...names.map((name) => filePart(fresh(), name, 'NoType'))]);
    expect(status).toBe(201);
    expect((await creator.get(`/works/${String(body['number'])}`)).body['contents']).toMatchObject([
      // RFC 7578, section 4.4: the default.
      { name: names[0], mediaType: 'text/plain' }, { name: 'she said "no".jpg' }, { name: '.hidden' },
    ]);
  });
});

describe('parts that are not as they should be', () => {
  test('the form after the files is as good as before them', async () => {
    expect((await upload(service, creator, [filePart(fresh()), formPart()])).status).toBe(201);
    // And refused as clearly.
    expect(await refuse([filePart(fresh()), formPart({ title: '' })])).toEqual({ status: 400, code: 'WORKS.FORM_INVALID', pointers: ['/title'] });
  });

  test('a form that names evidence which was not sent', async () => {
    const evidence = { acquisition: 'inheritance', acquisitionEvidence: ['will.pdf'] };
    expect(await refuse([formPart(evidence), filePart(fresh())])).toEqual({ status: 400, code: 'WORKS.FORM_INVALID', pointers: ['/acquisitionEvidence/0'] });
    expect((await upload(service, creator, [formPart(evidence), filePart(fresh()), filePart(fresh(), 'will.pdf')])).status).toBe(201);
  });

  test('a wrong form that comes first is refused before the files are taken', async () => {
    const socket = await open(service.url, { path: WORKS, headers: { ...multipartHeaders(creator), 'Content-Length': '150000' } });
    const answer = readAnswer(socket);
    socket.write(Buffer.concat([partOf(formPart({ category: 'photo' })), partOf(filePart(fresh(5_000))).subarray(0, 4_000)]));
    // Most of the body was never sent.
    expect(await answer).toMatchObject({ status: 400, body: { code: 'WORKS.FORM_INVALID', errors: [{ pointer: '/category' }] } });
  });

  test('no form, two forms, a form that is too long, one that is not JSON', async () => {
    expect(await refuse([filePart(fresh())])).toEqual({ status: 400, code: 'WORKS.FORM_MISSING', pointers: ['/work'] });
    expect(await refuse([formPart(), formPart(), filePart(fresh())])).toMatchObject({ status: 400, code: 'WORKS.FORM_INVALID' });
    expect(await refuse([formPart({ workStatement: { purpose: '画'.repeat(40_000) } }), filePart(fresh())])).toMatchObject({ status: 413, code: 'WORKS.FORM_TOO_LARGE' });
    for (const body of ['', '{', 'null', '[]', '"title"', '{"title":"a","title":"b"}', `${'['.repeat(100)}${']'.repeat(100)}`, '{"title":1e999}', '{"a":9007199254740993}', '{"title":"\\ud800"}', Buffer.from([0x7b, 0xff, 0x7d])]) {
      expect(await refuse([{ name: 'work', body }, filePart(fresh())])).toMatchObject({ status: 400 });
    }
  });

  test('the form as a file part, the files as a field, wrong names, names that build arrays or prototypes', async () => {
    expect(await refuse([{ name: 'work', filename: 'work.json', type: 'application/json', body: formPart().body }, filePart(fresh())])).toMatchObject({ status: 400 });
    expect(await refuse([formPart(), { name: 'file', filename: 'a.jpg', body: 'x' }])).toMatchObject({ status: 400, code: 'WORKS.FORM_INVALID' });
    expect(await refuse([formPart(), { name: 'files', body: 'x' }])).toMatchObject({ status: 400, code: 'WORKS.FORM_INVALID' });
    for (const name of ['works', 'work[]', 'work[title]', '__proto__', 'constructor', '__proto__[work]', 'work[9999999]', '']) {
      expect(await refuse([{ name, body: formPart().body }, filePart(fresh())])).toMatchObject({ status: 400 });
    }
  });

  test('multipart without a boundary, and with another one than the body has', async () => {
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=other', 'multipart/form-data; boundary=']) {
      expect(await refuse([formPart(), filePart(fresh())], { 'Content-Type': type })).toMatchObject({ status: 400 });
    }
    expect(await refuse([formPart()], { 'Content-Type': 'multipart/mixed; boundary=zhengben-test-boundary' })).toMatchObject({ status: 415 });
    expect(await refuse([formPart()], { 'Content-Type': 'text/plain' })).toMatchObject({ status: 415 });
  });

  test('a part of one hundred thousand header bytes, and a hundred parts', async () => {
    const long = Buffer.from(`--zhengben-test-boundary\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\nbody\r\n`);
    const before = await traces(service);
    const body = Buffer.concat([partOf(formPart()), long, Buffer.from('--zhengben-test-boundary--\r\n')]);
    const answer = await send(service.url, { path: WORKS, headers: multipartHeaders(creator), body });
    expect(answer?.status).toBe(400);
    expect(await traces(service)).toEqual({ ...before, staged: [] });
    expect(await refuse(Array.from({ length: 100 }, (_, i) => ({ name: `field${i}`, body: 'x' })))).toMatchObject({ status: 400 });
  });
});

test('whoever may not deposit is told so before a byte is kept', async () => {
  const parts = [formPart(), filePart(fresh(100_000))];
  expect(await refuse(parts, { Authorization: '' })).toMatchObject({ status: 401, code: 'HTTP.UNAUTHENTICATED' });
  expect(await refuse(parts, { Authorization: 'Bearer zk_unknown' })).toMatchObject({ status: 401, code: 'HTTP.UNAUTHENTICATED' });
});

test('many good and bad uploads at once: each gets its own answer, and only the good ones are there', async () => {
  const before = await traces(service);
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => upload(service, creator, i % 3 === 0 ? [formPart({ title: '' }), filePart(fresh(20_000))] : [formPart(), filePart(fresh(20_000))])));
  expect(answers.map(({ status }) => status)).toEqual(answers.map((_, i) => (i % 3 === 0 ? 400 : 201)));
  const after = await traces(service);
  expect(after).toEqual({ works: before.works + 20, statements: before.statements + 20, staged: [] });
});

test('every blob has its file, and every file its blob', async () => {
  const rows = await query<{ sha256: string }>(service, `SELECT encode(sha256, 'hex') AS sha256 FROM blob ORDER BY 1`);
  const root = join(service.config.dataDir, 'blobs');
  const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name).toSorted();
  expect(files).toEqual(rows.map((row) => row.sha256));
});

function digest(algorithm: 'sha256' | 'sm3', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

