import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { OWNER_ROLE, SERVICE_ROLE } from '../../src/dev-stack/postgres-roles.js';
import { runMigrations } from '../../src/migrations/index.js';

export interface TestDatabase {
  readonly name: string;
  /** As the service runs: no ownership, only what the migrations grant. */
  readonly serviceUrl: string;
  /** As migrations run. */
  readonly ownerUrl: string;
  /** Superuser, in this database: to break what the roles forbid. */
  readonly adminUrl: string;
  drop(): Promise<void>;
}

interface ServerUrls { adminUrl: string; ownerUrl: string; serviceUrl: string }

const TEMPLATE = 'zhengben_template';
const TEMPLATE_LOCK = 719_236_401;
let serverUrls: Promise<ServerUrls> | undefined;

/**
 * A database of its own for a test, with every migration run (a copy of one migrated template), or empty
 * when `migrated` is false. Dropped with the server at the end of the run if the test does not.
 */
export async function createTestDatabase({ migrated = true }: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const server = await (serverUrls ??= askForServer());
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withAdmin(server, async (admin) => {
    if (migrated) await ensureTemplate(admin, server);
    await createDatabase(admin, name, migrated ? TEMPLATE : 'template1');
  });
  return {
    name,
    serviceUrl: inDatabase(server.serviceUrl, name), ownerUrl: inDatabase(server.ownerUrl, name), adminUrl: inDatabase(server.adminUrl, name),
    drop: () => withAdmin(server, async (admin) => { await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`); }),
  };
}

async function askForServer(): Promise<ServerUrls> {
  const url = process.env['ZHENGBEN_TEST_SERVER'];
  if (url === undefined) throw new Error('Run tests with `npx jest`: its globalSetup serves the database');
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as ServerUrls;
}

/** Whoever comes first migrates the template; the others wait for the lock. It is marked as a template when it is whole. */
async function ensureTemplate(admin: Client, server: ServerUrls): Promise<void> {
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rows } = await admin.query<{ datistemplate: boolean }>('SELECT datistemplate FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (rows[0]?.datistemplate === true) return;
    await admin.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
    await createDatabase(admin, TEMPLATE, 'template1');
    await runMigrations(inDatabase(server.ownerUrl, TEMPLATE));
    await admin.query(`ALTER DATABASE ${TEMPLATE} IS_TEMPLATE true`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

/** With the rights that the embedded database gives (they are not part of a template). */
async function createDatabase(admin: Client, name: string, template: string): Promise<void> {
  const database = escapeIdentifier(name);
  await admin.query(`CREATE DATABASE ${database} TEMPLATE ${template} OWNER ${OWNER_ROLE}`);
  await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${SERVICE_ROLE}`);
}

async function withAdmin(server: ServerUrls, work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: server.adminUrl });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function inDatabase(url: string, name: string): string {
  const result = new URL(url);
  result.pathname = `/${name}`;
  return result.href;
}
