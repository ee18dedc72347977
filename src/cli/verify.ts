import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { Command } from 'commander';
import { decodeUtf8 } from '../lib/bytes/index.js';
import { findAttachedBundle, isPdf } from '../lib/certificate/index.js';
import { VerificationError } from '../lib/errors/index.js';
import { type FileDigest, parseBundle, type Report, type TrustInput, type Verdict, verifyBundle } from '../lib/proof/index.js';
import { isVerdictText, parseVerdict, type VerdictReport, verifyVerdict } from '../lib/verdict/index.js';
import { CliError } from './cli-error.js';
import { digestFile } from './digest-file.js';
import { formatReport, toPrintable } from './print-report.js';
import { RpcChainReader } from './rpc-chain-reader.js';

const EXIT_CODES = { verified: 0, unconfirmed: 3, refuted: 1 } as const satisfies Record<Verdict, number>;
const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;

interface VerifyOptions {
  readonly logKey?: readonly string[];
  readonly contract?: string;
  readonly rpc?: string;
  readonly json?: true;
}

/** `zhengben verify`: needs no database, no service and, without --rpc, no network. */
export function createVerifyCommand(): Command {
  return new Command('verify')
    .description('Check a proof bundle, and files against it, or a rights verdict. Neither vouches for itself: say whom you trust.')
    .argument('<bundle>', 'a .zbproof.json file, a deposit certificate (PDF) that one is attached to, or the verdict as GET /rights/check answered it')
    .argument('[files...]', 'files that the work should consist of (of a bundle only)')
    .option('--log-key <vkey>', 'the log’s verifier key, learnt from somewhere else than the file (repeatable)', (vkey: string, all: readonly string[] = []) => [...all, vkey])
    .option('--contract <chainid:address>', 'the contract that anchors the log, learnt from somewhere else than the file')
    .option('--rpc <url>', 'a JSON-RPC server of that chain, to ask the contract')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', '\nExit codes: 0 verified, 3 unconfirmed, 1 refuted, 2 unusable input. A verdict is verified when the log gave it, whatever it answers.')
    .action(verify);
}

async function verify(path: string, filePaths: readonly string[], options: VerifyOptions): Promise<void> {
  const text = await readText(path);
  const trust: TrustInput = { logKeys: options.logKey ?? [], ...(options.contract === undefined ? {} : { contract: parseContract(options.contract) }) };
  const chain = options.rpc === undefined ? {} : { chain: new RpcChainReader(parseRpcUrl(options.rpc)) };
  const report = await usable(async (): Promise<Report | VerdictReport> => {
    if (!isVerdictText(text)) return verifyBundle(parseBundle(text), { files: await digestFiles(filePaths), trust, ...chain });
    // Not to be passed over in silence: whoever names a file believes that it was compared.
    if (filePaths.length > 0) throw new CliError('a verdict is of no files: check them against the work’s proof bundle');
    return verifyVerdict(parseVerdict(text), { ...trust, ...chain });
  });
  process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
  process.exitCode = EXIT_CODES[report.verdict];
}

async function digestFiles(paths: readonly string[]): Promise<FileDigest[]> {
  const files: FileDigest[] = [];
  for (const path of paths) files.push(await digestFile(path));
  return files;
}

async function readText(path: string): Promise<string> {
  const bytes = await readBounded(path).catch((error: unknown) => {
    throw new CliError(`cannot read ${path}: ${(error as Error).message}`);
  });
  if (isPdf(bytes)) return readAttached(path, bytes);
  return usable(async () => decodeUtf8(bytes));
}

async function readAttached(path: string, bytes: Uint8Array): Promise<string> {
  const attached = await findAttachedBundle(bytes, (deflated, maxOutputLength) => promisify(inflate)(deflated, { maxOutputLength }));
  if (attached === null) throw new CliError(`no proof is attached to ${path}; it may have been printed or saved anew: use the certificate as it was downloaded, or the .zbproof.json file`);
  return attached;
}

async function readBounded(path: string): Promise<Uint8Array> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  if (size > MAX_BUNDLE_BYTES) throw new Error('too large for a proof bundle or a verdict');
  // Awaited here, for the file is closed on the way out.
  return await file.readFile();
}

/** What the verifier cannot use at all is told apart from what it refutes. */
async function usable<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof VerificationError) throw new CliError(`${error.code}: ${toPrintable(error.message)}`);
    throw error;
  }
}

function parseContract(text: string): { chainId: number; address: string } {
  const match = /^([1-9]\d{0,15}):(0x[0-9a-fA-F]{40})$/.exec(text);
  if (match === null) throw new CliError('--contract takes CHAINID:ADDRESS, such as 1:0x0123456789abcdef0123456789abcdef01234567');
  return { chainId: Number(match[1]), address: match[2] as string };
}

function parseRpcUrl(text: string): URL {
  if (!URL.canParse(text) || !/^https?:/i.test(text)) throw new CliError('--rpc takes an http or https URL');
  return new URL(text);
}
