import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Anchorer } from '../../../src/modules/anchoring/anchorer.js';
import { ChainClient, TransactionSigner } from '../../../src/platform/chain/index.js';
import { dataSourceOptions } from '../../../src/platform/database/index.js';
import { MemoryLog } from '../../integration/anchoring/support/memory-log.js';

// An anchorer in a process of its own, for tests that kill it: anchors a log of `size` leaves and ends.
interface Order { databaseUrl: string; rpcUrl: string; contract: string; origin: string; key: string; size: number; leaseSeconds: number }

async function main({ databaseUrl, rpcUrl, contract, origin, key, size, leaseSeconds }: Order): Promise<void> {
  Logger.overrideLogger(false);
  const dataSource = await new DataSource(dataSourceOptions(databaseUrl, 3, () => undefined)).initialize();
  const log = new MemoryLog();
  log.grow(size);
  const anchorer = new Anchorer({
    dataSource, log, signer: new TransactionSigner(key),
    options: {
      chainId: 31_337, contract, origin, intervalSeconds: 0.2, confirmations: 12, leaseSeconds, rebroadcastSeconds: 0, stuckSeconds: 60, staleSeconds: 60,
      maxFeePerGas: 10n ** 12n,
    },
  }, new ChainClient([rpcUrl], 31_337), `program ${process.pid}`);
  for (;;) {
    const result = await anchorer.tick();
    if (result.role === 'leader' && !result.lookAgainSoon && result.problem === null) break;
  }
  await anchorer.stop();
  await dataSource.destroy();
}

main(JSON.parse(process.argv[3] ?? '{}') as Order).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
