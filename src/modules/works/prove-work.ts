import { Injectable } from '@nestjs/common';
import { DomainError } from '../../lib/errors/index.js';
import { BUNDLE_FORMAT, formatTlogProof } from '../../lib/proof/index.js';
import { parseDisclosure, parseWorkNumber, type WorkNumber } from '../../lib/statement/index.js';
import { AnchorReader, type AnchorView } from '../anchoring/index.js';
import { type ChainEntry, LogKeys, LogReader, type PublishedCheckpoint } from '../log/index.js';
import { isPublicPointer } from './compose-deposit.js';
import { statementOf } from './project-work.js';
import { workNotFound } from './works.errors.js';

export interface ProofRequest {
  readonly accountId: string | null;
  /** `anchored`: as far as the last anchored checkpoint covers; `newest`: the whole logged chain. */
  readonly at: 'anchored' | 'newest';
  /** Pointers of sealed members to open beyond the public ones; the owner's right only. */
  readonly disclose: readonly string[];
}

/** Puts together the proof bundle of a work. Two queries: the chain, and the nodes of all inclusion proofs; now and then a third, for the checkpoint. */
@Injectable()
export class ProveWork {
  constructor(private readonly reader: LogReader, private readonly keys: LogKeys, private readonly anchors: AnchorReader) {}

  /** @throws DomainError `WORKS.NOT_FOUND`, `LOG.NOT_YET_LOGGED` (Retry-After), `WORKS.NOT_OWNER`, `WORKS.DISCLOSURE_NOT_FOUND`. */
  async execute(typed: string, request: ProofRequest): Promise<Record<string, unknown>> {
    const number = parseWorkNumber(typed)?.number;
    const chain = number === undefined ? [] : await this.reader.chain(number);
    const first = chain[0];
    if (!first || number === undefined) throw workNotFound();
    const deposit = statementOf(first);
    const isOwner = request.accountId !== null && deposit.actor === `acct:${request.accountId}`;
    if (deposit.body['visibility'] === 'confidential' && !isOwner) throw workNotFound();
    if (request.disclose.length > 0 && !isOwner) throw new DomainError('WORKS.NOT_OWNER', 'Only the account that deposited the work opens what is sealed.');
    if (first.leafIndex === null) throw new DomainError('LOG.NOT_YET_LOGGED', 'The deposit has its place in the log in a moment.', { retryAfterSeconds: 1 });

    const anchored = request.at === 'newest' ? null : await this.newestAnchored(first.leafIndex);
    const logged = chain.flatMap(({ leafIndex }) => leafIndex ?? []);
    const checkpoint = anchored?.checkpoint ?? (await this.reader.publishedCovering(Math.max(...logged)));
    if (!checkpoint) throw new DomainError('LOG.NOT_YET_LOGGED', 'Nothing is published yet.', { retryAfterSeconds: 1 });
    const entries = chain.filter((entry) => entry.leafIndex !== null && entry.leafIndex < checkpoint.treeSize);
    const isPublic = deposit.body['visibility'] === 'public';
    assertKnown(request.disclose, entries);
    return {
      format: BUNDLE_FORMAT,
      subject: number,
      logKey: this.keys.vkey,
      chains: [await this.toChain(number, entries, checkpoint, (disclosure) => opens(disclosure, isPublic, request.disclose))],
      anchor: anchored === null ? null : toAnchor(anchored.anchor),
    };
  }

  private async newestAnchored(leafIndex: number): Promise<{ anchor: AnchorView; checkpoint: PublishedCheckpoint } | null> {
    const anchor = await this.anchors.latest();
    if (!anchor || anchor.treeSize <= leafIndex) return null;
    const checkpoint = await this.reader.checkpointAt(anchor.treeSize);
    return checkpoint && { anchor, checkpoint };
  }

  private async toChain(subject: WorkNumber, entries: readonly ChainEntry[], checkpoint: PublishedCheckpoint, opened: (disclosure: string) => boolean): Promise<Record<string, unknown>> {
    const places = entries.map((entry) => entry.leafIndex ?? 0);
    const proofs = await this.reader.inclusionProofs(places, checkpoint.treeSize);
    return {
      subject,
      complete: true,
      entries: entries.map((entry, i) => ({
        statement: statementOf(entry),
        disclosures: entry.disclosures.filter(opened),
        proof: formatTlogProof({ index: places[i] ?? 0, proof: proofs[i] ?? [], checkpoint: checkpoint.note }),
      })),
    };
  }
}

/** Whoever opens what lies in a sealed subtree opens the subtree first: it has no place otherwise. */
function opens(disclosure: string, isPublic: boolean, disclose: readonly string[]): boolean {
  const { pointer } = parseDisclosure(disclosure);
  return (isPublic && isPublicPointer(pointer)) || disclose.some((wanted) => wanted === '/' || wanted === pointer || wanted.startsWith(`${pointer}/`));
}

function assertKnown(disclose: readonly string[], entries: readonly ChainEntry[]): void {
  if (disclose.length === 0) return;
  const known = new Set(entries.flatMap((entry) => entry.disclosures.map((disclosure) => parseDisclosure(disclosure).pointer)));
  const unknown = disclose.filter((pointer) => pointer !== '/' && !known.has(pointer));
  if (unknown.length > 0) throw new DomainError('WORKS.DISCLOSURE_NOT_FOUND', `Nothing sealed stands at ${unknown.join(', ')}; it may have been erased.`);
}

function toAnchor(anchor: AnchorView): Record<string, unknown> {
  return {
    chainId: anchor.chainId, genesisHash: anchor.genesisHash, contract: anchor.contract, treeSize: anchor.treeSize, rootHash: anchor.rootHash,
    transactionHash: anchor.transactionHash, blockNumber: anchor.blockNumber, blockHash: anchor.blockHash, blockTime: anchor.blockTime,
  };
}

