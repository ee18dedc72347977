import { bytesToHex } from '../bytes/index.js';
import type { ProofBundle } from './bundle.js';
import type { ChainReader } from './chain-reader.js';
import { checkAnchorOnChain, checkAnchorRoot, type OnChain, toInstant } from './check-anchor.js';
import { checkChainOfEntries } from './check-chains.js';
import { checkCheckpointSignature } from './check-checkpoint.js';
import { checkContent } from './check-content.js';
import { checkDisclosures } from './check-disclosures.js';
import { checkInclusion } from './check-inclusion.js';
import { checkSignatures } from './check-signatures.js';
import { type ReadBundle, readEntries } from './entries.js';
import { CHECKS, computeVerdict, type Outcomes, type Report, type Verdict } from './report.js';
import { assertFileDigests, type FileDigest, parseTrust, type TrustInput } from './trust.js';

export interface VerifyOptions {
  /** Digests of the files that the caller holds. None: the content check is skipped. */
  readonly files?: readonly FileDigest[];
  readonly trust?: TrustInput;
  readonly chain?: ChainReader;
}

/**
 * Checks everything that a bundle claims, against what the caller was told and holds. Data in, report out: nothing is fetched but through `chain`.
 * Throws VerificationError BUNDLE.INVALID_TRUST or BUNDLE.INVALID_FILES for what the caller gave; never for what the bundle holds.
 */
export async function verifyBundle(bundle: ProofBundle, options: VerifyOptions = {}): Promise<Report> {
  const { files = [], chain } = options;
  const trust = parseTrust(options.trust ?? {});
  assertFileDigests(files);
  const read = readEntries(bundle);
  const disclosed = checkDisclosures(read);
  const onChain = await checkAnchorOnChain(read, trust, chain);
  const outcomes: Outcomes = {
    content: checkContent(read, disclosed.bodies, files),
    disclosures: disclosed.outcome,
    'chain-of-entries': checkChainOfEntries(read),
    inclusion: checkInclusion(read),
    'checkpoint-signature': checkCheckpointSignature(read, trust.logKeys),
    signatures: checkSignatures(read),
    'anchor-root': checkAnchorRoot(read),
    'anchor-on-chain': onChain.outcome,
  };
  const verdict = computeVerdict(outcomes, files.length > 0);
  return { verdict, subject: bundle.subject, checks: CHECKS.map((check) => ({ check, ...outcomes[check] })), ...describe(read, onChain, verdict) };
}

function describe({ chains, checkpoint }: ReadBundle, { blockTime, developmentChain }: OnChain, verdict: Verdict): Pick<Report, 'asOf' | 'times' | 'notes'> {
  const claimedIssuedAt = chains[0]?.entries[0]?.statement?.issuedAt ?? null;
  // The root has its time; but a statement that is not under it has none of that.
  const existedBefore = blockTime === null || verdict === 'refuted' ? null : toInstant(blockTime);
  const notes: string[] = [];
  if (checkpoint !== null) notes.push(`As of tree size ${checkpoint.treeSize}; later statements are not excluded.`);
  if (existedBefore !== null) notes.push(`Existed before ${existedBefore}; the operator claims ${claimedIssuedAt ?? 'no time'}.`);
  else if (claimedIssuedAt !== null) notes.push(`The operator claims ${claimedIssuedAt}; no time is proved.`);
  if (developmentChain) notes.push('Chain 31337 is a development chain: proves no time.');
  if (chains[0]?.complete === false) notes.push('Not every statement of the subject is shown.');
  return {
    asOf: checkpoint === null ? null : { origin: checkpoint.origin, treeSize: checkpoint.treeSize, rootHash: bytesToHex(checkpoint.rootHash) },
    times: { existedBefore, developmentChain, claimedIssuedAt },
    notes,
  };
}
