import { randomUUID } from 'node:crypto';
import { API_KEY_SCOPES } from '../../src/modules/identity/index.js';
import type { TestApplication } from './start-application.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A caller over real HTTP. */
export interface Client {
  readonly accountId: string;
  readonly apiKey: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Reads a stream of server-sent events to its end; their data. */
  events(path: string): Promise<Record<string, unknown>[]>;
}

export function clientOf(url: string, apiKey: string | null, accountId = ''): Client {
  const authorization: Record<string, string> = apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
  const call = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${url}/api/v1${path}`, {
      method, headers: { ...authorization, ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
  return {
    accountId, apiKey: apiKey ?? '',
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body, headers) => call('POST', path, body, headers),
    patch: (path, body, headers) => call('PATCH', path, body, headers),
    delete: (path) => call('DELETE', path, undefined),
    events: async (path) => {
      const response = await fetch(`${url}/api/v1${path}`, { headers: { ...authorization, accept: 'text/event-stream' } });
      return [...(await response.text()).matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? '') as Record<string, unknown>);
    },
  };
}

/** Calls with a session, as a person's page does: for what no API key may do. */
export type Person = Pick<Client, 'accountId' | 'get' | 'post'>;

type Service = Pick<TestApplication, 'url'> & { readonly config: Pick<TestApplication['config'], 'publicUrl'> };

/** A new account with a session and an API key of every scope, made as a person would. */
export async function joinAs(service: Service, name: string): Promise<Client> {
  return (await joinAsPerson(service, name)).program;
}

/** The same, with its session. */
export async function joinAsPerson(service: Service, name: string): Promise<{ program: Client; person: Person }> {
  const anonymous = clientOf(service.url, null);
  const [email, password] = [`${name}-${randomUUID()}@example.com`, randomUUID()];
  const joined = await anonymous.post('/accounts', { email, password, displayName: name });
  if (joined.status !== 201) throw new Error(JSON.stringify(joined.body));
  const session = await anonymous.post('/sessions', { email, password });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  const asPage = { cookie, origin: service.config.publicUrl, 'sec-fetch-site': 'same-origin' };
  const key = await anonymous.post('/api-keys', { name, scopes: [...API_KEY_SCOPES] }, asPage);
  if (key.status !== 201) throw new Error(JSON.stringify(key.body));
  const account = await anonymous.get('/accounts/current', { cookie });
  const accountId = String(account.body['id']);
  return {
    program: clientOf(service.url, String(key.body['key']), accountId),
    person: { accountId, get: (path, headers) => anonymous.get(path, { ...asPage, ...headers }), post: (path, body, headers) => anonymous.post(path, body, { ...asPage, ...headers }) },
  };
}
