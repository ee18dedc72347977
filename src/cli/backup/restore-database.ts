import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { migrations, runMigrations } from '../../migrations/index.js';
import { runMigrationsOf } from '../../platform/database/index.js';
import { CliError } from '../cli-error.js';
import type { Manifest } from './manifest.js';
import { copyIn } from './pg-copy.js';
import { listMigrations, listTables, type Table } from './tables.js';

/** Rows that the migrations themselves put in. */
const SEEDED = new Set(['public.log_head', 'public.anchor_lease', 'public.anchor_transition', 'public.order_transition', 'public.bank_transition']);

/** Refuses anything but a database without a schema, or one whose schema is the backup's and holds nothing. @throws CliError. */
export async function assertEmpty(ownerUrl: string, manifest: Manifest): Promise<void> {
  const known = new Set(migrations.map(nameOf));
  const unknown = manifest.migrations.filter((name) => !known.has(name));
  if (unknown.length > 0) throw new CliError(`the backup was made by a newer version of the service (${unknown.join(', ')}): restore it with that one`);
  await withClient(ownerUrl, async (client) => {
    const ran = await listMigrations(client);
    const tables = await listTables(client);
    if (ran.length === 0) {
      if (tables.length > 0) throw new CliError(`the database is not empty: it has a table ${tables[0]?.name}. A backup is restored into an empty database only`);
      return;
    }
    if (ran.join() !== manifest.migrations.join()) throw new CliError('the database already has a schema, of another version than the backup’s: give an empty database, created anew');
    for (const { name, sql } of tables) {
      if (SEEDED.has(name)) continue;
      const { rows } = await client.query(`SELECT 1 FROM ${sql} LIMIT 1`);
      if (rows.length > 0) throw new CliError(`the database is not empty: ${name} has rows. A backup is restored into an empty database only`);
    }
  });
}

/** Schema as of the backup, its rows in one transaction, then whatever migrations came since. */
export async function restoreDatabase(ownerUrl: string, directory: string, manifest: Manifest): Promise<void> {
  await runMigrationsOf(ownerUrl, migrations.filter((Migration) => manifest.migrations.includes(nameOf(Migration))));
  await withClient(ownerUrl, async (client) => {
    await client.query('BEGIN');
    const tables = await listTables(client);
    const wanted = new Map(manifest.tables.map((table) => [table.name, table]));
    const missing = manifest.tables.filter(({ name }) => !tables.some((table) => table.name === name));
    if (missing.length > 0) throw new CliError(`the schema has no table ${missing[0]?.name}, which the backup holds`, 1);
    for (const { sql } of tables) await client.query(`ALTER TABLE ${sql} DISABLE TRIGGER USER`);
    for (const { sql } of tables.toReversed()) await client.query(`DELETE FROM ${sql}`);
    for (const table of tables) {
      const backup = wanted.get(table.name);
      if (backup) await loadTable(client, table, backup, directory);
    }
    for (const { sql } of tables) await client.query(`ALTER TABLE ${sql} ENABLE TRIGGER USER`);
    await advanceSequences(client);
    // A recovery may bring back the works that these belong to: the sweeper gives them another day.
    await client.query('UPDATE blob b SET touched_at = now() WHERE NOT EXISTS (SELECT 1 FROM content c WHERE c.blob_sha256 = b.sha256)');
    await client.query('COMMIT');
    await client.query('ANALYZE');
  });
  await runMigrations(ownerUrl);
}

function nameOf(Migration: (typeof migrations)[number]): string {
  return new Migration().name ?? Migration.name;
}

async function loadTable(client: Client, { name, sql }: Table, { columns, rows }: Manifest['tables'][number], directory: string): Promise<void> {
  const source = createReadStream(join(directory, 'database', `${name}.copy`), { highWaterMark: 256 * 1024 });
  const loaded = await copyIn(client, `COPY ${sql} (${columns.map((column) => quoted(column)).join(', ')}) FROM STDIN`, source);
  if (loaded !== rows) throw new CliError(`${name}: ${loaded} rows were loaded, the backup has ${rows}`, 1);
}

/** Columns stand quoted where they must be; a manifest is not to be trusted with SQL. */
function quoted(column: string): string {
  return escapeIdentifier(/^".*"$/.test(column) ? column.slice(1, -1).replaceAll('""', '"') : column);
}

/** COPY gives identity columns their values, and leaves the sequences behind where they began. */
async function advanceSequences(client: Client): Promise<void> {
  const { rows } = await client.query<{ sql: string; column: string; sequence: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS sql, quote_ident(a.attname) AS column, pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) AS sequence
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'graphile_worker') AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
       AND pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) IS NOT NULL`);
  for (const { sql, column, sequence } of rows) await client.query(`SELECT setval($1, coalesce((SELECT max(${column}) FROM ${sql}), 0) + 1, false)`, [sequence]);
}

async function withClient(url: string, act: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'zhengben-restore' });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
