import type { Tx } from '../../platform/database/index.js';
import type { AnchoringProblemCode } from './anchoring.errors.js';

/** What a tick found. Block and head are null when no node could be asked. */
export interface Finding {
  readonly chainBlock: number | null;
  readonly headSize: number | null;
  /** Size of the newest published checkpoint; 0 before the first. */
  readonly publishedSize: number;
  readonly lookAgainSoon: boolean;
  readonly problem: { readonly code: AnchoringProblemCode; readonly detail: string } | null;
}

/** Stores it beside the lease, where every process reads it; what a tick could not see stays as it was. */
export async function reportFinding(tx: Tx, { chainBlock, headSize, publishedSize, problem }: Finding): Promise<void> {
  await tx.query(
    `UPDATE anchor_lease SET checked_at = clock_timestamp(), chain_block = coalesce($1, chain_block), head_size = coalesce($2, head_size),
            published_size = $5, behind_since = CASE WHEN $5 > coalesce($2, head_size, 0) THEN coalesce(behind_since, clock_timestamp()) END,
            problem_since = CASE WHEN $3::text IS NULL THEN NULL WHEN problem_code = $3 THEN problem_since ELSE clock_timestamp() END,
            problem_code = $3, problem_detail = $4`,
    [chainBlock, headSize, problem?.code ?? null, problem?.detail.slice(0, 1000) ?? null, publishedSize],
  );
}
