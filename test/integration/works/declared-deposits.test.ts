import { randomUUID } from 'node:crypto';
import { type Client, clientOf, joinAs } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';
import { describeConformance, readVectors } from '../../conformance/vectors.js';
import { type RawAnswer, send } from './raw-http.js';
import { joinWithScopes, traces, WORKS } from './support.js';

// JSON deposits: what the form takes and what it refuses, with a pointer at the fault.

let service: TestApplication;
let creator: Client;

beforeAll(async () => {
  service = await startApplication();
  creator = await joinAs(service, 'creator');
}, 60_000);
afterAll(() => service.stop());

const form = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({ ...minimalForm, contents: [declaredContent()], ...changes });

interface Refusal { status: number; code: unknown; pointers: string[] }

async function refuse(changes: Record<string, unknown>): Promise<Refusal> {
  const { status, body } = await creator.post('/works', form(changes));
  return { status, code: body['code'], pointers: ((body['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer) };
}

async function raw(body: string | Uint8Array): Promise<RawAnswer> {
  const answer = await send(service.url, { path: WORKS, headers: { Authorization: `Bearer ${creator.apiKey}`, 'Content-Type': 'application/json' }, body });
  if (answer === null) throw new Error('no answer');
  return answer;
}

const owner = (shareBps: number): Record<string, unknown> => ({ name: '林舟', kind: 'person', shareBps });
const content = (changes: Record<string, unknown>): Record<string, unknown> => ({ contents: [{ ...declaredContent(), ...changes }] });

test.each<[string, Record<string, unknown>, string]>([
  ['no title', { title: undefined }, '/title'],
  ['an empty title', { title: '   ' }, '/title'],
  ['a title of 10,000 characters', { title: '名'.repeat(10_000) }, '/title'],
  ['a bell in the title', { title: 'a\u0007b' }, '/title'],
  ['a NUL in the title', { title: 'a\u0000b' }, '/title'],
  ['a line break in the title', { title: 'a\nb' }, '/title'],
  ['a C1 control', { title: 'a\u0085b' }, '/title'],
  ['a right-to-left override', { title: 'night\u202Egpj.exe' }, '/title'],
  ['an isolate', { title: 'a\u2066b' }, '/title'],
  ['a noncharacter', { title: 'a\uFFFEb' }, '/title'],
  ['a title that is a number', { title: 5 }, '/title'],
  ['an override in an author', { authors: [{ name: 'a\u202Eb', signedAs: 'real-name' }] }, '/authors/0/name'],
  ['a category that is none', { category: 'photo' }, '/category'],
  ['an unknown field', { titel: 'x' }, ''],
  ['an unknown field of an owner', { owners: [{ ...owner(10_000), isAdmin: true }] }, '/owners/0'],
  ['__proto__ as a field', JSON.parse('{"__proto__":{"admin":true}}') as Record<string, unknown>, ''],
  ['shares that do not sum', { owners: [owner(5_000), owner(4_999)] }, '/owners'],
  ['shares that sum through a negative one', { owners: [owner(9_999), owner(2), owner(-1)] }, '/owners/2/shareBps'],
  ['a share of a fraction', { owners: [owner(5_000), owner(4_999.5), owner(1)] }, '/owners/1/shareBps'],
  ['no owner', { owners: [] }, '/owners'],
  ['51 owners', { owners: Array.from({ length: 51 }, () => owner(196)) }, '/owners'],
  ['a pseudonym without the pseudonym', { authors: [{ name: '林舟', signedAs: 'pseudonym' }] }, '/authors/0/creditedAs'],
  ['30 February', { creation: { nature: 'original', completedOn: '2026-02-30' } }, '/creation/completedOn'],
  ['published at no time', { publication: { state: 'published' } }, '/publication/firstPublishedOn'],
  ['rights by inheritance without proof', { acquisition: 'inheritance' }, '/acquisitionEvidence'],
  ['proof that is not among the files', { acquisition: 'inheritance', acquisitionEvidence: ['will.pdf'] }, '/acquisitionEvidence/0'],
  ['no rights and no reason', { rights: 'none' }, '/noRightsBasis'],
  ['a right twice', { rights: ['reproduction', 'reproduction'] }, '/rights'],
  ['no contents', { contents: [] }, '/contents'],
  ['a digest in capitals', content({ sha256: 'A'.repeat(64) }), '/contents/0/sha256'],
  ['a digest of 63 digits', content({ sha256: 'a'.repeat(63) }), '/contents/0/sha256'],
  ['a negative length', content({ byteLength: -1 }), '/contents/0/byteLength'],
  ['a file name that is a path', content({ name: '../x' }), '/contents/0/name'],
  ['a media type that is none', content({ mediaType: 'image' }), '/contents/0/mediaType'],
  ['a deposit that says it is held', content({ deposit: 'held' }), '/contents/0'],
])('%s: 400 with a pointer', async (_, changes, pointer) => {
  const { pointers, ...refusal } = await refuse(changes);
  expect({ ...refusal, pointers: [...new Set(pointers)] }).toEqual({ status: 400, code: 'WORKS.FORM_INVALID', pointers: [pointer] });
});

test('none of these has left a work', async () => {
  expect(await traces(service)).toEqual({ works: 0, statements: 0, staged: [] });
});

test('only evidence and no work: a rule', async () => {
  expect(await refuse({ acquisition: 'inheritance', acquisitionEvidence: ['night.jpg'] })).toMatchObject({ status: 422, code: 'WORKS.NO_FILES' });
});

test.each<[string, string | Uint8Array]>([
  ['nothing', ''], ['an array', '[]'], ['null', 'null'], ['half of it', '{"title":"a"'], ['a doubled key', '{"title":"a","title":"b"}'], ['a doubled key far inside', '{"creation":{"nature":"original","nature":"other"}}'],
  ['nesting of 100,000', `{"title":${'['.repeat(50_000)}${']'.repeat(50_000)}}`], ['an inexact integer', '{"shareBps":9007199254740993}'], ['a number beyond all', '{"shareBps":1e999}'],
  ['a lone surrogate', '{"title":"\\ud83d"}'], ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])], ['a byte order mark', '\ufeff{}'], ['NaN', '{"a":NaN}'], ['a comment', '{/**/}'],
])('a body that is %s: 400', async (_, body) => {
  const answer = await raw(body);
  expect(answer.status).toBe(400);
  expect(['HTTP.INVALID_JSON', 'WORKS.FORM_INVALID']).toContain(answer.body['code']);
});

test('a body that is too long, and one of another kind', async () => {
  expect(await raw(JSON.stringify(form({ workStatement: { purpose: 'x'.repeat(300_000) } })))).toMatchObject({ status: 413, body: { code: 'HTTP.PAYLOAD_TOO_LARGE' } });
  expect((await creator.post('/works', form(), { 'content-type': 'text/plain' })).body['code']).toBe('HTTP.UNSUPPORTED_MEDIA_TYPE');
});

test('more digests than files may be sent are refused, confidential or not; as many are taken', async () => {
  const { files } = service.config.limits;
  const contents = Array.from({ length: files + 1 }, () => declaredContent());
  expect(await refuse({ contents })).toMatchObject({ status: 413, code: 'WORKS.TOO_MANY_FILES' });
  expect(await refuse({ contents, visibility: 'confidential' })).toMatchObject({ status: 413, code: 'WORKS.TOO_MANY_FILES' });
  expect((await creator.post('/works', form({ contents: contents.slice(1) }))).status).toBe(201);
});

describe('an operator who lets deposits have 1,200 files', () => {
  let lenient: TestApplication;
  let depositor: Client;

  beforeAll(async () => {
    lenient = await startApplication({ env: { MAX_FILES: '1200', MAX_FORM_BYTES: '500000' } });
    depositor = await joinAs(lenient, 'creator');
  }, 60_000);
  afterAll(() => lenient.stop());

  test.each<[string, number, string]>([
    ['a statement of more than 65,535 bytes', 400, 'public'], ['a statement that seals more than 1,000 members, which nobody would parse', 1_079, 'confidential'],
  ])('%s is refused, and nothing else with it', async (_, count, visibility) => {
    const contents = Array.from({ length: count }, () => ({ ...declaredContent(), name: 'a', mediaType: 'a/b' }));
    const answers = await Promise.all([depositor.post('/works', form({ contents, visibility })), depositor.post('/works', form()), depositor.post('/works', form())]);
    expect(answers.map(({ status }) => status)).toEqual([422, 201, 201]);
    expect(answers[0]?.body['code']).toBe('STATEMENT.TOO_LONG');
  });
});

test('everything that the form knows is kept, opened for its owner, and nothing personal for others', async () => {
  const whole = form({
    title: '珠江夜航 📷', composition: 'series', authors: [{ name: '林舟', creditedAs: '阿舟', signedAs: 'pseudonym' }, { signedAs: 'anonymous' }],
    owners: [{ ...owner(3_333), identity: { kind: 'id-card', number: '440101199001011234' }, contact: 'lin@example.com', address: '深圳市' }, { name: '珠江出版社', kind: 'organisation', shareBps: 6_667 }],
    publication: { state: 'published', firstPublishedOn: '2026-06-01', place: '广州' }, ownership: 'joint', rights: ['reproduction', 'network-dissemination'],
    workStatement: { purpose: 'To show\nthe river.', process: 'One night.', originality: 'Mine.' }, applicant: { capacity: 'agent', name: '代理人', contact: '020-12345678' },
    registration: { number: '粤作登字-2026-F-00001234', registry: '广东省版权局', registeredOn: '2026-07-01' }, aiGenerated: 'possibly-generated', aigc: { contentProducer: 'someone', produceId: 'p-1' },
  });
  const { status, body } = await creator.post('/works', whole);
  expect(status).toBe(201);
  const path = `/works/${String(body['number'])}`;
  const { contents, ...rest } = whole;
  expect((await creator.get(path)).body).toMatchObject({ ...rest, contents: contents as Record<string, unknown>[], authors: [{ name: '林舟', creditedAs: '阿舟', signedAs: 'pseudonym' }, { signedAs: 'anonymous' }], isOwner: true });
  const seen = JSON.stringify((await clientOf(service.url, null).get(path)).body);
  expect(seen).toMatch(/珠江夜航 📷.*阿舟|阿舟.*珠江夜航 📷/);
  for (const secret of ['林舟', '440101199001011234', 'lin@example.com', '深圳市', '珠江出版社', '代理人', '020-12345678', '粤作登字', 'One night']) expect(seen).not.toContain(secret);
});

test('without credentials, with unknown ones, and with a key that may not write', async () => {
  expect((await clientOf(service.url, null).post('/works', form())).body['code']).toBe('HTTP.UNAUTHENTICATED');
  expect((await clientOf(service.url, 'zk_unknown').post('/works', form())).body['code']).toBe('HTTP.UNAUTHENTICATED');
  const reader = await joinWithScopes(service, ['works:read']);
  expect((await reader.post('/works', form())).body).toMatchObject({ code: 'HTTP.SCOPE_MISSING', missing: ['works:write'] });
});

describe('Idempotency-Key and Prefer', () => {
  test('a retry gets the same answer and says that it is one; another payload is refused', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const payload = form();
    const first = await creator.post('/works', payload, headers);
    const again = await creator.post('/works', Object.fromEntries(Object.entries(payload).toReversed()), headers);
    expect([first.status, again.status, again.headers.get('idempotent-replayed'), first.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true', null]);
    expect(again.body).toEqual(first.body);
    expect((await creator.post('/works', form(), headers)).body['code']).toBe('HTTP.IDEMPOTENCY_KEY_REUSED');
  });

  test('twenty at once with one key make one work', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const payload = form();
    const answers = await Promise.all(Array.from({ length: 20 }, () => creator.post('/works', payload, headers)));
    const made = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body['number']));
    expect(made.size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201).map(({ body }) => body['code']).every((code) => code === 'HTTP.IDEMPOTENCY_IN_FLIGHT')).toBe(true);
  });

  test.each(['', 'with space', 'x'.repeat(256), '键'])('the key «%s» is none', async (key) => {
    const answer = await send(service.url, { path: WORKS, headers: { Authorization: `Bearer ${creator.apiKey}`, 'Content-Type': 'application/json', 'Idempotency-Key': key }, body: JSON.stringify(form()) });
    expect(answer).toMatchObject({ status: 400, body: { code: 'HTTP.INVALID_IDEMPOTENCY_KEY' } });
  });

  test('Prefer: wait answers once the deposit is logged', async () => {
    const { headers, body } = await creator.post('/works', form(), { prefer: 'respond-async, wait=10' });
    expect(headers.get('preference-applied')).toBe('wait=10');
    expect(headers.get('location')).toBe(`/api/v1/works/${String(body['number'])}`);
    expect((await creator.get(`/works/${String(body['number'])}`)).body).toMatchObject({ status: 'logged', leafIndex: expect.any(Number) });
  });
});

describeConformance('blns', () => {
  test('every naughty string as a title: kept to the letter, or refused with a pointer; never a fault of ours', async () => {
    const strings = readVectors<string[]>('blns', 'blns.json');
    let [kept, refused] = [0, 0];
    for (let at = 0; at < strings.length; at += 50) {
      await Promise.all(strings.slice(at, at + 50).map(async (title) => {
        const { status, body } = await creator.post('/works', form({ title }));
        if (status === 400) {
          expect([body['code'], title, (body['errors'] as { pointer: string }[])[0]?.pointer]).toEqual(['WORKS.FORM_INVALID', title, '/title']);
          refused++;
          return;
        }
        expect([title, status]).toEqual([title, 201]);
        const work = await creator.get(`/works/${String(body['number'])}`);
        expect(Buffer.from(String(work.body['title']))).toEqual(Buffer.from(title.trim().normalize('NFC')));
        kept++;
      }));
    }
    expect(kept + refused).toBe(strings.length);
    // Of some 500 strings only those with controls, direction overrides, line breaks or nothing in them may fail.
    expect(refused).toBeLessThan(60);
  }, 60_000);
});
