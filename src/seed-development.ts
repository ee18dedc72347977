import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type DemoMarket, seedMarket } from './dev-stack/seeds/index.js';
import { createDemoAccount, type DemoAccount } from './modules/identity/index.js';
import { appointOperator } from './modules/operators/index.js';
import type { Config } from './platform/config/index.js';
import { dataSourceOptions, transact } from './platform/database/index.js';

export interface DemoSeeds extends DemoMarket {
  readonly buyer: DemoAccount;
  readonly operators: readonly DemoAccount[];
}

const BUYER = { name: 'demo-buyer', email: 'buyer@zhengben.example', displayName: '演示买方 Demo buyer' };
const OPERATORS = [1, 2].map((n) => ({ name: `demo-operator-${n}`, email: `operator-${n}@zhengben.example`, displayName: `演示运营 ${n} Demo operator ${n}` }));

/**
 * Fills the embedded database: the demo account sells, a buyer has money, two operators serve. They are appointed as the command line does it, as the owner of the schema. May run at every start.
 * @param ownerUrl of the embedded database. @param url where the service listens. @throws as {@link seedMarket}.
 */
export async function seedDevelopment(app: INestApplicationContext, config: Config, seller: DemoAccount, { ownerUrl, url, signal }: { ownerUrl: string; url: string; signal: AbortSignal }): Promise<DemoSeeds> {
  const [buyer, ...operators] = await Promise.all([BUYER, ...OPERATORS].map((who) => createDemoAccount(app, config, who)));
  const [operator] = operators;
  if (buyer === undefined || operator === undefined) throw new Error('a demo account was not made');
  signal.throwIfAborted();
  const owner = await new DataSource(dataSourceOptions(ownerUrl, 1, () => undefined)).initialize();
  try {
    for (const { email } of operators) await transact(owner, (tx) => appointOperator(tx, email));
  } finally {
    await owner.destroy();
  }
  return { ...(await seedMarket({ url, dataDir: config.dataDir, seller, buyer, operator, signal })), buyer, operators };
}
