import { type CheckOutcome, fail, pass } from '../proof/index.js';
import type { ReadReason, ReadVerdict } from './read-verdict.js';
import type { RightsVerdict } from './schema.js';
import { isInstant } from './verdict-note.js';

/**
 * That each reason shows the statement that it names, of the work that it is about, and that all of them were known by then. Whether the answer follows from
 * them is not checked: that is what the log's signature answers for.
 */
export function checkStatements({ verdict, reasons }: ReadVerdict): CheckOutcome {
  const fault = findTimeFault(verdict);
  if (fault !== null) return fail(fault);
  for (const one of reasons) {
    const fault = findFault(one, verdict.question.knownAt);
    if (fault !== null) return fail(`${one.place}: ${fault}`);
  }
  return pass(`${reasons.length} reason(s), each with its statement`);
}

function findTimeFault({ question: { at, knownAt }, issuedAt }: RightsVerdict): string | null {
  if (!isInstant(at) || !isInstant(knownAt) || !isInstant(issuedAt)) return 'a time that is none';
  return knownAt > issuedAt ? 'the verdict claims to know what came after it' : null;
}

function findFault({ reason, statement }: ReadReason, knownAt: string): string | null {
  if (statement === null) return 'this is not a statement';
  if (statement.subject !== reason.subject) return `the statement speaks of ${statement.subject}, not of ${reason.subject}`;
  // In a licence's chain there may be statements that name no work: what ties them to it is the statement that founds the chain.
  const works = [statement.subject, ...(statement.about ?? [])].filter((name) => name.startsWith('ZB-'));
  if (works.length > 0 && !works.includes(reason.work)) return `the statement says nothing of ${reason.work}`;
  return statement.issuedAt > knownAt ? `issued at ${statement.issuedAt}, after what was to be known` : null;
}
