import type { Client } from 'pg';

export interface Table {
  /** `schema.name`, as the manifest and the file are called. */
  readonly name: string;
  /** Quoted for SQL. */
  readonly sql: string;
  /** Those that hold something of their own: generated ones follow from them. */
  readonly columns: readonly string[];
}

/** Bookkeeping of the migrations: made by running them. */
const NOT_DATA = new Set(['public.migrations', 'graphile_worker.migrations']);

/** Every table of the service, each after those that its foreign keys lead to. */
export async function listTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; sql: string; columns: string[]; needs: string[] | null }>(`
    SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS sql,
           (SELECT array_agg(quote_ident(a.attname) ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
           (SELECT array_agg(DISTINCT m.nspname || '.' || r.relname) FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace m ON m.oid = r.relnamespace
             WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS needs
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'graphile_worker') AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`);
  const waiting = new Map(rows.filter(({ name }) => !NOT_DATA.has(name)).map((row) => [row.name, row]));
  const ordered: Table[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ needs }) => (needs ?? []).every((name) => !waiting.has(name)));
    if (ready.length === 0) throw new Error(`foreign keys in a circle: ${[...waiting.keys()].join(', ')}`);
    for (const { name, sql, columns } of ready) {
      ordered.push({ name, sql, columns });
      waiting.delete(name);
    }
  }
  return ordered;
}

/** The names of the migrations that have run, oldest first; empty in a database without a schema. */
export async function listMigrations(client: Client): Promise<string[]> {
  const { rows: [known] } = await client.query<{ exists: boolean }>(`SELECT to_regclass('public.migrations') IS NOT NULL AS exists`);
  if (!known?.exists) return [];
  const { rows } = await client.query<{ name: string }>('SELECT name FROM public.migrations ORDER BY id');
  return rows.map(({ name }) => name);
}
