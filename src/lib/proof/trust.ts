import { VerificationError } from '../errors/index.js';
import { parseVerifierKey, type VerifierKey } from '../note/index.js';

/** Whom the verifier was told to believe. What is left out leaves its check skipped: a bundle never vouches for itself. */
export interface TrustInput {
  /** Verifier keys (vkeys) of the log. Several while a key is being replaced: one good signature by any of them suffices. */
  readonly logKeys?: readonly string[];
  readonly contract?: { readonly chainId: number; readonly address: string };
}

export interface Trust {
  readonly logKeys: readonly VerifierKey[];
  readonly contract: { readonly chainId: number; readonly address: string } | null;
}

/** A file as its reader digested it: lower-case hexadecimal. */
export interface FileDigest {
  readonly name?: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly sm3?: string;
}

/** Throws BUNDLE.INVALID_TRUST: what the verifier was told makes no sense, which says nothing of the bundle. */
export function parseTrust(input: TrustInput): Trust {
  const { contract } = input;
  if (contract !== undefined && (!Number.isSafeInteger(contract.chainId) || contract.chainId < 1 || !isAddress(contract.address))) {
    throw new VerificationError('BUNDLE.INVALID_TRUST', 'the told contract is no chain id and address');
  }
  return {
    logKeys: (input.logKeys ?? []).map(parseTrustedKey),
    contract: contract === undefined ? null : { chainId: contract.chainId, address: contract.address.toLowerCase() },
  };
}

/** Throws BUNDLE.INVALID_FILES. */
export function assertFileDigests(files: readonly FileDigest[]): void {
  for (const { byteLength, sha256, sm3 } of files) {
    const isValid = Number.isSafeInteger(byteLength) && byteLength >= 0 && isDigest(sha256) && (sm3 === undefined || isDigest(sm3));
    if (!isValid) throw new VerificationError('BUNDLE.INVALID_FILES', 'a file digest that is none');
  }
}

export function isAddress(text: string): boolean {
  return /^0x[0-9a-fA-F]{40}$/.test(text);
}

function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function parseTrustedKey(vkey: string): VerifierKey {
  try {
    return parseVerifierKey(vkey);
  } catch (cause) {
    throw new VerificationError('BUNDLE.INVALID_TRUST', 'a told log key is no verifier key', { cause });
  }
}
