import type { Client } from 'pg';
import { DataSource } from 'typeorm';
import { auditLedger } from '../../src/modules/accounting/index.js';
import { ORDER_CHECKS } from '../../src/modules/trading/index.js';
import { dataSourceOptions } from '../../src/platform/database/index.js';
import { FUNDS_MINOR } from './fill.js';

/** Every order that was acknowledged is stored, has its licence, and moved what its buyer was shown. @param url of the service's database, as any role that reads. */
export async function auditOurs(url: string, db: Client, acknowledged: number): Promise<void> {
  const { rows: [stored] } = await db.query<{ settled: number; others: number }>(`SELECT count(*) FILTER (WHERE state = 'settled')::integer AS settled, count(*) FILTER (WHERE state <> 'settled')::integer AS others FROM trade_order`);
  if ((stored?.settled ?? 0) < acknowledged || stored?.others !== 0) throw new Error(`${acknowledged} orders were acknowledged, ${stored?.settled} are settled, ${stored?.others} are not`);
  const dataSource = await new DataSource(dataSourceOptions(url, 1, () => undefined)).initialize();
  const { difference } = await auditLedger(dataSource, { more: ORDER_CHECKS });
  await dataSource.destroy();
  if (difference) throw new Error(JSON.stringify(difference));
}

/** The same of the usual side. */
export async function auditUsual(db: Client, acknowledged: number): Promise<void> {
  const { rows: [found] } = await db.query<{ orders: number; licences: number; odd: number; off: number }>(
    `SELECT (SELECT count(*) FROM usual_order)::integer AS orders, (SELECT count(*) FROM usual_order JOIN usual_trade_licence USING ("licenceId"))::integer AS licences,
            (SELECT count(*) FROM (SELECT 1 FROM usual_posting GROUP BY "orderId" HAVING sum(amount) <> 0) o)::integer AS odd,
            (SELECT count(*) FROM usual_balance b LEFT JOIN (SELECT "accountId", sum(amount) AS sum FROM usual_posting GROUP BY 1) p USING ("accountId") WHERE b.amount <> $1 + coalesce(p.sum, 0))::integer AS off`, [FUNDS_MINOR]);
  if (!found || found.orders < acknowledged || found.licences !== found.orders || found.odd + found.off > 0) throw new Error(`the usual side: ${acknowledged} orders were acknowledged, ${JSON.stringify(found)}`);
}
