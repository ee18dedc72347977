import { Client } from 'pg';
import { createTestDatabase } from '../../support/index.js';

const query = async (url: string, sql: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
};

describe('createTestDatabase', () => {
  it('gives each test a database of its own', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await query(one.ownerUrl, 'CREATE TABLE only_here ()');
    await expect(query(other.ownerUrl, 'SELECT FROM only_here')).rejects.toMatchObject({ code: '42P01' });
    await one.drop();
    await expect(query(one.ownerUrl, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
    await other.drop();
  });

  it('keeps the service from owning anything', async () => {
    const database = await createTestDatabase({ migrated: false });
    await expect(query(database.serviceUrl, 'CREATE TABLE mine ()')).rejects.toMatchObject({ code: '42501' });
    await expect(query(database.serviceUrl, 'CREATE EXTENSION btree_gist')).rejects.toMatchObject({ code: '42501' });
    await query(database.ownerUrl, 'CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm');
    await expect(query(database.ownerUrl, 'CREATE ROLE other')).rejects.toMatchObject({ code: '42501' });
    const [row] = await query(database.serviceUrl,
      `SELECT rolsuper, (SELECT datcollate || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()) AS locale
       FROM pg_roles WHERE rolname = current_user`);
    expect(row).toEqual({ rolsuper: false, locale: 'C C.UTF-8 UTF8' });
    await database.drop();
  });
});
