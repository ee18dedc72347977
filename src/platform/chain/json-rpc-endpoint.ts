import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ChainError, RpcRefusal } from './errors.js';

export interface EndpointOptions {
  /** Of one HTTP exchange. */
  readonly timeoutMs: number;
  /** HTTP exchanges of one call, the first included. */
  readonly attempts: number;
  /** Before the second attempt; doubled for each further one. */
  readonly backoffMs: number;
  /** Told of every failed exchange, retried or not: the metric of RPC errors. */
  readonly onFailure?: (failure: { host: string; method: string; reason: string }) => void;
}

export const DEFAULT_ENDPOINT_OPTIONS: EndpointOptions = { timeoutMs: 10_000, attempts: 3, backoffMs: 100 };

const MAX_BACKOFF_MS = 2_000;
/** Internal error, limit exceeded: what providers answer under load. −32603 is also Hardhat's answer to a revert, which carries data. */
const TRANSIENT_CODES: ReadonlySet<number> = new Set([-32_603, -32_005]);
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

const hexData = z.string().regex(/^0x(?:[0-9a-fA-F]{2})*$/);
const answerSchema = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string().default(''), data: z.unknown().optional() }).nullish(),
});

/** What one exchange came to: an answer, a refusal for good, or something worth another try. */
type Exchange = { answer: unknown } | { refusal: RpcRefusal } | { again: string; afterMs?: number };

/**
 * JSON-RPC 2.0 over one HTTP URL. Transport faults, timeouts, 408, 425, 429, 5xx and transient error codes are tried again a bounded number of
 * times; that is safe for every method used here, because sending the same signed bytes twice is one transaction.
 * The URL may hold a provider's key: errors name its host only.
 */
export class JsonRpcEndpoint {
  readonly host: string;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  #nextId = 1;

  constructor(
    url: string,
    private readonly options: EndpointOptions,
    private readonly closing: AbortSignal,
  ) {
    const parsed = new URL(url);
    this.host = parsed.host;
    this.#headers = { 'content-type': 'application/json' };
    // fetch refuses credentials in a URL.
    if (parsed.username !== '' || parsed.password !== '') {
      const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
      this.#headers['authorization'] = `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`;
      parsed.username = '';
      parsed.password = '';
    }
    this.#url = parsed.href;
  }

  /**
   * @param attempts fewer than usual, where the caller must know soon.
   * @returns the `result` member, unchecked: whoever asked knows its shape.
   * @throws ChainError CHAIN.UNAVAILABLE after the last attempt, {@link RpcRefusal} for an error answer that a retry does not mend.
   */
  async call(method: string, params: readonly unknown[], attempts = this.options.attempts): Promise<unknown> {
    let reason = '';
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const exchange = await this.#exchange(method, params);
      if ('answer' in exchange) return exchange.answer;
      if ('refusal' in exchange) throw exchange.refusal;
      reason = exchange.again;
      this.options.onFailure?.({ host: this.host, method, reason });
      if (this.closing.aborted) break;
      if (attempt < attempts) {
        const backoff = Math.max(this.options.backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random()), exchange.afterMs ?? 0);
        await sleep(Math.min(backoff, MAX_BACKOFF_MS), undefined, { signal: this.closing }).catch(() => undefined);
      }
    }
    throw new ChainError('CHAIN.UNAVAILABLE', `${this.host}: ${method}: ${reason}`);
  }

  async #exchange(method: string, params: readonly unknown[]): Promise<Exchange> {
    const id = this.#nextId++;
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
        redirect: 'error',
        signal: AbortSignal.any([this.closing, AbortSignal.timeout(this.options.timeoutMs)]),
      });
      text = await response.text();
    } catch (error) {
      return { again: describe(error) };
    }
    if (response.status >= 500 || TRANSIENT_STATUSES.has(response.status)) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      return { again: `HTTP ${response.status}`, ...(Number.isFinite(seconds) ? { afterMs: seconds * 1000 } : {}) };
    }
    const parsed = answerSchema.safeParse(parseJson(text));
    if (!parsed.success) return { again: `HTTP ${response.status}, not JSON-RPC` };
    const { error, result } = parsed.data;
    if (!error) return { answer: result ?? null };
    const refusal = toRefusal(error);
    return TRANSIENT_CODES.has(error.code) && refusal.revertData === null && refusal.transactionHash === null
      ? { again: `${error.code} ${error.message.slice(0, 200)}` }
      : { refusal };
  }
}

function toRefusal(error: { code: number; message: string; data?: unknown }): RpcRefusal {
  const nested = (typeof error.data === 'object' && error.data !== null ? error.data : {}) as { data?: unknown; txHash?: unknown };
  const revertData = hexData.safeParse(error.data).data ?? hexData.safeParse(nested.data).data ?? (error.code === 3 ? '0x' : null);
  return new RpcRefusal(error.code, error.message, revertData, hexData.safeParse(nested.txHash).data ?? null);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: the schema refuses undefined
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  if (error.name === 'AbortError') return 'stopping';
  const cause = error.cause as { code?: unknown; message?: unknown } | undefined;
  return String(cause?.code ?? cause?.message ?? error.message);
}
