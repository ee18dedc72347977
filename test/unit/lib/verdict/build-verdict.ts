import { createHash } from 'node:crypto';
import { naiveLeaf, naivePath } from '../merkle/naive-tree.js';
import { canonical, depositBody, hex, type Json, type JsonObject, LOG, type LogKey, MemoryLog, NAME, ORIGIN, TITLE, WORK } from '../proof/build-bundle.js';

// Makes verdicts from docs/spec/verdict.md with node:crypto and the naive tree alone: nothing here comes from the code under test.

export const LICENCE = 'LC-2Q8N-5V1R-T7GD-W';
export const NEXT_LICENCE = 'LC-6H0W-3K9P-XB2M-0';
export const NEWEST = '2026-11-20T12:30:00.000Z';
export const ISSUED = '2026-11-20T13:00:00.000Z';
const grantBody = (uses: string[]): JsonObject => ({
  exclusivity: 'non-exclusive', sublicensing: false,
  scope: { rights: ['filming'], territories: ['CN'], uses, languages: ['*'], term: { from: '2026-11-30T16:00:00.000Z', until: '2028-11-30T16:00:00.000Z' } },
});

export const base64Sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** The note over whatever the object says: `origin` and the lines can be made wrong by hand. */
export function verdictNote(unsigned: JsonObject, keys: readonly LogKey[] = [LOG], origin = ORIGIN): string {
  const text = `${origin}/verdict\n${base64Sha256(canonical(unsigned))}\n${String(unsigned['issuedAt'])}\n`;
  return `${text}\n${keys.map((key) => key.signText(text)).join('')}`;
}

/** The verdict with a fresh note over what it says now: what a dishonest or mistaken log would sign. */
export function sign(verdict: JsonObject, keys: readonly LogKey[] = [LOG], origin = ORIGIN): JsonObject {
  const { note: _note, ...unsigned } = verdict;
  return { ...unsigned, note: verdictNote(unsigned, keys, origin) };
}

export function receiptOf(statement: JsonObject, { keys = [LOG], origin = ORIGIN, acceptedAt = NEWEST }: { keys?: LogKey[]; origin?: string; acceptedAt?: string } = {}): string {
  const leaf = Buffer.from(naiveLeaf(Buffer.from(canonical(statement)))).toString('base64');
  const text = `${origin}/receipt\n${leaf}\n${acceptedAt}\n2026-11-21T12:30:00.000Z\n`;
  return `${text}\n${keys.map((key) => key.signText(text)).join('')}`;
}

export function inclusionOf(log: MemoryLog, index: number): JsonObject {
  return { leafIndex: index, path: naivePath(index, log.leaves).map((hash) => Buffer.from(hash).toString('base64')) };
}

export interface VerdictScene {
  readonly log: MemoryLog;
  readonly verdict: JsonObject;
  /** Of /reasons/2, which the log has not placed. */
  readonly pending: JsonObject;
}

/** A work and a licence to film it in a tree of nine, and a wider licence that has only a receipt. */
export function buildVerdict(): VerdictScene {
  const log = new MemoryLog();
  const other = (n: number): void => void log.append({ type: 'work.deposited', subject: `ZB-OTHER-${n}`, body: { n } });
  for (let n = 0; n < 3; n++) other(n);
  const deposit = log.append({ type: 'work.deposited', subject: WORK, body: depositBody(), disclosures: [TITLE, NAME] });
  for (let n = 3; n < 6; n++) other(n);
  const grant = log.append({
    type: 'licence.granted', subject: LICENCE, about: [WORK], issuedAt: '2026-11-20T12:10:00.000Z', body: grantBody(['film']),
  });
  other(6);
  // Made like any other, in a copy of the log whose tree nobody has seen.
  const ahead = new MemoryLog();
  for (const statement of log.statements) ahead.appendRaw(statement);
  const next = ahead.append({ type: 'licence.granted', subject: NEXT_LICENCE, about: [WORK], issuedAt: NEWEST, body: grantBody(['film', 'streaming']) });
  const pending = ahead.statements[next] as JsonObject;
  const statementOf = (index: number): Json => structuredClone(log.statements[index] as JsonObject);
  const verdict = sign({
    format: 'zhengben-verdict/1',
    question: {
      work: WORK, account: 'acct:01930000-0000-7000-8000-00000000bbbb', right: 'filming', territory: 'CN', use: 'film', language: 'zxx', at: '2027-01-15T00:00:00.000Z',
      knownAt: '2026-11-20T12:59:59.500Z',
    },
    verdict: 'permitted',
    conditions: ['attribution'],
    reasons: [
      { rule: 'reserved', effect: 'forbids', article: 'Copyright Law Art. 10', work: WORK, subject: WORK, statement: statementOf(deposit), inclusion: inclusionOf(log, deposit), receipt: null },
      { rule: 'licence', effect: 'permits', article: 'Copyright Law Art. 26', work: WORK, subject: LICENCE, statement: statementOf(grant), inclusion: inclusionOf(log, grant), receipt: null },
      { rule: 'licence', effect: 'permits', article: 'Copyright Law Art. 26', work: WORK, subject: NEXT_LICENCE, statement: pending, inclusion: null, receipt: receiptOf(pending) },
    ],
    asOf: { treeSize: log.leaves.length, rootHash: hex(log.root()), checkpoint: log.checkpoint() },
    issuedAt: ISSUED,
  });
  return { log, verdict, pending };
}

/** A copy with one member changed, given as a JSON pointer; the note stays as it was. */
export function changed(verdict: JsonObject, pointer: string, edit: (value: Json) => Json): JsonObject {
  const copy = structuredClone(verdict);
  const tokens = pointer.slice(1).split('/');
  const last = tokens.pop() as string;
  const parent = tokens.reduce<Json>((value, token) => (value as JsonObject)[token] as Json, copy) as JsonObject;
  parent[last] = edit(parent[last] as Json);
  return copy;
}
