import { Client, escapeLiteral } from 'pg';
import type { ClusterIdentity } from './postgres-cluster.js';

export const OWNER_ROLE = 'zhengben_owner';
export const SERVICE_ROLE = 'zhengben_service';
export const DATABASE = 'zhengben';

/**
 * Makes the two roles and the database, each unless it is there. The owner may do anything inside its database, trusted
 * extensions included, and nothing outside; the service may connect, and gets the rest from the migrations.
 */
export async function ensureRolesAndDatabase(adminUrl: string, identity: ClusterIdentity): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  client.on('error', () => undefined); // the query in hand fails with it and reports it
  await client.connect();
  try {
    for (const [role, password] of [[OWNER_ROLE, identity.ownerPassword], [SERVICE_ROLE, identity.servicePassword]] as const) {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      if (rowCount === 0) await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${escapeLiteral(password)}`);
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER_ROLE}`);
    await client.query(`REVOKE ALL ON DATABASE ${DATABASE} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${DATABASE} TO ${SERVICE_ROLE}`);
  } finally {
    await client.end();
  }
}
