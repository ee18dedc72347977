import type { JsonValue } from '../canonical-json/index.js';
import { applyDisclosures } from './sealing.js';
import type { Statement } from './statement.js';

export interface DisclosedStatement {
  readonly statement: Pick<Statement, 'type' | 'body' | 'sealed'>;
  /** Those that the reader may see. */
  readonly disclosures: readonly string[];
}

/** The work as its statements leave it: the deposit, with what amendments replaced. @param entries of its chain, in their order. */
export function projectWork(entries: readonly DisclosedStatement[]): { [member: string]: JsonValue } {
  const current: { [member: string]: JsonValue } = {};
  for (const { statement, disclosures } of entries) {
    if (statement.type !== 'work.deposited' && statement.type !== 'work.amended') continue;
    const { replaces, reason: _, ...body } = applyDisclosures(statement.body, statement.sealed, disclosures) as { [member: string]: JsonValue };
    // A member that was replaced by something sealed from this reader must not show its old value.
    for (const member of Array.isArray(replaces) ? replaces : []) delete current[String(member)];
    Object.assign(current, body);
  }
  return current;
}
