import { parseTrust, type TrustInput } from '../../../src/lib/proof/index.js';
import { api, answerOf } from '../api/client.ts';

/** Whom the reader believes. `service`: what this service says of itself; `own`: what the reader learnt elsewhere. */
export interface Trust {
  readonly source: 'service' | 'own';
  readonly logKeys: readonly string[];
  readonly contract: { readonly chainId: number; readonly address: string } | null;
  /** A JSON-RPC server of that chain; null: the contract is not asked. */
  readonly rpcUrl: string | null;
}

export const NOBODY: Trust = { source: 'own', logKeys: [], contract: null, rpcUrl: null };

const STORED = 'zhengben.trust';

/** What this service says of itself; kept, so that a page without a network still knows what it was told. */
export async function readServiceTrust(): Promise<Trust> {
  try {
    const { logKeys, contract, rpcUrl } = await answerOf(api.GET('/api/v1/verify/trust'));
    const trust: Trust = { source: 'service', logKeys, contract, rpcUrl };
    store(trust);
    return trust;
  } catch (error) {
    const kept = readStored();
    if (kept !== null) return kept;
    throw error;
  }
}

function store(trust: Trust): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(trust));
  } catch {
    // Without storage the page asks again next time.
  }
}

function readStored(): Trust | null {
  try {
    const kept = JSON.parse(localStorage.getItem(STORED) ?? 'null') as Trust | null;
    return kept !== null && isUsable(toTrustInput(kept)) ? kept : null;
  } catch {
    return null;
  }
}

export function toTrustInput({ logKeys, contract }: Trust): TrustInput {
  return { logKeys, ...(contract === null ? {} : { contract }) };
}

function isUsable(input: TrustInput): boolean {
  try {
    parseTrust(input);
    return true;
  } catch {
    return false;
  }
}

export interface TypedTrust {
  readonly logKeys: string;
  readonly contract: string;
  readonly rpcUrl: string;
}

export type TrustFault = 'logKeys' | 'contract' | 'rpcUrl';

/** @returns what the reader typed as trust, or which of the fields cannot be used. Empty fields leave their check undone. */
export function parseTypedTrust(typed: TypedTrust): Trust | TrustFault {
  const logKeys = typed.logKeys.split(/\s+/).filter((line) => line !== '');
  if (!isUsable({ logKeys })) return 'logKeys';
  const contract = typed.contract.trim() === '' ? null : parseContract(typed.contract.trim());
  if (contract === undefined) return 'contract';
  const rpcUrl = typed.rpcUrl.trim() === '' ? null : typed.rpcUrl.trim();
  if (rpcUrl !== null && !(URL.canParse(rpcUrl) && /^https?:/i.test(rpcUrl))) return 'rpcUrl';
  return { source: 'own', logKeys, contract, rpcUrl };
}

/** `CHAINID:ADDRESS`, as the command line takes it. */
function parseContract(text: string): Trust['contract'] | undefined {
  const match = /^([1-9]\d{0,15}):(0x[0-9a-fA-F]{40})$/.exec(text);
  if (match === null) return undefined;
  const contract = { chainId: Number(match[1]), address: match[2] as string };
  return isUsable({ contract }) ? contract : undefined;
}

export function formatContract(contract: Trust['contract']): string {
  return contract === null ? '' : `${contract.chainId}:${contract.address}`;
}
