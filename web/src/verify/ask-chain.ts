import { type ChainReader, JsonRpcChainReader } from '../../../src/lib/proof/index.js';

const TIMEOUT_MS = 10_000;
/** More than any answer that is asked for. */
const MOST_ANSWER_BYTES = 8 * 1024 * 1024;

/** The chain behind a JSON-RPC server, asked by this browser itself. */
export function askChain(url: string): ChainReader {
  return new JsonRpcChainReader(async (body) => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the RPC server answered ${response.status}`);
    const reader = response.body?.getReader();
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      length += part.value.length;
      if (length > MOST_ANSWER_BYTES) throw new Error('the RPC server’s answer is too long');
      chunks.push(part.value);
    }
    return new Blob(chunks as BlobPart[]).text();
  });
}
