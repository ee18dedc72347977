import { DataSource } from 'typeorm';
import { VerificationError } from '../../lib/errors/index.js';
import { parseSignerKey } from '../../lib/note/index.js';
import { LogKeys } from '../../modules/log/index.js';
import { dataSourceOptions } from '../../platform/database/index.js';
import { CliError } from '../cli-error.js';
import type { OperatorEnvironment } from './operator-environment.js';

/** Connects, runs and disconnects. @throws CliError when the database cannot be reached. */
export async function withDatabase<T>(url: string, act: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = new DataSource(dataSourceOptions(url, 4, () => undefined));
  await dataSource.initialize().catch((error: unknown) => {
    throw new CliError(`cannot connect to the database: ${(error as Error).message}`);
  });
  try {
    return await act(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** The log's keys as the service has them. The origin is the key's name; LOG_ORIGIN, when set, must be the same. */
export function openLogKeys(env: OperatorEnvironment): LogKeys {
  try {
    const signerKey = env.signerKey();
    const origin = env.value('LOG_ORIGIN') ?? parseSignerKey(signerKey).name;
    return new LogKeys({ log: { origin, signerKey, previousSignerKey: env.previousSignerKey(), mergeDelaySeconds: env.mergeDelaySeconds, sequenceIntervalMs: 200 } });
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (error instanceof VerificationError) throw new CliError(`LOG_KEY_FILE: ${error.message}`);
    throw new CliError((error as Error).message);
  }
}
