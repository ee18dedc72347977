import { Injectable } from '@nestjs/common';
import { DomainError } from '../../lib/errors/index.js';
import { BUNDLE_FORMAT, formatTlogProof } from '../../lib/proof/index.js';
import { AnchorReader, type AnchorView } from '../anchoring/index.js';
import { type ChainEntry, LogKeys, LogReader, type PublishedCheckpoint } from '../log/index.js';
import { statementOf } from './project-work.js';

/** A chain that a bundle is to hold. */
export interface BundledChain {
  readonly subject: string;
  /** From the first statement on, without gaps when `complete`; what has no place in the log yet is left out. */
  readonly entries: readonly ChainEntry[];
  readonly complete: boolean;
  /** Left out of a checkpoint that does not cover its first statement, instead of asking for a newer one. */
  readonly optional?: true;
  /** Whether a disclosure goes along. */
  readonly opens: (disclosure: string) => boolean;
}

/** Puts together proof bundles: all of their statements in one checkpoint, the newest anchored one that covers the first statement of each chain, or the newest of all. */
@Injectable()
export class ComposeBundle {
  constructor(private readonly reader: LogReader, private readonly keys: LogKeys, private readonly anchors: AnchorReader) {}

  /**
   * @param chains the subject's own first, then what it rests on.
   * @throws DomainError `LOG.NOT_YET_LOGGED` (Retry-After) while one of the chains has no place in the log.
   */
  async execute(subject: string, chains: readonly BundledChain[], at: 'anchored' | 'newest'): Promise<Record<string, unknown>> {
    const firsts = chains.filter(({ optional }) => !optional).map(({ entries }) => entries[0]?.leafIndex ?? null);
    if (firsts.includes(null)) throw new DomainError('LOG.NOT_YET_LOGGED', 'The statement has its place in the log in a moment.', { retryAfterSeconds: 1 });
    const anchored = at === 'newest' ? null : await this.newestAnchored(Math.max(...firsts.map(Number)));
    const checkpoint = anchored?.checkpoint ?? (await this.reader.publishedCovering(Math.max(...chains.flatMap(({ entries }) => entries.flatMap(({ leafIndex }) => leafIndex ?? [])))));
    if (!checkpoint) throw new DomainError('LOG.NOT_YET_LOGGED', 'Nothing is published yet.', { retryAfterSeconds: 1 });
    return {
      format: BUNDLE_FORMAT,
      subject,
      logKey: this.keys.vkey,
      chains: await Promise.all(chains.filter(({ optional, entries: [first] }) => !optional || isCovered(first, checkpoint)).map((chain) => this.toChain(chain, checkpoint))),
      anchor: anchored === null ? null : toAnchor(anchored.anchor),
    };
  }

  private async newestAnchored(leafIndex: number): Promise<{ anchor: AnchorView; checkpoint: PublishedCheckpoint } | null> {
    const anchor = await this.anchors.latest();
    if (!anchor || anchor.treeSize <= leafIndex) return null;
    const checkpoint = await this.reader.checkpointAt(anchor.treeSize);
    return checkpoint && { anchor, checkpoint };
  }

  private async toChain({ subject, entries, complete, opens }: BundledChain, checkpoint: PublishedCheckpoint): Promise<Record<string, unknown>> {
    const covered = entries.filter((entry) => isCovered(entry, checkpoint));
    const places = covered.map((entry) => entry.leafIndex ?? 0);
    const proofs = await this.reader.inclusionProofs(places, checkpoint.treeSize);
    return {
      subject,
      complete,
      entries: covered.map((entry, i) => ({
        statement: statementOf(entry),
        disclosures: entry.disclosures.filter(opens),
        proof: formatTlogProof({ index: places[i] ?? 0, proof: proofs[i] ?? [], checkpoint: checkpoint.note }),
      })),
    };
  }
}

function isCovered(entry: ChainEntry | undefined, { treeSize }: PublishedCheckpoint): boolean {
  return entry !== undefined && entry.leafIndex !== null && entry.leafIndex < treeSize;
}

function toAnchor(anchor: AnchorView): Record<string, unknown> {
  return {
    chainId: anchor.chainId, genesisHash: anchor.genesisHash, contract: anchor.contract, treeSize: anchor.treeSize, rootHash: anchor.rootHash,
    transactionHash: anchor.transactionHash, blockNumber: anchor.blockNumber, blockHash: anchor.blockHash, blockTime: anchor.blockTime,
  };
}
