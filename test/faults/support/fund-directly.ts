import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';

/** Top-ups as an operator confirms them, so many of the same amount, past the service: what it does itself is what is killed. */
export async function fundDirectly(database: DataSource, { owner, operator, amount, times = 1 }: { owner: string; operator: string; amount: string; times?: number }): Promise<void> {
  const movements = Array.from({ length: times }, () => ({ id: randomUUID(), transfer: randomUUID() }));
  await database.transaction(async (tx) => {
    await tx.query('INSERT INTO operator (account_id) VALUES ($1) ON CONFLICT DO NOTHING', [operator]);
    const ids = [movements.map(({ id }) => id), movements.map(({ transfer }) => transfer)];
    await tx.query(`INSERT INTO bank_movement (movement_id, kind, account_id, currency, amount, note, operators, state) SELECT id, 'top-up', $2, 'CNY', $3, 'funded', 1, 'requested' FROM unnest($1::uuid[]) AS id`, [ids[0], owner, amount]);
    await tx.query('SELECT post_transfers($1)', [JSON.stringify(movements.map(({ id, transfer }) => ({
      id: transfer, kind: 'top-up', subject: id,
      postings: [{ owner: '00000000-0000-0000-0000-000000000000', purpose: 'bank', currency: 'CNY', amount: `-${amount}` }, { owner, purpose: 'available', currency: 'CNY', amount }],
    })))]);
    await tx.query(`UPDATE bank_movement m SET state = 'confirmed', confirmed_by = $3, bank_reference = m.movement_id::text, transfer_id = t.transfer, ended_at = now() FROM unnest($1::uuid[], $2::uuid[]) AS t(id, transfer) WHERE m.movement_id = t.id`, [...ids, operator]);
  });
}
