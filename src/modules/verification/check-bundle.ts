import { Inject, Injectable } from '@nestjs/common';
import { DomainError, VerificationError } from '../../lib/errors/index.js';
import { type FileDigest, parseBundle, type ProofBundle, type Report, verifyBundle } from '../../lib/proof/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { MOST_PROOF_BYTES } from '../../platform/http/index.js';
import { LogKeys } from '../log/index.js';
import { ChainDoor } from './chain-door.js';
import { bundleTooLarge } from './receive-evidence.js';

export interface BundleCheck {
  readonly report: Report;
  /** Whom the report believes: this service itself. */
  readonly trust: { readonly vouchedBy: 'this-service'; readonly logKeys: readonly string[]; readonly contract: { readonly chainId: number; readonly address: string } };
  /** The same for people. */
  readonly notice: string;
}

/** What the service checks for everyone, in its one thread: a signature takes about 2 ms. The command line has no such bounds. */
const MOST_ENTRIES = 500;
const MOST_SIGNATURES = 50;

const NOTICE = 'This service vouches here for its own log: it told the verifier its own key, contract and chain. To check without believing it, run: zhengben verify BUNDLE [FILES] '
  + '--log-key VKEY --contract CHAINID:ADDRESS --rpc URL, with a key and a contract that you learnt elsewhere.';

/** Verifies a bundle with the service's own key, contract and chain as trust. */
@Injectable()
export class CheckBundle {
  constructor(private readonly keys: LogKeys, private readonly chain: ChainDoor, @Inject(CONFIG) private readonly config: Config) {}

  /** @throws DomainError `VERIFICATION.BUNDLE_INVALID`, `VERIFICATION.BUNDLE_TOO_LARGE`: it cannot be used at all. What is merely false is in the report. */
  async execute(input: unknown, files: readonly FileDigest[]): Promise<BundleCheck> {
    const bundle = parse(input);
    const { chainId, contract: address } = this.config.chain;
    const logKeys = this.keys.vkeys;
    const report = await verifyBundle(bundle, { files, trust: { logKeys, contract: { chainId, address } }, chain: this.chain.open() });
    return { report, trust: { vouchedBy: 'this-service', logKeys, contract: { chainId, address } }, notice: NOTICE };
  }
}

function parse(input: unknown): ProofBundle {
  // A bundle as application/json came within the limit of forms, which an operator may have raised above the one of bundles.
  if (JSON.stringify(input).length > MOST_PROOF_BYTES) throw bundleTooLarge();
  const bundle = shape(input);
  const entries = bundle.chains.flatMap((chain) => chain.entries);
  const signatures = entries.reduce((sum, { statement }) => sum + (Array.isArray(statement['signatures']) ? statement['signatures'].length : 0), 0);
  if (entries.length > MOST_ENTRIES || signatures > MOST_SIGNATURES) throw bundleTooLarge();
  return bundle;
}

function shape(input: unknown): ProofBundle {
  try {
    return parseBundle(input);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    if (error.code === 'BUNDLE.TOO_LARGE') throw bundleTooLarge();
    throw new DomainError('VERIFICATION.BUNDLE_INVALID', `This is not a proof bundle that can be checked: ${error.message}`, { members: { reason: error.code }, cause: error });
  }
}
