import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './processes.js';
import { DATABASE, OWNER_ROLE, SERVICE_ROLE } from './postgres-roles.js';

export interface RunningPostgres {
  /** `zhengben_owner`, who owns the database and runs migrations. */
  readonly ownerUrl: string;
  /** `zhengben_service`, who owns nothing. */
  readonly serviceUrl: string;
}

/** The embedded server that a running service has started on `dataDir`, for an operator's command beside it; null when there is none. */
export async function findRunningPostgres(dataDir: string): Promise<RunningPostgres | null> {
  const clusterDir = join(dataDir, 'postgres');
  const [identity, lockFile] = await Promise.all(['zhengben.json', 'postmaster.pid'].map((name) => readFile(join(clusterDir, name), 'utf8').catch(() => null)));
  if (!identity || !lockFile) return null;
  // src/include/utils/pidfile.h: process id, data directory, start time, port, …, state.
  const [pid, , , port, , , , state] = lockFile.split('\n').map((line) => line.trim());
  if (state !== 'ready' || !isAlive(Number(pid))) return null;
  const { ownerPassword, servicePassword } = JSON.parse(identity) as { ownerPassword: string; servicePassword: string };
  const urlOf = (user: string, password: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${DATABASE}`;
  return { ownerUrl: urlOf(OWNER_ROLE, ownerPassword), serviceUrl: urlOf(SERVICE_ROLE, servicePassword) };
}
