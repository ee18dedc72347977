import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DevStackError, systemErrorCode } from './errors.js';

/** The user that the database server runs as. Null: as we do. */
export type ServerAccount = { readonly uid: number; readonly gid: number } | null;

/**
 * PostgreSQL refuses to run as root, so root lends it another account: the owner of the cluster if there is one, else a
 * system account (initdb insists on a name in the user table, so a bare number will not do).
 */
export async function chooseServerAccount(clusterDir: string): Promise<ServerAccount> {
  const me = process.getuid?.();
  if (me === undefined) throw new DevStackError('DEV_STACK.UNSUPPORTED_PLATFORM', 'The embedded database needs Linux or macOS. Set DATABASE_URL to a PostgreSQL 17 server or newer.');
  const owner = await ownerOf(clusterDir);
  if (me !== 0) {
    if (owner !== undefined && owner.uid !== me) {
      throw new DevStackError('DEV_STACK.WRONG_OWNER',
        `${clusterDir} belongs to user ${owner.uid}, and this process is user ${me}. Start as the user who made it (root, if you used sudo), or delete the directory to begin with an empty database.`);
    }
    return null;
  }
  const account = owner ?? findSystemAccount();
  if (account.uid === 0) {
    throw new DevStackError('DEV_STACK.WRONG_OWNER',
      `${clusterDir} belongs to root, and PostgreSQL does not run as root. Run: chown -R ${findSystemAccount().uid} '${clusterDir}'`);
  }
  return account;
}

function findSystemAccount(): { uid: number; gid: number } {
  const users = new Map<string, { uid: number; gid: number }>();
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name !== undefined && uid !== undefined && gid !== undefined) users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  for (const name of ['postgres', '_postgres', 'nobody', 'daemon']) {
    const account = users.get(name);
    if (account !== undefined && account.uid > 0) return account;
  }
  throw new DevStackError('DEV_STACK.NO_ACCOUNT',
    'PostgreSQL does not run as root, and /etc/passwd names no account to lend it. Add one (useradd --system postgres), or start as an ordinary user.');
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
