import type { JsonValue } from '../../lib/canonical-json/index.js';
import { parseDisclosure, projectWork as projectStatements, type Statement } from '../../lib/statement/index.js';
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

/** The work as its statements leave it, as its owner or others may see it. */
export function projectWork(entries: readonly ChainEntry[], isOwner: boolean): JsonObject {
  return projectStatements(entries.map((entry) => ({ statement: statementOf(entry), disclosures: visibleDisclosures(entry, isOwner) })));
}
