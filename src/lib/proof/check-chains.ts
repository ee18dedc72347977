import { bytesToHex } from '../bytes/index.js';
import type { ReadBundle, ReadChain, ReadEntry } from './entries.js';
import { type CheckOutcome, fail, pass } from './report.js';

/**
 * That the statements of each subject hang together: seq counts up, prev is the leaf hash of the one before, and each has its place in the log after
 * the one before. A chain that says it is complete starts at 0 and leaves nothing out between; that nothing follows it, no proof can say.
 */
export function checkChainOfEntries({ bundle, chains, entries }: ReadBundle): CheckOutcome {
  const unreadable = entries.find((entry) => entry.statement === null || entry.leafHash === null);
  if (unreadable !== undefined) return fail(`${unreadable.place}/statement is not a statement`);
  if (chains[0]?.subject !== bundle.subject) return fail('the first chain is not of the subject of the bundle');
  if (new Set(chains.map((chain) => chain.subject)).size !== chains.length) return fail('two chains of one subject');
  for (const chain of chains) {
    const fault = findFault(chain);
    if (fault !== null) return fail(fault);
  }
  const complete = chains.filter((chain) => chain.complete).length;
  return pass(`${entries.length} statement(s) in ${chains.length} chain(s), of which ${complete} without a gap from the first on`);
}

function findFault({ subject, complete, entries }: ReadChain): string | null {
  let before: ReadEntry | undefined;
  for (const entry of entries) {
    const statement = entry.statement;
    if (statement === null) return `${entry.place}/statement is not a statement`;
    if (statement.subject !== subject) return `${entry.place} speaks of ${statement.subject}, not of ${subject}`;
    const expected: number = before?.statement === undefined || before.statement === null ? 0 : before.statement.seq + 1;
    if (complete ? statement.seq !== expected : statement.seq < expected) return `${entry.place} has seq ${statement.seq} where ${expected} is due`;
    if (before !== undefined && statement.seq === expected && statement.prev !== hex(before)) return `${entry.place} does not follow from the statement before it`;
    if (before?.proof && entry.proof && entry.proof.index <= before.proof.index) return `${entry.place} stands in the log before the statement that it follows`;
    before = entry;
  }
  return null;
}

function hex(entry: ReadEntry): string {
  return entry.leafHash === null ? '' : bytesToHex(entry.leafHash);
}
