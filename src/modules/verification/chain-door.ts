import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ChainReader } from '../../lib/proof/index.js';
import { createChainReader } from '../../platform/chain/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';

/** Of one URL to say which chain it is of. */
const CONNECT_MS = 3_000;
/** Of all questions about one bundle. */
const PATIENCE_MS = 10_000;

/** The chain as the verifier may ask it. Nobody waits long for it, and what it says when it fails stays inside: it may name the provider. */
@Injectable()
export class ChainDoor {
  private readonly logger = new Logger('Verification');

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'chain'>) {}

  /** A reader for one bundle: the first of the configured URLs that answers, asked anew each time, for a development chain may have been replaced. */
  open(): ChainReader {
    const end = Date.now() + PATIENCE_MS;
    let chosen: Promise<ChainReader> | null = null;
    const ask = async <T>(question: (reader: ChainReader) => Promise<T>): Promise<T> => {
      chosen ??= this.choose();
      try {
        return await within(end - Date.now(), chosen.then(question));
      } catch (error) {
        this.logger.warn(`the chain could not be asked for a verification: ${error instanceof Error ? error.message : String(error)}`);
        throw new Error('the chain does not answer this service at the moment', { cause: error });
      }
    };
    return {
      chainId: () => ask((reader) => reader.chainId()),
      genesisHash: () => ask((reader) => reader.genesisHash()),
      contractOrigin: (contract) => ask((reader) => reader.contractOrigin(contract)),
      anchoredAt: (contract, treeSize, rootHash) => ask((reader) => reader.anchoredAt(contract, treeSize, rootHash)),
      transaction: (hash) => ask((reader) => reader.transaction(hash)),
      block: (number) => ask((reader) => reader.block(number)),
    };
  }

  private async choose(): Promise<ChainReader> {
    let last: unknown = null;
    for (const url of this.config.chain.rpcUrls) {
      const reader = createChainReader(url);
      try {
        await within(CONNECT_MS, reader.chainId());
        return reader;
      } catch (error) {
        last = error;
      }
    }
    throw new Error('no URL of the chain answers', { cause: last });
  }
}

/** What comes too late is not waited for. */
async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}
