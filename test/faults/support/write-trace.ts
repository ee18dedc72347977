import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';

const SOURCES = join(__dirname, '../../../src');

/** Writes that no kill is aimed at, and why. */
const EXEMPT: readonly { readonly write: RegExp; readonly because: string }[] = [
  // The second is how it adds what is due by the clock; it names its schema far behind.
  { write: /\bgraphile_worker"?\.|^with specs as \( select index, \(json->>'identifier'\)/, because: 'the job queue is a library of its own: a job that dies is run again' },
  { write: /\b(?:INTO|UPDATE|FROM) "?(?:account|session|api_key|one_time_token|throttle)\b/, because: 'identity: one statement or one transaction each, and nothing is promised by a receipt' },
  { write: /^file \w+ \S*\/demo(?:-account\.json|\.env)/, because: 'development only' },
  { write: /^file \w+ \S*\/outbox\//, because: 'mail in development only' },
];

export interface WriteTrace {
  /** Every point that was passed, once, in the order of the first time. */
  readonly points: readonly string[];
  /** Writes outside of any point that are not exempt. */
  readonly unnamed: readonly string[];
}

export function parseTrace(text: string): WriteTrace {
  const lines = [...new Set(text.split('\n').filter((line) => line !== ''))];
  const unnamed = lines.filter((line) => line.startsWith('unnamed ')).map((line) => line.slice('unnamed '.length));
  return {
    points: lines.filter((line) => !line.startsWith('unnamed ')),
    unnamed: unnamed.filter((write) => !EXEMPT.some((exemption) => exemption.write.test(write))),
  };
}

/** The names that the sources give to their points: `x:before` and `x:after` of every write, and the others as they are. */
export async function pointsInSources(): Promise<string[]> {
  const points = new Set<string>();
  for (const name of await readdir(SOURCES, { recursive: true })) {
    if (!name.endsWith('.ts') || name.includes('fault-points/')) continue;
    const text = await readFile(join(SOURCES, name), 'utf8');
    for (const [, call, point] of text.matchAll(/\b(writePoint|lease\.write|faultPoint)\('([^']+)'/g)) {
      if (call === 'faultPoint') points.add(`${point}`);
      else points.add(`${point}:before`).add(`${point}:after`);
    }
  }
  return [...points].toSorted();
}

/** From now on PostgreSQL itself keeps the text of every statement that changes one of our tables. */
export async function recordWrites(database: DataSource): Promise<void> {
  await database.query(`
    CREATE TABLE fault_trace (query text);
    CREATE FUNCTION fault_trace() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      INSERT INTO fault_trace VALUES (current_query());
      RETURN NULL;
    END $$;
    DO $$
    DECLARE name text;
    BEGIN
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'fault_trace' LOOP
        EXECUTE format('CREATE TRIGGER fault_trace AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION fault_trace()', name);
      END LOOP;
    END $$;`);
}

/** Ends it. @returns every different statement that changed something. */
export async function recordedWrites(database: DataSource): Promise<string[]> {
  const rows: { query: string }[] = await database.query('SELECT DISTINCT query FROM fault_trace');
  await database.query('DROP FUNCTION fault_trace() CASCADE; DROP TABLE fault_trace');
  return rows.map((row) => row.query);
}
