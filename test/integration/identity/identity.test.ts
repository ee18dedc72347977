import { readdir, readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { createDemoAccount } from '../../../src/modules/identity/index.js';
import { hashPassword } from '../../../src/modules/identity/passwords.js';
import { createSecret } from '../../../src/modules/identity/secrets.js';
import { MailNotices } from '../../../src/modules/notices/mail-notices.js';
import { type Notice, sendNotices } from '../../../src/modules/notices/index.js';
import { transact } from '../../../src/platform/database/index.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Record<string, unknown> & { code?: string };
}

let service: TestApplication;
let dataSource: DataSource;
beforeAll(async () => {
  service = await startApplication({ env: { TRUST_PROXY: '127.0.0.1' } });
  dataSource = service.app.get(DataSource);
}, 60_000);
afterAll(() => service?.stop());

const PASSWORD = 'correct horse';
let counter = 0;

/** Each caller has an address of its own, so that limits of one test do not reach another. */
function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, ip = `192.0.2.${++counter % 250}`): Promise<Answer> {
  return new Promise((done, fail) => {
    const request = httpRequest(
      `${service.url}/api/v1${path}`,
      { method, headers: { 'x-forwarded-for': ip, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          done({ status: response.statusCode ?? 0, headers: response.headers, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) });
        });
      },
    );
    request.on('error', fail);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function signUp(email: string): Promise<void> {
  expect(await call('POST', '/accounts', { email, password: PASSWORD, displayName: '林舟' })).toMatchObject({ status: 201 });
}

async function signIn(email: string, password = PASSWORD): Promise<Record<string, string>> {
  const answer = await call('POST', '/sessions', { email, password });
  expect(answer.status).toBe(201);
  const [cookie] = answer.headers['set-cookie'] as string[];
  return { cookie: cookie!.split(';')[0]!, 'sec-fetch-site': 'same-origin' };
}

describe('accounts and sessions', () => {
  test('sign up, sign in, who am I, sign out', async () => {
    const answer = await call('POST', '/accounts', { email: ' Lin@Example.COM', password: PASSWORD, displayName: '林舟' });
    expect(answer).toMatchObject({ status: 201, body: { email: 'lin@example.com', displayName: '林舟', emailVerified: false } });
    const session = await call('POST', '/sessions', { email: 'LIN@example.com', password: PASSWORD });
    expect(session).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' }, body: { account: { email: 'lin@example.com', displayName: '林舟', locale: 'zh' } } });
    const [cookie] = session.headers['set-cookie'] as string[];
    expect(cookie).toMatch(/^__Host-zhengben=[\w-]{43}; Path=\/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax$/);
    const credentials = { cookie: `theme=dark; ${cookie!.split(';')[0]}` };
    expect(await call('GET', '/accounts/current', undefined, credentials)).toMatchObject({ status: 200, headers: { 'cache-control': 'private, no-store' }, body: { email: 'lin@example.com' } });

    expect(await call('DELETE', '/sessions/current', undefined, credentials)).toMatchObject({ status: 403, body: { code: 'HTTP.CROSS_ORIGIN' } });
    expect(await call('DELETE', '/sessions/current', undefined, { ...credentials, origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    const out = await call('DELETE', '/sessions/current', undefined, { ...credentials, 'sec-fetch-site': 'same-origin' });
    expect(out).toMatchObject({ status: 204 });
    expect((out.headers['set-cookie'] as string[])[0]).toContain('Max-Age=0');
    expect(await call('GET', '/accounts/current', undefined, credentials)).toMatchObject({ status: 401 });
  });

  test.each([
    ['a short password', { password: '123456789' }, '/password'],
    ['a long password', { password: 'x'.repeat(201) }, '/password'],
    ['no address', { email: 'nobody' }, '/email'],
    ['an address with a line break', { email: 'a@b.example\r\nBcc: c@d.example' }, '/email'],
    ['an empty name', { displayName: '  ' }, '/displayName'],
    ['a bidi override in the name', { displayName: 'abc\u202eдef' }, '/displayName'],
    ['a field nobody knows', { role: 'admin' }, ''],
  ])('%s is refused', async (_, change, pointer) => {
    const answer = await call('POST', '/accounts', { email: 'x@example.com', password: PASSWORD, displayName: 'x', ...change });
    expect(answer).toMatchObject({ status: 400, body: { code: 'HTTP.INVALID_BODY', errors: [{ pointer }] } });
  });

  test('a sign-up with an address that has an account is answered alike; only the holder learns of it', async () => {
    await signUp('twice@example.com');
    const again = await call('POST', '/accounts', { email: 'twice@example.com', password: 'another password', displayName: 'Mallory' });
    expect(again).toMatchObject({ status: 201, body: { email: 'twice@example.com', displayName: 'Mallory', emailVerified: false } });
    expect(await call('POST', '/sessions', { email: 'twice@example.com', password: 'another password' })).toMatchObject({ status: 401, body: { code: 'IDENTITY.INVALID_CREDENTIALS' } });
    await signIn('twice@example.com');
    await mailTo('twice@example.com', '已有账户');
  });

  test('a wrong password and an unknown address are answered alike', async () => {
    await signUp('known@example.com');
    const strip = ({ status, body }: Answer) => ({ status, body: { ...body, requestId: null } });
    const wrong = await call('POST', '/sessions', { email: 'known@example.com', password: 'wrong password' });
    const unknown = await call('POST', '/sessions', { email: 'unknown@example.com', password: 'wrong password' });
    expect(strip(wrong)).toEqual(strip(unknown));
    expect(wrong.status).toBe(401);
  });

  test('guessing is slowed down for the guesser, not for the holder', async () => {
    await signUp('target@example.com');
    const guess = () => call('POST', '/sessions', { email: 'target@example.com', password: 'a wrong guess' }, {}, '198.51.100.1');
    for (let n = 0; n < 10; n++) expect((await guess()).status).toBe(401);
    const refused = await guess();
    expect(refused).toMatchObject({ status: 429, body: { code: 'HTTP.TOO_MANY_REQUESTS' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800);
    expect(await call('POST', '/sessions', { email: 'target@example.com', password: PASSWORD }, {}, '198.51.100.1')).toMatchObject({ status: 429 });
    await signIn('target@example.com');
  }, 20_000);

  test('an expired session is refused', async () => {
    await signUp('late@example.com');
    const credentials = await signIn('late@example.com');
    await adminQuery(`UPDATE session SET expires_at = now() - interval '1 second'`);
    expect(await call('GET', '/accounts/current', undefined, credentials)).toMatchObject({ status: 401 });
  });
});

describe('API keys', () => {
  test('made once, shown once, scoped, revoked at once', async () => {
    await signUp('keys@example.com');
    const session = await signIn('keys@example.com');
    const made = await call('POST', '/api-keys', { name: 'ci', scopes: ['works:read', 'account:read', 'works:read'] }, session);
    expect(made).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' }, body: { name: 'ci', scopes: ['account:read', 'works:read'] } });
    const { id, key } = made.body as unknown as { id: string; key: string };
    expect(key).toMatch(/^zb_[\w-]{43}$/);
    const bearer = { authorization: `Bearer ${key}` };
    expect(await call('GET', '/accounts/current', undefined, bearer)).toMatchObject({ status: 200, body: { email: 'keys@example.com' } });

    // A key makes no keys, and does only what its scopes name.
    expect(await call('POST', '/api-keys', { name: 'more', scopes: ['works:write'] }, bearer)).toMatchObject({ status: 403, body: { code: 'HTTP.SESSION_REQUIRED' } });
    expect(await call('POST', '/works', {}, bearer)).toMatchObject({ status: 403, body: { code: 'HTTP.SCOPE_MISSING', missing: ['works:write'] } });

    const list = await call('GET', '/api-keys', undefined, session);
    expect(list).toMatchObject({ status: 200, body: { items: [{ id, name: 'ci', lastUsedAt: expect.any(String) }], nextCursor: null } });
    expect(JSON.stringify(list.body)).not.toContain(key.slice(3));
    const [row] = (await adminQuery(`SELECT api_key::text AS text FROM api_key WHERE api_key_id = '${id}'`)) as { text: string }[];
    expect(row?.text).not.toContain(key.slice(3));

    const other = await (await signUp('other@example.com'), signIn('other@example.com'));
    expect(await call('DELETE', `/api-keys/${id}`, undefined, other)).toMatchObject({ status: 404, body: { code: 'IDENTITY.API_KEY_NOT_FOUND' } });
    expect(await call('GET', '/accounts/current', undefined, bearer)).toMatchObject({ status: 200 });
    expect(await call('DELETE', `/api-keys/${id}`, undefined, session)).toMatchObject({ status: 204 });
    expect(await call('GET', '/accounts/current', undefined, bearer)).toMatchObject({ status: 401 });
    expect(await call('DELETE', `/api-keys/${id}`, undefined, session)).toMatchObject({ status: 404 });
    expect(await call('DELETE', '/api-keys/nonsense', undefined, session)).toMatchObject({ status: 400, body: { code: 'HTTP.INVALID_PARAMETER', errors: [{ pointer: '/id' }] } });
  });

  test('a revocation by another process is felt within seconds', async () => {
    await signUp('far@example.com');
    const session = await signIn('far@example.com');
    const { body } = await call('POST', '/api-keys', { name: 'far', scopes: ['account:read'] }, session);
    const bearer = { authorization: `Bearer ${String(body['key'])}` };
    expect((await call('GET', '/accounts/current', undefined, bearer)).status).toBe(200);
    await adminQuery('UPDATE api_key SET revoked_at = now()');
    const started = Date.now();
    while ((await call('GET', '/accounts/current', undefined, bearer)).status === 200) await new Promise((done) => setTimeout(done, 200));
    expect(Date.now() - started).toBeLessThan(6_000);
  }, 15_000);

  test('pages and the most an account may have', async () => {
    await signUp('many@example.com');
    const session = await signIn('many@example.com');
    const made = await Promise.all(Array.from({ length: 52 }, (_, n) => call('POST', '/api-keys', { name: `k${n}`, scopes: ['works:read'] }, session)));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(made.find(({ status }) => status !== 201)).toMatchObject({ status: 409, body: { code: 'IDENTITY.TOO_MANY_API_KEYS' } });
    const names: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await call('GET', `/api-keys?limit=20${cursor}`, undefined, session);
      names.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      cursor = body['nextCursor'] === null ? '' : `&cursor=${String(body['nextCursor'])}`;
    } while (cursor !== '');
    expect(new Set(names).size).toBe(50);
    expect(await call('GET', '/api-keys?cursor=bm9uc2Vuc2U', undefined, session)).toMatchObject({ status: 400, body: { code: 'HTTP.INVALID_CURSOR' } });
  });
});

describe('mailed links', () => {
  test('a mailed token verifies the address, once', async () => {
    await signUp('verify@example.com');
    const credentials = await signIn('verify@example.com');
    const token = tokenIn(await mailTo('verify@example.com', '验证'));
    expect(await call('POST', '/email-verifications/completion', { token })).toMatchObject({ status: 204 });
    expect(await call('GET', '/accounts/current', undefined, credentials)).toMatchObject({ body: { emailVerified: true } });
    expect(await call('POST', '/email-verifications/completion', { token })).toMatchObject({ status: 422, body: { code: 'IDENTITY.INVALID_TOKEN' } });
  });

  test('a mailed token sets a new password, ends sessions, and cannot be used for anything else', async () => {
    await call('POST', '/accounts', { email: 'reset@example.com', password: PASSWORD, displayName: 'R', locale: 'en' });
    const credentials = await signIn('reset@example.com');
    expect(await call('POST', '/password-resets', { email: 'Reset@example.com' })).toMatchObject({ status: 202, body: { status: 'accepted' } });
    const mail = await mailTo('reset@example.com', 'set a new password');
    const token = tokenIn(mail);
    const [stored] = (await adminQuery(`SELECT count(*)::int AS count FROM one_time_token WHERE token_hash = sha256('${token}'::bytea)`)) as { count: number }[];
    expect(stored?.count).toBe(1);
    expect(await call('POST', '/email-verifications/completion', { token })).toMatchObject({ status: 422 });
    expect(await call('POST', '/password-resets/completion', { token, password: 'short' })).toMatchObject({ status: 400 });
    const outcomes = await Promise.all([1, 2, 3].map((n) => call('POST', '/password-resets/completion', { token, password: `a new password ${n}` })));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual([204, 422, 422]);
    expect(await call('GET', '/accounts/current', undefined, credentials)).toMatchObject({ status: 401 });
    expect(await call('POST', '/sessions', { email: 'reset@example.com', password: PASSWORD })).toMatchObject({ status: 401 });
    await signIn('reset@example.com', `a new password ${outcomes.findIndex(({ status }) => status === 204) + 1}`);
  });

  test('an invented token costs no hash, and only so many may be tried', async () => {
    const guess = () => call('POST', '/password-resets/completion', { token: createSecret(), password: PASSWORD }, {}, '198.51.100.9');
    const processorTime = async (act: () => Promise<unknown>): Promise<number> => {
      const before = process.cpuUsage();
      for (let n = 0; n < 20; n++) await act();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const [hashes, guesses] = [await processorTime(() => hashPassword(PASSWORD)), await processorTime(guess)];
    expect(guesses).toBeLessThan(hashes);
    expect(await guess()).toMatchObject({ status: 422, body: { code: 'IDENTITY.INVALID_TOKEN' } });
    for (let n = 21; n < 100; n++) await guess();
    expect(await guess()).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) }, body: { code: 'HTTP.TOO_MANY_REQUESTS' } });
  });

  test('an address without account: the same answer, no mail', async () => {
    expect(await call('POST', '/password-resets', { email: 'nobody@example.com' })).toMatchObject({ status: 202, body: { status: 'accepted' } });
    await queueEmpty();
    expect((await mails()).some((mail) => mail.includes('nobody@example.com'))).toBe(false);
  });

  test('an expired token is refused', async () => {
    await signUp('slow@example.com');
    const token = tokenIn(await mailTo('slow@example.com', '验证'));
    await adminQuery(`UPDATE one_time_token SET expires_at = now() - interval '1 second'`);
    expect(await call('POST', '/email-verifications/completion', { token })).toMatchObject({ status: 422, body: { code: 'IDENTITY.INVALID_TOKEN' } });
  });
});

describe('notices by mail', () => {
  /** In one transaction, so that whichever look finds them finds them all. */
  async function tell(notices: readonly Notice[]): Promise<void> {
    await transact(dataSource, (tx) => sendNotices(tx, notices));
    await service.app.get(MailNotices, { strict: false }).dispatch();
    await queueEmpty();
  }
  const noticed = async (email: string): Promise<string[]> => (await mails()).filter((mail) => mail.includes(`To: ${email}`) && mail.includes('/notices\n'));
  async function holder(email: string, locale: string): Promise<{ id: string; session: Record<string, string> }> {
    expect(await call('POST', '/accounts', { email, password: PASSWORD, displayName: '林舟', locale })).toMatchObject({ status: 201 });
    const session = await signIn(email);
    return { id: String((await call('GET', '/accounts/current', undefined, session)).body['id']), session };
  }
  const verify = (email: string) => adminQuery(`UPDATE account SET email_verified_at = now() WHERE email = '${email}'`);

  test('are one mail for all that came at once, in the holder’s language, of what should not be missed, with numbers and no names', async () => {
    const [told, strange] = [await holder('told@example.com', 'en'), await holder('strange@example.com', 'en')];
    await verify('told@example.com');
    const kinds = { 'order-settled': 'OR-1', 'negotiation-message': 'NG-2', 'offer-made': 'NG-3', 'consent-wanted': 'ZB-4' } as const;
    await tell([told, strange].flatMap(({ id }) => Object.entries(kinds).map(([kind, subject]) => ({ accountId: id, kind: kind as keyof typeof kinds, subject }))));
    const [mail, ...more] = await noticed('told@example.com');
    expect([more, await noticed('strange@example.com')]).toEqual([[], []]);
    expect(mail).toContain('3 new notices');
    for (const part of ['OR-1', 'NG-3', 'ZB-4', `${service.config.publicUrl}/notices`]) expect(mail).toContain(part);
    for (const part of ['NG-2', '林舟']) expect(mail).not.toContain(part);
    // Whoever shows later to read mail there is told of what comes later.
    await verify('strange@example.com');
    await tell([]);
    expect([(await noticed('told@example.com')).length, await noticed('strange@example.com')]).toEqual([1, []]);
  });

  test('list so many and count the rest, but for what was read; and stop when their holder wants none', async () => {
    const { id, session } = await holder('busy@example.com', 'en');
    await verify('busy@example.com');
    expect(await call('GET', '/accounts/current', undefined, session)).toMatchObject({ body: { noticeMails: true, locale: 'en' } });
    expect(await call('PATCH', '/accounts/current', { noticeMails: false }, session)).toMatchObject({ status: 200, body: { noticeMails: false, locale: 'en' } });
    await tell([{ accountId: id, kind: 'order-settled', subject: 'OR-0' }]);
    expect(await noticed('busy@example.com')).toEqual([]);
    expect(await call('PATCH', '/accounts/current', { noticeMails: true, locale: 'zh' }, session)).toMatchObject({ status: 200, body: { noticeMails: true, locale: 'zh' } });
    await transact(dataSource, async (tx) => {
      await sendNotices(tx, Array.from({ length: 26 }, (_, i) => ({ accountId: id, kind: 'order-settled', subject: `OR-${i + 100}` }) as const));
      await tx.query(`UPDATE notice SET read_at = now() WHERE account_id = $1 AND subject = 'OR-100'`, [id]);
    });
    await tell([]);
    const [mail] = await noticed('busy@example.com');
    for (const part of ['25 条新通知', 'OR-101', 'OR-120', '另有 5 条']) expect(mail).toContain(part);
    for (const part of ['OR-0', 'OR-100', 'OR-121']) expect(mail).not.toContain(part);
  });

  test('are turned off by their holder alone, who says what is to change', async () => {
    const { session } = await holder('settings@example.com', 'en');
    for (const body of [{}, { noticeMails: 'no' }, { locale: 'fr' }, { email: 'x@example.com' }]) expect(await call('PATCH', '/accounts/current', body, session)).toMatchObject({ status: 400, body: { code: 'HTTP.INVALID_BODY' } });
    const { body: { key } } = await call('POST', '/api-keys', { name: 'k', scopes: ['account:read'] }, session);
    expect(await call('PATCH', '/accounts/current', { noticeMails: false }, { authorization: `Bearer ${String(key)}` })).toMatchObject({ status: 403, body: { code: 'HTTP.SESSION_REQUIRED' } });
    expect(await call('PATCH', '/accounts/current', { noticeMails: false })).toMatchObject({ status: 401 });
  });
});

test('the demo account works, and is the same at the next start', async () => {
  const demo = await createDemoAccount(service.app, service.config);
  expect(await createDemoAccount(service.app, service.config)).toEqual(demo);
  await signIn(demo.email, demo.password);
  expect(await call('GET', '/accounts/current', undefined, { authorization: `Bearer ${demo.apiKey}` })).toMatchObject({ body: { emailVerified: true } });
  await expect(createDemoAccount(service.app, { ...service.config, production: true })).rejects.toThrow('production');
});

async function mails(): Promise<string[]> {
  const directory = join(service.config.dataDir, 'outbox');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.eml'));
  return Promise.all(names.map(async (name) => readable(await readFile(join(directory, name), 'utf8'))));
}

/** Headers with encoded words decoded, then the text. */
function readable(eml: string): string {
  const [head = '', body = ''] = eml.split('\n\n', 2);
  const decoded = head.replaceAll(/\n[ \t]+/g, ' ').replaceAll(/=\?UTF-8\?B\?([^?]*)\?=\s*/gi, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'));
  return `${decoded}\n\n${Buffer.from(body, 'base64').toString('utf8')}`;
}

async function mailTo(email: string, what: string): Promise<string> {
  for (let n = 0; n < 200; n++) {
    const mail = await mails().then((all) => all.find((text) => text.includes(`To: ${email}`) && text.includes(what)), () => undefined);
    if (mail !== undefined) return mail;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`no mail to ${email}`);
}

async function queueEmpty(): Promise<void> {
  for (let n = 0; n < 200; n++) {
    const rows: unknown[] = await dataSource.query(`SELECT 1 FROM graphile_worker._private_jobs`);
    if (rows.length === 0) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('jobs are left');
}

function tokenIn(mail: string): string {
  const token = /#token=([\w-]{43})/.exec(mail)?.[1];
  if (token === undefined) throw new Error(`no token in: ${mail}`);
  return token;
}

/** Other processes and the passing of time, played by the superuser. */
async function adminQuery(sql: string): Promise<unknown[]> {
  const admin = await new DataSource({ type: 'postgres', url: service.database.adminUrl }).initialize();
  try {
    return (await admin.query(sql)) as unknown[];
  } finally {
    await admin.destroy();
  }
}
