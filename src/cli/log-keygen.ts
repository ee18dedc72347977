import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { createEd25519Signer, formatSignerKey, formatVerifierKey } from '../lib/note/index.js';
import { CliError } from './cli-error.js';

/** `zhengben log keygen`: the key goes into a file that only its owner can read, never to the terminal. */
export function createKeygenCommand(): Command {
  return new Command('keygen')
    .description('Make the signing key of a log, and print its verifier key.')
    .argument('<origin>', 'the log’s name, such as log.example.org/2026; it can never change')
    .argument('[file]', 'where to put the key', 'log.key')
    .action(keygen);
}

async function keygen(origin: string, file: string): Promise<void> {
  const seed = randomBytes(32);
  let vkey: string;
  try {
    vkey = formatVerifierKey(createEd25519Signer(origin, seed).verifierKey);
  } catch (error) {
    throw new CliError(`«${origin}» cannot be the name of a log: ${(error as Error).message}`);
  }
  try {
    await writeFile(file, `${formatSignerKey(origin, seed)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(code === 'EEXIST' ? `${file} exists; a log’s key is never overwritten` : `cannot write ${file}: ${(error as Error).message}`);
  }
  process.stdout.write(`${vkey}\n`);
  process.stderr.write(`The signing key is in ${file}. Set LOG_ORIGIN=${origin} and LOG_KEY_FILE=${file}; keep a copy of the file where no one else can read it.\nThe line above is the verifier key: publish it where auditors can learn it without asking the log.\n`);
}
