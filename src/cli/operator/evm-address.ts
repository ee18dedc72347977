import { TransactionSigner } from '../../platform/chain/index.js';
import { CliError } from '../cli-error.js';

/** Whose a private key is. @param where the key was found, for the message. @throws CliError */
export function addressOf(privateKey: string, where: string): string {
  try {
    return new TransactionSigner(privateKey).address;
  } catch {
    throw new CliError(`${where} does not hold a private key: 0x and 64 hex digits`);
  }
}

/** @throws CliError */
export function assertAddress(text: string, where: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new CliError(`${where}: ${text} is not an address, 0x and 40 hex digits`);
  return text;
}
