import { DEMO_LISTINGS, DEMO_TOP_UP, DEMO_WORKS } from './demo-market.js';
import { type Drawing, drawPicture } from './draw-pictures.js';
import { SeedRecord } from './seed-record.js';

/** Somebody who calls the API. */
export interface Seeder {
  readonly email: string;
  readonly password: string;
  readonly apiKey: string;
}

export interface SeedOptions {
  /** Where the service listens, without a trailing slash. */
  readonly url: string;
  readonly dataDir: string;
  readonly seller: Seeder;
  readonly buyer: Seeder;
  readonly operator: Seeder;
  /** When it aborts, so does this, with its reason. */
  readonly signal: AbortSignal;
}

/** How much there is in the end, made now or before. */
export interface DemoMarket {
  readonly works: number;
  readonly listings: number;
}

/**
 * Puts works with pictures, listings of each kind and a funded buyer into a new development instance, over HTTP as anybody would. May run again at any time, and goes on where it was interrupted; what
 * was made once is never made again.
 * @throws Error with what the service answered.
 */
export async function seedMarket({ url, dataDir, seller, buyer, operator, signal }: SeedOptions): Promise<DemoMarket> {
  const record = await SeedRecord.open(dataDir);
  const call = (path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Response> => fetch(`${url}/api/v1${path}`, { ...init, method: 'POST', signal });
  const by = ({ apiKey }: Seeder, name: string): Record<string, string> => ({ authorization: `Bearer ${apiKey}`, 'idempotency-key': `demo-seed/${name}` });
  const send = async (path: string, body: unknown, headers: Record<string, string>): Promise<Record<string, unknown>> => read(await call(path, { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } }));

  const works = new Map<Drawing, string>();
  for (const { drawing, form } of DEMO_WORKS) {
    works.set(drawing, await record.once(`work/${drawing}`, async () => {
      const body = new FormData();
      body.append('work', JSON.stringify(form));
      body.append('files', new Blob([new Uint8Array(drawPicture(drawing))], { type: 'image/png' }), `demo-${drawing}.png`);
      return String((await read(await call('/works', { body, headers: by(seller, `work/${drawing}`) })))['number']);
    }));
  }
  for (const { name, drawing, listing } of DEMO_LISTINGS) {
    await record.once(`listing/${name}`, async () => String((await send(`/works/${works.get(drawing) ?? ''}/listings`, listing, by(seller, `listing/${name}`)))['number']));
  }
  const topUp = await record.once('top-up', async () => String((await send('/top-ups', DEMO_TOP_UP, by(buyer, 'top-up')))['id']));
  await record.once('top-up/confirmed', async () => {
    // Operators confirm as people who are signed in, from the service's own address.
    const session = await call('/sessions', { body: JSON.stringify({ email: operator.email, password: operator.password }), headers: { 'content-type': 'application/json' } });
    await read(session);
    const asPage = { cookie: session.headers.get('set-cookie')?.split(';')[0] ?? '', origin: url, 'sec-fetch-site': 'same-origin' };
    await send(`/top-ups/${topUp}/confirmation`, { bankReference: `DEMO-${topUp}` }, { ...asPage, 'idempotency-key': 'demo-seed/top-up/confirmed' });
    await fetch(`${url}/api/v1/sessions/current`, { method: 'DELETE', headers: asPage, signal });
    return topUp;
  });
  return { works: DEMO_WORKS.length, listings: DEMO_LISTINGS.length };
}

async function read(response: Response): Promise<Record<string, unknown>> {
  const body = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`${response.status} ${String(body['code'])}: ${String(body['detail'])}`);
  return body;
}
