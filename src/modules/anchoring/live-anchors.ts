import type { DataSource } from 'typeorm';
import { type AnchorView, type AnchorViewRow, SELECT_LIVE_ANCHORS, toAnchorView } from './anchor-view.js';

/** Anchors kept in memory from the newest down: at one in ten seconds, 1.4 hours. Older ones are looked up and remembered. */
const TAIL = 512;
const MOST_REMEMBERED = 4_096;
/** How old an answer may be that another process has overtaken. */
const FRESH_MS = 1_000;

interface Snapshot {
  readonly version: string;
  /** By tree size, ascending. */
  readonly tail: readonly AnchorView[];
  /** The tail covers the leaves from here on. */
  readonly tailFrom: number;
  /** Leaf index → its anchor, for leaves before the tail. */
  readonly remembered: Map<number, AnchorView | null>;
}

/** The live anchors as of a moment ago, so that serving a proof costs no query. One small query a second finds out whether anything changed. */
export class LiveAnchors {
  #snapshot: Snapshot | null = null;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<Snapshot> | null = null;

  constructor(private readonly dataSource: DataSource) {}

  /** The next question is answered from the database. */
  invalidate(): void {
    this.#checkedAt = Number.NEGATIVE_INFINITY;
  }

  async latest(): Promise<AnchorView | null> {
    return (await this.#current()).tail.at(-1) ?? null;
  }

  /** @returns for each leaf the live anchor with the smallest tree that contains it, in the order of `leafIndexes`. */
  async covering(leafIndexes: readonly number[]): Promise<(AnchorView | null)[]> {
    const snapshot = await this.#current();
    const older = [...new Set(leafIndexes.filter((leafIndex) => leafIndex < snapshot.tailFrom && !snapshot.remembered.has(leafIndex)))];
    if (older.length > 0) await this.#remember(snapshot, older);
    return leafIndexes.map((leafIndex) => (leafIndex < snapshot.tailFrom ? (snapshot.remembered.get(leafIndex) ?? null) : firstAbove(snapshot.tail, leafIndex)));
  }

  async #current(): Promise<Snapshot> {
    if (this.#snapshot && performance.now() - this.#checkedAt < FRESH_MS) return this.#snapshot;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<Snapshot> {
    // Taken before the query: an invalidation during it is not lost.
    const asked = performance.now();
    this.#checkedAt = asked;
    try {
      const [row] = await this.dataSource.query<{ version: string }[]>(
        `SELECT coalesce((SELECT id FROM chain_instance WHERE is_current), 0) || '.' || coalesce((SELECT max(id) FROM anchor_status_change), 0) AS version`);
      const version = row?.version ?? '';
      if (this.#snapshot?.version !== version) this.#snapshot = await this.#load(version);
      return this.#snapshot;
    } catch (error) {
      this.invalidate();
      throw error;
    }
  }

  async #load(version: string): Promise<Snapshot> {
    const rows = await this.dataSource.query<AnchorViewRow[]>(`${SELECT_LIVE_ANCHORS} ORDER BY a.tree_size DESC LIMIT $1`, [TAIL + 1]);
    const views = rows.map(toAnchorView).toReversed();
    const isWhole = views.length <= TAIL;
    const tail = isWhole ? views : views.slice(1);
    return { version, tail, tailFrom: isWhole ? 0 : views[0]!.treeSize, remembered: new Map() };
  }

  async #remember({ remembered }: Snapshot, leafIndexes: readonly number[]): Promise<void> {
    const rows = await this.dataSource.query<(AnchorViewRow & { leaf_index: string })[]>(
      `SELECT leaf.leaf_index, covering.* FROM unnest($1::bigint[]) AS leaf (leaf_index)
         CROSS JOIN LATERAL (${SELECT_LIVE_ANCHORS} AND a.tree_size > leaf.leaf_index ORDER BY a.tree_size LIMIT 1) AS covering`,
      [leafIndexes],
    );
    if (remembered.size + leafIndexes.length > MOST_REMEMBERED) remembered.clear();
    for (const row of rows) remembered.set(Number(row.leaf_index), toAnchorView(row));
  }
}

function firstAbove(ascending: readonly AnchorView[], leafIndex: number): AnchorView | null {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]!.treeSize > leafIndex) high = middle;
    else low = middle + 1;
  }
  return ascending[low] ?? null;
}
