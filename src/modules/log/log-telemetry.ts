import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Gauge, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

interface Queue {
  readonly pending: number;
  readonly oldestSeconds: number;
}

/** The queue before the log as metrics: what a receipt has promised and no checkpoint covers yet. Grows when nothing is sequenced, whatever the reason. */
@Injectable()
export class LogTelemetry implements OnModuleInit {
  private asking: Promise<Queue> | null = null;

  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly metrics: Registry) {}

  onModuleInit(): void {
    this.gauge('zhengben_pending_statements', 'Accepted statements that have no place in the log yet', ({ pending }) => pending);
    this.gauge('zhengben_oldest_pending_seconds', 'Since when the oldest of them waits; 0 when none does', ({ oldestSeconds }) => oldestSeconds);
  }

  private gauge(name: string, help: string, valueOf: (queue: Queue) => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.metrics], collect: async (): Promise<void> => gauge.set(valueOf(await this.queue())) });
  }

  /** The gauges of one scrape are collected at once and share one answer. */
  private queue(): Promise<Queue> {
    this.asking ??= this.read().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async read(): Promise<Queue> {
    const [row]: { pending: string; seconds: string | null }[] = await this.dataSource.query(
      `SELECT (SELECT count(*) FROM statement_pending) AS pending,
              extract(epoch FROM now() - (SELECT s.accepted_at FROM statement s WHERE s.ordinal = (SELECT min(ordinal) FROM statement_pending))) AS seconds`,
    );
    return { pending: Number(row?.pending ?? 0), oldestSeconds: Math.max(Number(row?.seconds ?? 0), 0) };
  }
}
