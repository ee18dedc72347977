import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { HealthRegistry } from '../../platform/http/index.js';
import { type AnchorLag, AnchorReader } from './anchor-reader.js';

/** The lag as metrics and in the readiness answer. A chain that is down makes nobody unready: registrations go on without it. */
@Injectable()
export class AnchoringTelemetry implements OnModuleInit {
  private asking: Promise<AnchorLag> | null = null;

  constructor(
    private readonly anchors: AnchorReader,
    private readonly health: HealthRegistry,
    private readonly metrics: Registry,
  ) {}

  onModuleInit(): void {
    this.health.register('anchoring', async () => {
      const { leaves, seconds, problem } = await this.anchors.lag();
      return { lagLeaves: leaves, lagSeconds: seconds, problem: problem?.code ?? null };
    });
    this.gauge('zhengben_anchor_lag_leaves', 'Published leaves that no live anchor covers', [], (gauge, lag) => gauge.set(lag.leaves));
    this.gauge('zhengben_anchor_lag_seconds', 'Since when something published has not been anchored', [], (gauge, lag) => gauge.set(lag.seconds));
    this.gauge('zhengben_anchor_problem', '1 for the reason why anchoring does not get on', ['code'], (gauge, lag) => {
      gauge.reset();
      if (lag.problem) gauge.set({ code: lag.problem.code }, 1);
    });
  }

  private gauge(name: string, help: string, labelNames: string[], show: (gauge: Gauge, lag: AnchorLag) => void): void {
    const gauge: Gauge = new Gauge({ name, help, labelNames, registers: [this.metrics], collect: async (): Promise<void> => show(gauge, await this.lag()) });
  }

  /** The gauges of one scrape are collected at once and share one answer. */
  private lag(): Promise<AnchorLag> {
    this.asking ??= this.anchors.lag().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }
}
