import { connect, type Socket } from 'node:net';

// Requests as bytes on a socket: what fetch would refuse to send.

export const BOUNDARY = 'zhengben-test-boundary';

export interface Part {
  readonly name: string;
  /** Given: a file part. Written as it is, in UTF-8. */
  readonly filename?: string;
  readonly type?: string;
  readonly body: string | Uint8Array;
}

/** One part, from its delimiter to the end of its body. */
export function partOf({ name, filename, type, body }: Part): Buffer {
  const disposition = `Content-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}`;
  const head = [`--${BOUNDARY}`, disposition, ...(type === undefined ? [] : [`Content-Type: ${type}`]), '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), Buffer.from(body as Uint8Array), Buffer.from('\r\n')]);
}

/** A whole multipart body; `end` false leaves out the closing delimiter. */
export function multipart(parts: readonly Part[], { end = true }: { end?: boolean } = {}): Buffer {
  return Buffer.concat([...parts.map(partOf), ...(end ? [Buffer.from(`--${BOUNDARY}--\r\n`)] : [])]);
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array | string;
}

function headOf({ method = 'POST', path, headers = {} }: RawRequest, host: string): string {
  return [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}

/** Opens a connection and sends the head of a request; the caller sends what it likes of the body. */
export async function open(url: string, request: RawRequest): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.write(headOf(request, host));
  return socket;
}

/** What the server answers until it closes the connection; null when it closes without an answer. */
export function readAnswer(socket: Socket): Promise<RawAnswer | null> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A reset after the answer was read takes nothing away from it.
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(chunks.length === 0 ? null : parseAnswer(Buffer.concat(chunks))));
  });
}

/** One request, one answer, then the connection ends. */
export async function send(url: string, request: RawRequest): Promise<RawAnswer | null> {
  const body = Buffer.from((request.body ?? '') as string);
  const socket = await open(url, { ...request, headers: { Connection: 'close', 'Content-Length': String(body.length), ...request.headers } });
  const answer = readAnswer(socket);
  socket.write(body);
  return answer;
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const text = bytes.toString('utf8');
  const split = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, split).split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const rest = text.slice(split + 4);
  const body = headers['transfer-encoding'] === 'chunked' ? rest.replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n/g, '').replace(/\r\n$/, '') : rest;
  const json = (headers['content-type'] ?? '').includes('json');
  return { status: Number(statusLine.split(' ')[1]), headers, body: json ? JSON.parse(body) : { text: body } };
}
