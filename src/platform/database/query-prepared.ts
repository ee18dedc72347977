import type { Pool } from 'pg';
import { type DataSource, QueryFailedError } from 'typeorm';

/**
 * A query that PostgreSQL parses and plans once a connection, not once a request: for reads so small and frequent that planning them would cost
 * more than they do. Not within a transaction.
 * @param name of the statement; the same name always means the same text.
 * @throws QueryFailedError as every other query does.
 */
export async function queryPrepared<Row>(dataSource: DataSource, name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
  const { master } = dataSource.driver as unknown as { master: Pool };
  try {
    return (await master.query<Row & object>({ name, text, values: [...values] })).rows;
  } catch (error) {
    throw new QueryFailedError(text, [...values], error as Error);
  }
}
