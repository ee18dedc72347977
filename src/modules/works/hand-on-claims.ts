import type { Tx } from '../../platform/database/index.js';

const HAND_ON_CLAIMS = `
  WITH heir AS (
    SELECT DISTINCT ON (f.sha256, f.held) f.sha256, f.held, w.work_id, w.account_id, w.deposited_at
      FROM first_claim f
      JOIN content c ON c.sha256 = f.sha256 AND (c.blob_sha256 IS NOT NULL) = f.held AND c.byte_length > 0
      JOIN work w ON w.work_id = c.work_id AND w.visibility = 'public' AND w.withdrawn_at IS NULL
     WHERE f.work_id = $1 AND w.work_id <> $1 AND f.sha256 IN (SELECT sha256 FROM content WHERE work_id = $1)
     ORDER BY f.sha256, f.held, w.deposited_at, w.work_id
  ), freed AS (
    DELETE FROM first_claim f WHERE f.work_id = $1 AND f.sha256 IN (SELECT sha256 FROM content WHERE work_id = $1)
       AND NOT EXISTS (SELECT 1 FROM heir h WHERE h.sha256 = f.sha256 AND h.held = f.held)
  )
  UPDATE first_claim f SET work_id = h.work_id, account_id = h.account_id, claimed_at = h.deposited_at FROM heir h WHERE f.sha256 = h.sha256 AND f.held = h.held`;

/**
 * A withdrawn work stands in nobody's way: each of its claims goes to whoever claims after it, held apart from declared, or to nobody. (It is moved by
 * UPDATE: whoever deposits the same content meanwhile waits for the row and then loses to its new owner, as to the old one.)
 * @param workId of the work, which the caller has marked as withdrawn; decimal.
 */
export async function handOnClaims(tx: Tx, workId: string): Promise<void> {
  await tx.query(HAND_ON_CLAIMS, [workId]);
}
