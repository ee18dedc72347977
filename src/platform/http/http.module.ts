import { type DynamicModule, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { HealthRegistry } from './health-registry.js';
import { OperationsController } from './operations.controller.js';

/** Gives every module the doors to readiness and metrics: inject {@link HealthRegistry}, or `Registry` of prom-client. */
@Module({})
export class HttpModule {
  static of(metrics: Registry): DynamicModule {
    const providers = [{ provide: Registry, useValue: metrics }, HealthRegistry];
    return { module: HttpModule, global: true, controllers: [OperationsController], providers, exports: [Registry, HealthRegistry] };
  }
}
