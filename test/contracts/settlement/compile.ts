import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InterfaceAbi } from 'ethers';

export interface Artifact { readonly abi: InterfaceAbi; readonly bytecode: string }

const ROOT = join(__dirname, '..', '..', '..');
/** Beside Hardhat's own; what stands there is found by the digest of the compiler's version, the settings and all sources. */
const CACHE = join(ROOT, 'cache', 'settlement-tests');
const { version: SOLC } = JSON.parse(readFileSync(join(ROOT, 'node_modules/solc/package.json'), 'utf8')) as { version: string };
const IMPORT = /import\s[^;]*?"([^"]+)";/g;

/**
 * Compiles contracts of `contracts/` with the solc and the settings of hardhat.config.cjs, each with its own name as its file's. `changed` replaces sources:
 * that is how mutants are made. Hardhat's own `compile` writes to one folder, which test processes would fight for.
 *
 * @throws Error with the compiler's messages
 */
export async function compile(paths: readonly string[], changed: Readonly<Record<string, string>> = {}): Promise<Record<string, Artifact>> {
  const sources = Object.fromEntries(paths.flatMap((path) => [...collect(path, changed)]));
  const input = JSON.stringify({
    language: 'Solidity', sources,
    settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'cancun', outputSelection: Object.fromEntries(paths.map((path) => [path, { '*': ['abi', 'evm.bytecode.object'] }])) },
  });
  const cached = join(CACHE, `${createHash('sha256').update(SOLC).update(input).digest('hex')}.json`);
  if (!existsSync(cached)) {
    const output = await runSolc(input);
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(`${cached}.${process.pid}`, output);
    renameSync(`${cached}.${process.pid}`, cached);
  }
  const { errors = [], contracts } = JSON.parse(readFileSync(cached, 'utf8')) as Output;
  const failures = errors.filter((error) => error.severity === 'error').map((error) => error.formattedMessage);
  if (failures.length > 0) throw new Error(failures.join('\n'));
  return Object.fromEntries(paths.map((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1, -'.sol'.length);
    const contract = contracts[path]?.[name];
    if (contract === undefined) throw new Error(`no contract ${name} in ${path}`);
    return [name, { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` }];
  }));
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<Record<string, Readonly<Record<string, { readonly abi: InterfaceAbi; readonly evm: { readonly bytecode: { readonly object: string } } }>>>>;
}

/** A source and all that it imports. */
function collect(path: string, changed: Readonly<Record<string, string>>, found = new Map<string, { content: string }>()): Map<string, { content: string }> {
  if (found.has(path)) return found;
  const content = changed[path] ?? readFileSync(join(ROOT, path.startsWith('@') ? 'node_modules' : '', path), 'utf8');
  found.set(path, { content });
  for (const [, imported = ''] of content.matchAll(IMPORT)) collect(imported.startsWith('.') ? join(path, '..', imported) : imported, changed, found);
  return found;
}

/** In a process of its own: solc is eight megabytes of script, which jest would read anew for each test file. */
function runSolc(input: string): Promise<string> {
  return new Promise((done, failed) => {
    const script = "let text='';process.stdin.on('data',(part)=>text+=part).on('end',()=>process.stdout.write(require('solc').compile(text)))";
    const child = execFile(process.execPath, ['-e', script], { cwd: ROOT, maxBuffer: 2 ** 26 }, (error, stdout) => (error === null ? done(stdout) : failed(error)));
    child.stdin?.end(input);
  });
}
