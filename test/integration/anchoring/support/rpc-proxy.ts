import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What the proxy does with a call. `forward` asks the node behind it and gives its `result`; it throws what the node answers as an error. */
export type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } }
  | { readonly status: number; readonly headers?: Record<string, string> }
  | 'hang-up';

export type Fault = (call: RpcCall, forward: () => Promise<unknown>) => Promise<Answer | undefined>;

/** A real HTTP proxy before a chain node, that faults are put into. */
export interface RpcProxy {
  readonly url: string;
  /** Another node from now on, behind the same URL. */
  target: string;
  /** Every call that came, in order. */
  readonly calls: RpcCall[];
  /** Undefined from a fault: the call goes through. Null: no fault. */
  fault: Fault | null;
  close(): Promise<void>;
}

export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const server = createServer((request, response) => {
    void serve(proxy, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    calls: [],
    fault: null,
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done());
    }),
  };
  return proxy;
}

async function serve(proxy: RpcProxy, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const { id, method, params } = JSON.parse(body) as RpcCall & { id: number };
  proxy.calls.push({ method, params });
  const forward = async (): Promise<string> => (await fetch(proxy.target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
  const answer = await proxy.fault?.({ method, params }, async () => {
    const { result, error } = JSON.parse(await forward()) as { result?: unknown; error?: { message: string } };
    if (error) throw new Error(error.message);
    return result;
  });
  response.setHeader('content-type', 'application/json');
  if (answer === undefined) response.end(await forward());
  else if (answer === 'hang-up') response.destroy();
  else if ('status' in answer) response.writeHead(answer.status, answer.headers).end();
  else response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
}

/** Asks a node directly: to mine, to reorganise, to look. @throws what the node answers as an error */
export async function rpc<T = unknown>(url: string, method: string, ...params: unknown[]): Promise<T> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  const { result, error } = (await response.json()) as { result: T; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}
