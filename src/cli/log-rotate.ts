import { Command } from 'commander';
import { type Ed25519Signer, parseSignerKey } from '../lib/note/index.js';
import { rotateKey } from '../modules/log/index.js';
import { CliError } from './cli-error.js';
import { openLogKeys, withDatabase } from './operator/log-parts.js';
import { OperatorEnvironment, readKeyFile } from './operator/operator-environment.js';

/** `zhengben log rotate`: whoever holds the old key says in the log which one comes next. */
export function createRotateCommand(): Command {
  return new Command('rotate')
    .description('Log that the log’s key changes. LOG_KEY_FILE is the old key still.')
    .requiredOption('--to <file>', 'the new key, made by «zhengben log keygen» with the same origin')
    .action(rotate);
}

async function rotate({ to }: { to: string }): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const keys = openLogKeys(env);
  const old = parseSignerKey(env.signerKey());
  const next = openSigner(to, '--to');
  const change = await env.withService((url) => withDatabase(url, (dataSource) => rotateKey(dataSource, keys, old, next))).catch((error: unknown) => {
    throw error instanceof RangeError ? new CliError(error.message) : error;
  });
  process.stdout.write(`${change.to}\n`);
  process.stderr.write(`Logged: the key changes from ${change.from} to the one above.\nNow set LOG_KEY_FILE=${to} and LOG_PREVIOUS_KEY_FILE to the old file, and restart every service: both sign checkpoints from then on.\n` +
    `Publish the new verifier key where you published the old one. After ${change.until} unset LOG_PREVIOUS_KEY_FILE, restart, and destroy the old key.\n`);
}

export function openSigner(path: string, name: string): Ed25519Signer {
  try {
    return parseSignerKey(readKeyFile(path, name));
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(`${name}: ${path} does not hold a log’s signing key`);
  }
}
