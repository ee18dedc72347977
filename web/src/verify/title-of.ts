import { projectWork, type Statement } from '../../../src/lib/statement/index.js';
import type { Outcome } from './use-verification.ts';

/** The title as the statements leave it; null: not disclosed, not a work's, or the disclosures are not what was sealed, and then it is nobody's word. */
export function titleOf({ report, bundle }: Outcome): string | null {
  const isTrue = report.checks.every(({ check, result }) => (check !== 'disclosures' && check !== 'chain-of-entries') || result === 'pass');
  const [chain] = bundle.chains;
  if (!isTrue || chain === undefined) return null;
  const title = projectWork(chain.entries.map(({ statement, disclosures }) => ({ statement: statement as unknown as Statement, disclosures })))['title'];
  return typeof title === 'string' ? title : null;
}
