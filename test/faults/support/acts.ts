import { randomUUID } from 'node:crypto';
import { canonicalize, type JsonValue } from '../../../src/lib/canonical-json/index.js';
import type { Answer } from '../../support/http-client.js';
import type { Depositor } from './fault-rig.js';

/** A `step` changes something that is answered as it stands afterwards. */
export type Kind = 'deposit' | 'amendment' | 'withdrawal' | 'erasure' | 'grant' | 'act' | 'step' | 'reading';

/** Something a client wants done, once, however often it has to ask. */
export interface Act {
  readonly kind: Kind;
  readonly key: string;
  /** Null as long as the deposit that it speaks of has no number. */
  send(client: Depositor, key: Record<string, string>): Promise<Answer> | null;
  /** Of what is answered alike when it is done again: whether it has come undone; null when the service does not say. */
  isUndone?(client: Depositor): Promise<boolean | null>;
  /** Of an answer that shows how things stand: what of it stays. All of it when left out. */
  readonly staying?: (body: Record<string, unknown>) => JsonValue;
  /** Once it is set the act must survive whatever happens. */
  acknowledged: Answer | null;
}

const SUCCESS: Readonly<Record<Kind, number>> = { deposit: 201, amendment: 201, withdrawal: 201, erasure: 204, grant: 201, act: 201, step: 200, reading: 204 };
export const PATIENCE_MS = 30_000;
/** What a client is told to repeat. */
const AGAIN = new Set(['HTTP.IDEMPOTENCY_IN_FLIGHT', 'HTTP.UNAVAILABLE', 'HTTP.TOO_MANY_REQUESTS']);

/** An act about the work that another one deposits. */
export function follow(kind: Kind, deposit: Act | undefined, send: (client: Depositor, number: string, key: Record<string, string>) => Promise<Answer>): Act {
  return onFrom(kind, deposit, (client, body, key) => send(client, String(body['number']), key));
}

/** An act that goes on from what another one was answered. */
export function onFrom(kind: Kind, before: Act | undefined, send: (client: Depositor, body: Record<string, unknown>, key: Record<string, string>) => Promise<Answer>): Act {
  return { kind, key: randomUUID(), acknowledged: null, send: (client, key) => (before?.acknowledged ? send(client, before.acknowledged.body, key) : null) };
}

/** The same, once another act is done: whoever is cut off asks for things in their order. */
export function after(before: Act | undefined, act: Act): Act {
  const { send } = act;
  return Object.assign(act, { send: (client: Depositor, key: Record<string, string>) => (before?.acknowledged ? send(client, key) : null) });
}

/** Of the work; null as long as it is not acknowledged. */
export function numberOf({ kind, acknowledged }: Act): string | null {
  return kind === 'deposit' && acknowledged !== null ? String(acknowledged.body['number']) : null;
}

/** Does it once. @param cut gets it when its connection is cut. @throws Error on a refusal. */
export async function attempt(act: Act, client: Depositor, cut: string[]): Promise<void> {
  let answer: Answer | null;
  try {
    answer = await act.send(client, { 'idempotency-key': act.key });
  } catch (error) {
    // The service died, or cut the connection: the client does not know whether it was done.
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    if (code !== 'ECONNREFUSED') cut.push(`${act.kind}: ${code ?? String(error)}`);
    return;
  }
  if (answer === null) return;
  if (answer.status === SUCCESS[act.kind]) act.acknowledged = answer;
  else if (answer.status === 503 && answer.headers.get('retry-after') === null) throw new Error(`a ${act.kind} was answered 503 without Retry-After`);
  else if (!AGAIN.has(String(answer.body['code']))) throw new Error(`a ${act.kind} was answered ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** Asks for it again. @returns whether it is done. @throws Error when it is answered otherwise than before. */
export async function repeat(act: Act, client: Depositor): Promise<boolean> {
  const before = act.acknowledged;
  if (before !== null && act.isUndone) {
    const isUndone = await act.isUndone(client).catch(() => null);
    if (isUndone === null) return false;
    if (isUndone) throw new Error(`an ${act.kind} that was answered ${before.status} has come undone`);
  }
  const sent = act.send(client, { 'idempotency-key': act.key });
  if (sent === null) return false;
  const answer = await sent.catch(() => null);
  if (answer === null || AGAIN.has(String(answer.body['code']))) return false;
  if (answer.status !== SUCCESS[act.kind]) throw new Error(`a repeated ${act.kind} was answered ${answer.status} ${JSON.stringify(answer.body)}`);
  const staying = act.staying ?? ((body: Record<string, unknown>): JsonValue => body as JsonValue);
  if (before !== null && canonicalize(staying(before.body)) !== canonicalize(staying(answer.body))) {
    throw new Error(`a repeated ${act.kind} was answered ${JSON.stringify(answer.body)}, before it was ${JSON.stringify(before.body)}`);
  }
  act.acknowledged ??= answer;
  return true;
}
