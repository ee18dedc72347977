import fastify from 'fastify';
import { Pool } from 'pg';
import { formatWorkNumber } from '../../src/lib/statement/index.js';

/** Search as it is usually written first: `title ILIKE '%…%'` with a trigram index, on the same rows. Nothing but titles, newest first; no framework above Fastify. */
const pool = new Pool({ connectionString: process.env['USUAL_DATABASE_URL'], max: Number(process.env['USUAL_POOL_SIZE']) });
pool.on('error', () => undefined);
const app = fastify();

app.get<{ Querystring: { title: string } }>('/works', async ({ query }) => {
  const { rows } = await pool.query<{ work_id: string; title: string; category: string; deposited_at: Date }>(
    `SELECT w.work_id, w.title, w.category, w.visibility, w.account_id, w.deposited_at, w.withdrawn_at FROM work w
      WHERE w.visibility = 'public' AND w.title ILIKE $1 ORDER BY w.deposited_at DESC, w.work_id DESC LIMIT 21`, [`%${query.title.replace(/[\\%_]/g, '\\$&')}%`]);
  return { items: rows.slice(0, 20).map((row) => ({ ...row, number: formatWorkNumber(BigInt(row.work_id)) })) };
});

const url = await app.listen({ port: 0, host: '127.0.0.1' });
process.on('message', (message) => {
  if (message === 'stop') void app.close().then(() => pool.end()).then(() => process.exit(0));
});
process.send?.({ url });
