import { ChainSession, identify } from './chain-session.js';
import { ChainError } from './errors.js';
import { DEFAULT_ENDPOINT_OPTIONS, type EndpointOptions, JsonRpcEndpoint } from './json-rpc-endpoint.js';

type Sighting = { chainId: number; genesisHash: string } | { unreachable: ChainError };

/**
 * Several URLs of one chain. {@link connect} picks a node that is seen to be on the right chain; when that node fails, the caller gives up
 * what it was doing, calls {@link giveUpOn} and connects again: work on the chain is resumable, half of it from another node is not coherent.
 */
export class ChainClient {
  readonly #closing = new AbortController();
  readonly #endpoints: readonly JsonRpcEndpoint[];
  #preferred = 0;

  constructor(
    urls: readonly string[],
    readonly chainId: number,
    options: Partial<EndpointOptions> = {},
  ) {
    if (urls.length === 0) throw new TypeError('a chain client needs a URL');
    this.#endpoints = urls.map((url) => new JsonRpcEndpoint(url, { ...DEFAULT_ENDPOINT_OPTIONS, ...options }, this.#closing.signal));
  }

  get endpointCount(): number {
    return this.#endpoints.length;
  }

  /**
   * A session with a node of the configured chain id whose block 0 is `knownGenesis`. Another block 0 is believed only when every configured
   * URL answers with it, since that means that all earlier anchors are gone; one misrouted URL must not be able to say so.
   * @param knownGenesis 0x…, or null at first contact, when all nodes that answer must agree.
   * @throws ChainError CHAIN.UNAVAILABLE, CHAIN.WRONG_CHAIN, CHAIN.DISAGREEMENT
   */
  async connect(knownGenesis: string | null): Promise<ChainSession> {
    const order = this.#endpoints.map((_, i) => (this.#preferred + i) % this.#endpoints.length);
    const sightings: { index: number; seen: Sighting }[] = [];
    for (const index of order) {
      const endpoint = this.#endpoints[index]!;
      const seen: Sighting = await identify(endpoint).catch((error: unknown) => {
        if (error instanceof ChainError) return { unreachable: error };
        throw error;
      });
      sightings.push({ index, seen });
      if (knownGenesis !== null && 'chainId' in seen && seen.chainId === this.chainId && seen.genesisHash === knownGenesis) return this.#open(index, seen.genesisHash);
    }
    return this.#judge(sightings, knownGenesis);
  }

  /** The next {@link connect} begins with another URL. */
  giveUpOn(session: ChainSession): void {
    const index = this.#endpoints.findIndex((endpoint) => session.speaksWith(endpoint));
    if (index === this.#preferred) this.#preferred = (index + 1) % this.#endpoints.length;
  }

  /** Sessions with the other URLs that answer now and lead to the same chain and block 0. For what one node's word is not enough for. */
  async connectOthers(session: ChainSession): Promise<ChainSession[]> {
    const others = this.#endpoints.filter((endpoint) => !session.speaksWith(endpoint));
    const seen = await Promise.all(others.map((endpoint) => identify(endpoint).catch((error: unknown) => {
      if (error instanceof ChainError) return null;
      throw error;
    })));
    return others.flatMap((endpoint, i) =>
      seen[i]?.chainId === session.chainId && seen[i].genesisHash === session.genesisHash ? [new ChainSession(endpoint, session.chainId, session.genesisHash)] : []);
  }

  /** Ends every exchange in flight; nothing can be called afterwards. */
  close(): void {
    this.#closing.abort();
  }

  #judge(sightings: readonly { index: number; seen: Sighting }[], knownGenesis: string | null): ChainSession {
    let unreachable: ChainError | null = null;
    const genesisHashes = new Map<string, number>();
    for (const { index, seen } of sightings) {
      if ('unreachable' in seen) {
        unreachable = seen.unreachable;
      } else if (seen.chainId !== this.chainId) {
        const host = this.#endpoints[index]!.host;
        throw new ChainError('CHAIN.WRONG_CHAIN', `${host} answers for chain ${seen.chainId}, configured is ${this.chainId}`);
      } else if (!genesisHashes.has(seen.genesisHash)) {
        genesisHashes.set(seen.genesisHash, index);
      }
    }
    if (genesisHashes.size > 1) throw new ChainError('CHAIN.DISAGREEMENT', `the RPC URLs answer with ${genesisHashes.size} different blocks 0`);
    const [only] = genesisHashes;
    if (!only || (unreachable && knownGenesis !== null)) {
      throw unreachable ?? new ChainError('CHAIN.UNAVAILABLE', 'no RPC URL answered');
    }
    return this.#open(only[1], only[0]);
  }

  #open(index: number, genesisHash: string): ChainSession {
    this.#preferred = index;
    return new ChainSession(this.#endpoints[index]!, this.chainId, genesisHash);
  }
}
