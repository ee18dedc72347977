import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { Public, Unlimited } from './access.decorators.js';
import { HealthRegistry, type Readiness } from './health-registry.js';

@ApiTags('operations')
@Controller()
@Public()
@Unlimited()
export class OperationsController {
  constructor(
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
    @Inject(Registry) private readonly metrics: Registry,
  ) {}

  @Get('health/live')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The process runs' })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Every part that requests need works; 503 otherwise, and while stopping' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: 'ready' | 'not-ready'; checks: Readiness['checks'] }> {
    const { ready, checks } = await this.health.readiness();
    if (!ready) reply.code(503);
    return { status: ready ? 'ready' : 'not-ready', checks };
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Prometheus text format' })
  async prometheus(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.header('Content-Type', this.metrics.contentType);
    return this.metrics.metrics();
  }
}
