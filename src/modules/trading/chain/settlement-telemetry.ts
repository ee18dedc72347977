import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { HealthRegistry } from '../../../platform/http/index.js';

/** How payment on chain gets on, as the process that watches last wrote it down. */
interface Standing {
  /** Blocks that are deep enough and not looked through; null before the first look. */
  readonly blocksBehind: number | null;
  /** Since the last look ended; null before the first. */
  readonly lookAgeSeconds: number | null;
  readonly problem: string | null;
  /** Transactions that are signed and whose outcome is not seen. */
  readonly inFlight: number;
  /** Payments that the contract holds, as far as is known. */
  readonly held: number;
  /** Of those, how many nobody here can release or refund: the contract is not followed, of another chain, or our settler has no role there. Their buyers take them back from the deadline on. */
  readonly leftBehind: number;
}

const HELD = 'p.funded_event IS NOT NULL AND p.ended_event IS NULL';
const STANDING = `
  SELECT greatest(l.chain_block - $1 - (SELECT min(i.scanned_to) FROM settlement_instance i WHERE i.is_current), 0) AS behind, extract(epoch FROM clock_timestamp() - l.checked_at) AS age, l.problem_code,
         (SELECT count(DISTINCT (t.sender, t.nonce)) FROM settlement_transaction t JOIN chain_payment p USING (order_id) WHERE ${HELD}) AS in_flight,
         (SELECT count(*) FROM chain_payment p WHERE ${HELD}) AS held,
         (SELECT count(*) FROM chain_payment p JOIN settlement_instance i ON i.id = p.instance_id
           WHERE ${HELD} AND NOT ($2 AND i.our_settler AND EXISTS (SELECT 1 FROM settlement_instance c WHERE c.is_current AND (c.chain_id, c.genesis_hash) = (i.chain_id, i.genesis_hash)))) AS left_behind
    FROM settlement_lease l`;

/** Payments on chain as metrics and in the readiness answer. A chain that is down makes nobody unready: all else goes on without it. */
@Injectable()
export class SettlementTelemetry implements OnModuleInit {
  private readonly confirmations: number;
  private readonly isOffered: boolean;
  private asking: Promise<Standing> | null = null;

  constructor(@Inject(CONFIG) { settlement }: Pick<Config, 'settlement'>, @InjectDataSource() private readonly dataSource: DataSource, private readonly health: HealthRegistry, private readonly metrics: Registry) {
    this.isOffered = settlement !== null;
    this.confirmations = settlement?.confirmations ?? 0;
  }

  onModuleInit(): void {
    this.health.register('settlement', async () => ({ offered: this.isOffered, ...(await this.standing()) }));
    this.gauge('zhengben_settlement_blocks_behind', 'Blocks that are deep enough and not looked through for payments', ({ blocksBehind }) => blocksBehind ?? 0);
    this.gauge('zhengben_settlement_look_age_seconds', 'Since when nobody has looked for payments', ({ lookAgeSeconds }) => lookAgeSeconds ?? 0);
    this.gauge('zhengben_settlement_in_flight', 'Signed releases and refunds whose outcome is not seen', ({ inFlight }) => inFlight);
    this.gauge('zhengben_settlement_held', 'Payments that the contract holds', ({ held }) => held);
    this.gauge('zhengben_settlement_left_behind', 'Payments held that nobody here can release or refund', ({ leftBehind }) => leftBehind);
    const problem: Gauge = new Gauge({
      name: 'zhengben_settlement_problem', help: '1 for the reason why payments on chain do not get on', labelNames: ['code'], registers: [this.metrics],
      collect: async (): Promise<void> => {
        problem.reset();
        const { problem: code } = await this.standing();
        if (code !== null) problem.set({ code }, 1);
      },
    });
  }

  private gauge(name: string, help: string, valueOf: (standing: Standing) => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.metrics], collect: async (): Promise<void> => gauge.set(valueOf(await this.standing())) });
  }

  /** The gauges of one scrape are collected at once and share one answer. */
  private standing(): Promise<Standing> {
    this.asking ??= this.read().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async read(): Promise<Standing> {
    const [row] = await this.dataSource.query<{ behind: string | null; age: string | null; problem_code: string | null; in_flight: string; held: string; left_behind: string }[]>(STANDING, [this.confirmations, this.isOffered]);
    // Of what is not offered there are no looks, and no news of the last one.
    const age = this.isOffered ? (row?.age ?? null) : null;
    return {
      blocksBehind: age === null ? null : toNumber(row?.behind ?? null), lookAgeSeconds: toNumber(age), problem: this.isOffered ? (row?.problem_code ?? null) : null,
      inFlight: Number(row?.in_flight ?? 0), held: Number(row?.held ?? 0), leftBehind: Number(row?.left_behind ?? 0),
    };
  }
}

function toNumber(text: string | null): number | null {
  return text === null ? null : Math.max(Math.round(Number(text)), 0);
}
