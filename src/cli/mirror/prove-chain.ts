import { bytesToHex } from '../../lib/bytes/index.js';
import { canonicalBytes } from '../../lib/canonical-json/index.js';
import type { ProofBundle } from '../../lib/proof/index.js';
import { parseStatement, type Statement } from '../../lib/statement/index.js';
import { hashEntry, type LogSource, readEntriesOf, walkEntries } from '../../platform/tlog/index.js';

export interface ChainLink {
  readonly leafIndex: number;
  readonly leafHash: string;
  readonly statement: Statement;
}

export interface ProvenChain {
  readonly subject: string;
  readonly treeSize: number;
  readonly links: readonly ChainLink[];
  /** Why the chain is not complete or not the bundle's; empty when all is well. */
  readonly problems: readonly string[];
}

/**
 * Every statement of a subject among all entries of a verified mirror: that there is none missing or hidden is what a bundle alone cannot show.
 * @param bundle when given, must say the same as the log does.
 */
export async function proveChain(mirror: LogSource, treeSize: number, subject: string, bundle: ProofBundle | null, onProgress?: (done: number) => void): Promise<ProvenChain> {
  // Canonical JSON has no spaces, and the text of a subject needs no escapes: an entry without these bytes is of another subject.
  const needle = Buffer.from(`"subject":${JSON.stringify(subject)}`);
  const links: ChainLink[] = [];
  const problems: string[] = [];
  for await (const { start, entries } of walkEntries(0, treeSize, (index, width) => readEntriesOf(mirror, index, width))) {
    for (const [at, entry] of entries.entries()) {
      if (!Buffer.from(entry.buffer, entry.byteOffset, entry.length).includes(needle)) continue;
      const statement = attempt(() => parseStatement(entry));
      if (statement === null) problems.push(`entry ${start + at} speaks of ${subject}, but is not a statement that this version can read`);
      else if (statement.subject === subject) links.push({ leafIndex: start + at, leafHash: bytesToHex(hashEntry(entry)), statement });
    }
    onProgress?.(start + entries.length);
  }
  problems.push(...checkLinks(links));
  if (links.length === 0) problems.push(`the log of ${treeSize} entries holds no statement of ${subject}`);
  if (bundle) problems.push(...compare(bundle, subject, links));
  return { subject, treeSize, links, problems };
}

function checkLinks(links: readonly ChainLink[]): string[] {
  const problems: string[] = [];
  links.forEach(({ leafIndex, statement }, expected) => {
    if (statement.seq !== expected) problems.push(`entry ${leafIndex} has seq ${statement.seq} where ${expected} must follow`);
    else if (statement.prev !== (links[expected - 1]?.leafHash ?? null)) problems.push(`entry ${leafIndex} (seq ${expected}) does not name the statement before it`);
  });
  return problems;
}

function compare(bundle: ProofBundle, subject: string, links: readonly ChainLink[]): string[] {
  const chain = bundle.chains.find((one) => one.subject === subject);
  if (!chain) return [`the bundle has no chain of ${subject}`];
  const logged = new Map(links.map((link) => [link.leafHash, link]));
  const problems: string[] = [];
  const shown = new Set<string>();
  for (const [i, entry] of chain.entries.entries()) {
    const leafHash = attempt(() => bytesToHex(hashEntry(canonicalBytes(entry.statement))));
    if (leafHash === null || !logged.has(leafHash)) problems.push(`statement ${i} of the bundle is not in the log`);
    else shown.add(leafHash);
  }
  for (const link of links) {
    if (!shown.has(link.leafHash)) problems.push(`the bundle does not show entry ${link.leafIndex}, seq ${link.statement.seq}, ${link.statement.type} of ${link.statement.issuedAt}`);
  }
  return problems;
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
