import { createHash, randomBytes } from 'node:crypto';
import type { Client } from '../../support/http-client.js';
import { minimalForm } from '../../support/work-forms.js';
import { made, type Market } from './trading-client.js';

export interface Held {
  readonly work: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** A work of one file that the service holds; or of another beside it, since one of empty files alone is none. */
export async function depositFile(owner: Client, { bytes = randomBytes(100_000), form = {}, name = '夜航.bin', beside = [] }: { bytes?: Buffer; form?: Record<string, unknown>; name?: string; beside?: readonly Buffer[] } = {}): Promise<Held> {
  const body = new FormData();
  body.append('work', JSON.stringify({ ...minimalForm, category: 'literary', creation: { nature: 'original', completedOn: '2020-01-01' }, ...form }));
  for (const file of [bytes, ...beside]) body.append('files', new Blob([new Uint8Array(file)], { type: 'application/x-manuscript' }), name);
  return { work: String(made(await owner.post('/works', body))['number']), bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Bought and settled. @returns the answer to the order. */
export async function buy(market: Market, buyer: Client, seller: Client, work: string, change: Record<string, unknown> = {}): Promise<{ number: string; licence: string; listing: string }> {
  const listing = await market.listed(seller, work, change);
  await market.fund(buyer, 10_000n);
  const order = made(await market.buy(buyer, listing));
  return { number: String(order['number']), licence: String(order['licence']), listing };
}

export interface Fetched {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly code: string | null;
}

/** As a browser, or whoever has the link, would: without any credentials. */
export async function fetchLink(market: Market, link: string, { method = 'GET', ...headers }: Record<string, string> = {}): Promise<Fetched> {
  const response = await fetch(`${market.rights.service.url}${link}`, { method, headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, code: response.status < 400 ? null : (JSON.parse(bytes.toString('utf8') || '{}') as { code?: string }).code ?? null };
}

export async function linkTo(buyer: Client, order: string, sha256: string): Promise<string> {
  return (made(await buyer.post(`/orders/${order}/deliveries`, { sha256 }))['links'] as { file: string }).file;
}
