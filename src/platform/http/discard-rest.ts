import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_MS = 2_000;

/**
 * A refusal may be answered while its body still comes in. Cutting the connection at once would reset it before the client has read
 * the answer, and leaving the rest unread would hold it open for ever: so the rest is read into nothing for a while, then cut.
 */
export function discardRest(raw: IncomingMessage): void {
  if (raw.complete || raw.destroyed) return;
  let bytes = 0;
  const cut = () => raw.socket.destroy();
  const timer = setTimeout(cut, MOST_MS).unref();
  raw.unpipe();
  raw.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) cut();
  });
  // Whoever read so far may have paused it, and a listener alone does not undo that.
  raw.resume();
  raw.once('close', () => clearTimeout(timer));
  raw.once('end', () => clearTimeout(timer));
}
