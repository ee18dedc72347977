import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type AnchorView, type AnchorViewRow, SELECT_LIVE_ANCHORS, toAnchorView } from './anchor-view.js';
import type { AnchoringProblemCode } from './anchoring.errors.js';
import { toEvmHex } from './anchor-records.js';
import { LiveAnchors } from './live-anchors.js';

/** How far the chain is behind the log, as of the last look of whichever process anchors. */
export interface AnchorLag {
  /** Leaves of the newest published checkpoint, and of the newest live anchor. */
  readonly publishedSize: number;
  readonly anchoredSize: number;
  readonly leaves: number;
  /** Since when something published has not been anchored, in seconds; 0 when all is. */
  readonly seconds: number;
  /** ISO 8601 UTC; null when no process has looked at the chain yet. */
  readonly checkedAt: string | null;
  /** Why it does not get on; null when it does. */
  readonly problem: { readonly code: AnchoringProblemCode; readonly detail: string; readonly since: string } | null;
}

/** The chain in use, and the contract's own head there at the last look. */
export interface ChainStatus {
  readonly chainId: number | null;
  readonly genesisHash: string | null;
  readonly contract: string | null;
  readonly blockNumber: number | null;
  readonly headSize: number | null;
}

interface StatusRow {
  chain_id: string | null; genesis_hash: Buffer | null; contract: Buffer | null; chain_block: string | null; head_size: string | null;
  published_size: string; seconds: string | null; checked_at: Date | null; problem_code: AnchoringProblemCode | null; problem_detail: string | null; problem_since: Date | null;
}

/** What is anchored. Answers from memory, at most a second behind. */
@Injectable()
export class AnchorReader {
  private readonly live: LiveAnchors;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    this.live = new LiveAnchors(dataSource);
  }

  /** The live anchor that came first of those whose tree contains the leaf; null when none does (yet, or any more). */
  async covering(leafIndex: number): Promise<AnchorView | null> {
    return (await this.live.covering([leafIndex]))[0] ?? null;
  }

  /** {@link covering} of many, in the order of `leafIndexes`. */
  coveringMany(leafIndexes: readonly number[]): Promise<(AnchorView | null)[]> {
    return this.live.covering(leafIndexes);
  }

  /** The live anchor of the largest tree. */
  latest(): Promise<AnchorView | null> {
    return this.live.latest();
  }

  /** Live anchors from the largest tree down. @param below only those of fewer leaves. */
  async list(limit: number, below: number | null): Promise<AnchorView[]> {
    const rows = await this.dataSource.query<AnchorViewRow[]>(
      `${SELECT_LIVE_ANCHORS} AND ($2::bigint IS NULL OR a.tree_size < $2) ORDER BY a.tree_size DESC LIMIT $1`, [limit, below]);
    return rows.map(toAnchorView);
  }

  async lag(): Promise<AnchorLag> {
    return (await this.status()).lag;
  }

  async status(): Promise<{ chain: ChainStatus; lag: AnchorLag }> {
    const [[row], latest] = await Promise.all([
      this.dataSource.query<StatusRow[]>(
        `SELECT i.chain_id, i.genesis_hash, i.contract, l.chain_block, l.head_size, l.published_size, extract(epoch FROM clock_timestamp() - l.behind_since) AS seconds,
                l.checked_at, l.problem_code, l.problem_detail, l.problem_since
           FROM anchor_lease l LEFT JOIN chain_instance i ON i.is_current`),
      this.live.latest(),
    ]);
    if (!row) throw new Error('the row of anchor_lease is missing');
    const publishedSize = Number(row.published_size);
    const anchoredSize = latest?.treeSize ?? 0;
    return {
      chain: {
        chainId: row.chain_id === null ? null : Number(row.chain_id),
        genesisHash: row.genesis_hash && toEvmHex(row.genesis_hash),
        contract: row.contract && toEvmHex(row.contract),
        blockNumber: row.chain_block === null ? null : Number(row.chain_block),
        headSize: row.head_size === null ? null : Number(row.head_size),
      },
      lag: {
        publishedSize,
        anchoredSize,
        leaves: Math.max(0, publishedSize - anchoredSize),
        seconds: Math.max(0, Number(row.seconds ?? 0)),
        checkedAt: row.checked_at?.toISOString() ?? null,
        problem: row.problem_code && row.problem_since
          ? { code: row.problem_code, detail: row.problem_detail ?? '', since: row.problem_since.toISOString() }
          : null,
      },
    };
  }

  /** Called by the anchorer of this process: what it changed is served at once. */
  invalidate(): void {
    this.live.invalidate();
  }
}
