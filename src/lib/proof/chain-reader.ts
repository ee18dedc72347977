/**
 * What the verifier asks of an EVM chain. The caller brings it: this library does no I/O. An implementation MUST answer from the chain that it names and
 * MUST reject (any error) when it cannot answer, never guess. Hashes and addresses: 0x and lower-case hexadecimal.
 */
export interface ChainReader {
  chainId(): Promise<number>;
  /** Hash of block 0: two development chains share everything else. */
  genesisHash(): Promise<string>;
  /** `CheckpointAnchor.origin()`; empty when there is no such contract at the address. */
  contractOrigin(contract: string): Promise<string>;
  /** `CheckpointAnchor.anchoredAt(treeSize, rootHash)`: seconds since 1970 of the block, 0 when that root was never anchored. `rootHashHex` has no 0x. */
  anchoredAt(contract: string, treeSize: number, rootHashHex: string): Promise<number>;
  /** The mined transaction, or null when this node knows none of that hash. */
  transaction(hash: string): Promise<ChainTransaction | null>;
  /** The block of the canonical chain at that height, or null. */
  block(number: number): Promise<ChainBlock | null>;
}

export interface ChainTransaction {
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly succeeded: boolean;
  readonly logs: readonly ChainLog[];
}

export interface ChainLog {
  readonly address: string;
  readonly topics: readonly string[];
}

export interface ChainBlock {
  readonly hash: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}
