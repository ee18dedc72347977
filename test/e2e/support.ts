import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RpcChainReader } from '../../src/cli/rpc-chain-reader.js';
import { parseBundle, type Report, verifyBundle } from '../../src/lib/proof/index.js';
import { type BuiltCli, buildCli } from '../integration/cli/run-cli.js';
import type { Client } from '../support/http-client.js';
import type { TestApplication } from '../support/start-application.js';

export interface Verified {
  readonly verdict: string;
  readonly results: Readonly<Record<string, 'pass' | 'fail' | 'skipped'>>;
}

/** The command-line verifier and a directory of files, as someone has them who never met the service. */
export class Verifier {
  private written = 0;
  private constructor(private readonly cli: BuiltCli, private readonly directory: string) {}

  static async open(): Promise<Verifier> {
    return new Verifier(await buildCli(), await mkdtemp(join(tmpdir(), 'zhengben-e2e-')));
  }

  async close(): Promise<void> {
    await this.cli.remove();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** As the command does it, in this process: for the many cases. */
  async verify(bundle: unknown, files: readonly Uint8Array[] = [], { logKey, contract, rpc }: Told = {}): Promise<Verified> {
    const [chainId = '', address = ''] = contract?.split(':') ?? [];
    const report = await verifyBundle(parseBundle(JSON.stringify(bundle)), {
      files: files.map((bytes) => ({ byteLength: bytes.length, sha256: digestOf('sha256', bytes), sm3: digestOf('sm3', bytes) })),
      trust: { logKeys: logKey === undefined ? [] : [logKey], ...(contract === undefined ? {} : { contract: { chainId: Number(chainId), address } }) },
      ...(rpc === undefined ? {} : { chain: new RpcChainReader(new URL(rpc)) }),
    });
    return toVerified(report);
  }

  /** As anyone would: the command in a process of its own. */
  async run(bundle: unknown, files: readonly Uint8Array[] = [], { logKey, contract, rpc }: Told = {}): Promise<Verified & { exitCode: number | null }> {
    const paths = await Promise.all([Buffer.from(JSON.stringify(bundle)), ...files].map(async (bytes) => {
      const path = join(this.directory, String(this.written++));
      await writeFile(path, bytes);
      return path;
    }));
    const told = Object.entries({ '--log-key': logKey, '--contract': contract, '--rpc': rpc }).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
    const { code, stdout, stderr } = await this.cli.run(['verify', ...paths, ...told, '--json']);
    if (stdout === '') throw new Error(stderr);
    return { exitCode: code, ...toVerified(JSON.parse(stdout) as Report) };
  }
}

function toVerified({ verdict, checks }: Report): Verified {
  return { verdict, results: Object.fromEntries(checks.map(({ check, result }) => [check, result])) };
}

function digestOf(algorithm: 'sha256' | 'sm3', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

export function failedChecks({ results }: Verified): string[] {
  return Object.keys(results).filter((check) => results[check] === 'fail');
}

/** Whom the verifier is told to trust. */
export interface Told {
  readonly logKey?: string;
  /** CHAINID:ADDRESS */
  readonly contract?: string;
  readonly rpc?: string;
}

/** Whom to trust, as one would learn it from the operator: key, contract, and one's own way to the chain. */
export async function trustIn(service: TestApplication): Promise<Required<Told>> {
  const logKey = (await (await fetch(`${service.url}/log/vkey`)).text()).trim();
  return { logKey, contract: `31337:${service.config.chain.contract}`, rpc: service.chain?.url ?? '' };
}

export interface HistoryItem {
  readonly seq: number;
  readonly type: string;
  readonly status: string;
  readonly statement: { readonly prev: string | null; readonly body: Record<string, unknown>; readonly sealed: string[] };
  readonly leafHash: string;
  readonly disclosures: string[];
}

export async function historyOf(client: Client, number: string): Promise<HistoryItem[]> {
  return (await client.get(`/works/${number}/history`)).body['items'] as HistoryItem[];
}

/** Waits until every statement of the work is final. */
export async function untilFinal(client: Client, number: string): Promise<HistoryItem[]> {
  const end = Date.now() + 30_000;
  for (;;) {
    const items = await historyOf(client, number);
    if (items.every(({ status }) => status === 'final')) return items;
    if (Date.now() > end) throw new Error(`${number} is ${items.map(({ status }) => status).join(', ')}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

export async function depositFile(client: Client, bytes: Uint8Array, form: object, name = 'night.jpg'): Promise<{ status: number; body: Record<string, unknown>; number: string }> {
  const data = new FormData();
  data.set('work', JSON.stringify(form));
  data.append('files', new Blob([bytes], { type: 'image/jpeg' }), name);
  const { status, body } = await client.post('/works', data);
  return { status, body, number: String(body['number']) };
}

/** `[pointer, value]` of each disclosure. */
export function openAll(disclosures: readonly string[]): [string, unknown][] {
  return disclosures.map((text) => {
    const [, pointer, value] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [string, string, unknown];
    return [pointer, value];
  });
}
