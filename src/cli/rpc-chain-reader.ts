import { setTimeout as sleep } from 'node:timers/promises';
import { JsonRpcChainReader } from '../lib/proof/index.js';

const TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;
/** More than any answer asked for here; a server that sends more is broken or hostile. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** A chain asked over JSON-RPC, with patience for a server that stumbles. */
export class RpcChainReader extends JsonRpcChainReader {
  constructor(url: URL) {
    super((body) => post(url, body));
  }
}

async function post(url: URL, body: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status === 429 || response.status >= 500) throw new Error(`the RPC server answered ${response.status}`);
      return await readBounded(response);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(250 * 2 ** attempt);
    }
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('the RPC server’s answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
