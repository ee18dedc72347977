import type { Tx } from '../../../platform/database/index.js';
import type { FindingKind, Findings } from './findings.js';

interface Check {
  readonly kind: FindingKind;
  readonly detail: string;
  /** Selects `place`, text, for each row that is wrong. `$1` is the tree size. */
  readonly sql: string;
}

/** What can be said of whole tables, one query each; the rows themselves are checked as they stream by. */
const CHECKS: readonly Check[] = [
  {
    kind: 'queue', detail: 'is neither in the log nor waiting for its place',
    sql: `SELECT 'statement ' || s.subject || '/' || s.seq AS place FROM statement s
           WHERE NOT EXISTS (SELECT 1 FROM log_entry e WHERE e.ordinal = s.ordinal) AND NOT EXISTS (SELECT 1 FROM statement_pending p WHERE p.ordinal = s.ordinal)`,
  },
  {
    kind: 'queue', detail: 'waits for a place though it has one',
    sql: `SELECT 'statement_pending ' || p.ordinal AS place FROM statement_pending p JOIN log_entry e USING (ordinal)`,
  },
  {
    kind: 'queue', detail: 'is the ordinal of no statement',
    sql: `SELECT 'statement_pending ' || p.ordinal AS place FROM statement_pending p WHERE NOT EXISTS (SELECT 1 FROM statement s WHERE s.ordinal = p.ordinal)`,
  },
  {
    kind: 'chain', detail: 'does not follow the statement before it',
    sql: `SELECT 'statement ' || s.subject || '/' || s.seq AS place FROM statement s LEFT JOIN statement p ON p.subject = s.subject AND p.seq = s.seq - 1
           WHERE CASE WHEN s.seq = 0 THEN s.prev IS NOT NULL ELSE p.leaf_hash IS DISTINCT FROM s.prev END`,
  },
  {
    kind: 'chain', detail: 'has its place before that of the statement before it',
    sql: `SELECT 'statement ' || s.subject || '/' || s.seq AS place FROM statement s JOIN log_entry e USING (ordinal)
            JOIN statement p ON p.subject = s.subject AND p.seq = s.seq - 1 LEFT JOIN log_entry f ON f.ordinal = p.ordinal
           WHERE s.seq > 0 AND (f.leaf_index IS NULL OR f.leaf_index > e.leaf_index)`,
  },
  {
    kind: 'chain', detail: 'is not the last statement of its subject',
    sql: `SELECT 'subject_head ' || h.subject AS place FROM subject_head h
            LEFT JOIN LATERAL (SELECT seq, leaf_hash FROM statement s WHERE s.subject = h.subject ORDER BY seq DESC LIMIT 1) last ON true
           WHERE last.seq IS DISTINCT FROM h.seq OR last.leaf_hash IS DISTINCT FROM h.leaf_hash`,
  },
  {
    kind: 'disclosure', detail: 'belongs to no statement',
    sql: `SELECT 'statement_disclosure ' || d.subject || '/' || d.seq AS place FROM statement_disclosure d
           WHERE NOT EXISTS (SELECT 1 FROM statement s WHERE s.subject = d.subject AND s.seq = d.seq)`,
  },
  { kind: 'place', detail: 'lies beyond the head', sql: `SELECT 'log_entry ' || leaf_index AS place FROM log_entry WHERE leaf_index >= $1::bigint` },
  { kind: 'node', detail: 'lies beyond the head', sql: `SELECT 'log_node ' || level || '/' || index AS place FROM log_node WHERE index >= ($1::bigint >> level::integer)` },
  { kind: 'checkpoint', detail: 'lies beyond the head', sql: `SELECT 'log_checkpoint ' || tree_size AS place FROM log_checkpoint WHERE tree_size > $1::bigint` },
];

const SHOWN = 20;

export async function checkSets(tx: Tx, treeSize: number, findings: Findings): Promise<void> {
  for (const { kind, detail, sql } of CHECKS) {
    const rows: { place: string; total: string }[] = await tx.query(`SELECT place, count(*) OVER () AS total FROM (${sql}) wrong LIMIT ${SHOWN}`, sql.includes('$1') ? [treeSize] : []);
    rows.forEach(({ place, total }, i) => findings.add(kind, place, detail, i === rows.length - 1 ? Number(total) - rows.length + 1 : 1));
  }
}
