import type { JsonValue } from '../../lib/canonical-json/index.js';
import { applyDisclosures, parseDisclosure, type Statement } from '../../lib/statement/index.js';
import type { ChainEntry } from '../log/index.js';
import { isPublicPointer } from './compose-deposit.js';

export type JsonObject = { [member: string]: JsonValue };

/** Our own statements were canonical when they were stored: they are parsed, not checked again. */
export function statementOf(entry: Pick<ChainEntry, 'bytes'>): Statement {
  return JSON.parse(entry.bytes.toString('utf8')) as Statement;
}

/** The disclosures of an entry that a caller may see: the owner all, others the public ones of a public work. */
export function visibleDisclosures(entry: ChainEntry, isOwner: boolean): readonly string[] {
  return isOwner ? entry.disclosures : entry.disclosures.filter((disclosure) => isPublicPointer(parseDisclosure(disclosure).pointer));
}

/** The work as its statements leave it: the deposit, with what amendments replaced. */
export function projectWork(entries: readonly ChainEntry[], isOwner: boolean): JsonObject {
  const current: JsonObject = {};
  for (const entry of entries) {
    if (entry.type !== 'work.deposited' && entry.type !== 'work.amended') continue;
    const statement = statementOf(entry);
    const { replaces, reason: _, ...body } = applyDisclosures(statement.body, statement.sealed, visibleDisclosures(entry, isOwner)) as JsonObject;
    // A member that was replaced by something sealed from this caller must not show its old value.
    for (const member of Array.isArray(replaces) ? replaces : []) delete current[String(member)];
    Object.assign(current, body);
  }
  return current;
}
