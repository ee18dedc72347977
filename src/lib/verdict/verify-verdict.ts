import { bytesToHex } from '../bytes/index.js';
import { type ChainReader, parseTrust, toInstant, type TrustInput, type Verdict } from '../proof/index.js';
import { checkTreeOnChain, type TreeOnChain } from './check-anchor.js';
import { checkInclusion } from './check-inclusion.js';
import { checkCheckpointSignature, checkReceipts, checkVerdictSignature } from './check-signatures.js';
import { checkStatements } from './check-statements.js';
import { type ReadVerdict, readVerdict } from './read-verdict.js';
import { computeReportVerdict, VERDICT_CHECKS, type VerdictOutcomes, type VerdictReport } from './report.js';
import type { RightsVerdict } from './schema.js';

export interface VerifyVerdictOptions extends TrustInput {
  /** To ask `contract` for the time of the tree. Not needed for `verified`. */
  readonly chain?: ChainReader;
}

/**
 * Checks everything that a verdict claims but the reasoning itself, against what the caller was told. Data in, report out: nothing is fetched but through `chain`.
 * Throws VerificationError BUNDLE.INVALID_TRUST for what the caller gave; never for what the verdict holds.
 */
export async function verifyVerdict(verdict: RightsVerdict, options: VerifyVerdictOptions = {}): Promise<VerdictReport> {
  const trust = parseTrust(options);
  const read = readVerdict(verdict);
  const onChain = await checkTreeOnChain(read, trust, options.chain);
  const outcomes: VerdictOutcomes = {
    'verdict-signature': checkVerdictSignature(read, trust.logKeys),
    statements: checkStatements(read),
    inclusion: checkInclusion(read),
    receipts: checkReceipts(read, trust.logKeys),
    'checkpoint-signature': checkCheckpointSignature(read, trust.logKeys),
    'anchor-on-chain': onChain.outcome,
  };
  const result = computeReportVerdict(outcomes);
  return {
    verdict: result,
    answer: result === 'refuted' ? null : verdict.verdict,
    subject: verdict.question.work,
    checks: VERDICT_CHECKS.map((check) => ({ check, ...outcomes[check] })),
    ...describe(read, onChain, result),
  };
}

function describe({ verdict, reasons, checkpoint }: ReadVerdict, { blockTime, developmentChain }: TreeOnChain, result: Verdict): Pick<VerdictReport, 'asOf' | 'times' | 'notes'> {
  const existedBefore = blockTime === null || result === 'refuted' ? null : toInstant(blockTime);
  return {
    asOf: checkpoint === null ? null : { origin: checkpoint.origin, treeSize: checkpoint.treeSize, rootHash: bytesToHex(checkpoint.rootHash) },
    times: { existedBefore, developmentChain, claimedIssuedAt: verdict.issuedAt },
    notes: result === 'refuted' ? ['Nothing that the verdict says is proved.'] : [
      ...describeAnswer(verdict),
      ...(checkpoint === null ? [] : [`As of tree size ${checkpoint.treeSize}; later statements are not excluded.`]),
      ...describePromises(reasons),
      ...(existedBefore === null ? [] : [`That tree existed before ${existedBefore}.`]),
      ...(developmentChain ? ['Chain 31337 is a development chain: proves no time.'] : []),
      `The operator claims to have answered at ${verdict.issuedAt}, and answers for its reasoning; whether the statements are true is not proved.`,
    ],
  };
}

function describeAnswer({ question, verdict, conditions }: RightsVerdict): string[] {
  const { work, account, right, territory, use, language, at, knownAt } = question;
  const asked = `${account ?? 'anyone'}, ${right} of ${work}, territory ${territory}, use ${use}, language ${language}, at ${at}, as known at ${knownAt}`;
  return [`Answer: ${verdict}. Asked: ${asked}.`, ...(conditions.length === 0 ? [] : [`On conditions: ${conditions.join(', ')}.`])];
}

function describePromises(reasons: ReadVerdict['reasons']): string[] {
  const promises = reasons.flatMap(({ reason, receipt }) => (reason.inclusion === null && receipt !== null ? [receipt.mergeBy] : []));
  return promises.length === 0 ? [] : [`${promises.length} statement(s) had no place in the log yet; the log promised one by ${promises.toSorted().at(-1) ?? ''}.`];
}
