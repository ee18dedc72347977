import { Body, Controller, Delete, Get, HttpCode, Module, Param, Post, Query, Req, Sse, type Type, type MessageEvent } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { pino } from 'pino';
import { interval, map, type Observable } from 'rxjs';
import { z } from 'zod';
import { DomainError } from '../../../src/lib/errors/index.js';
import type { Config } from '../../../src/platform/config/index.js';
import { AUTHENTICATOR, type Authenticator, Caller, createHttpApplication, listeningUrl, Public, Scopes } from '../../../src/platform/http/index.js';

const draft = z.strictObject({ title: z.string().min(1).max(20), tags: z.array(z.string()).default([]), nested: z.object({ n: z.int() }).optional() });

@Controller('things')
class ThingsController {
  @Get()
  @Scopes('things:read')
  list(@Caller() caller: Caller, @Query({ schema: z.object({ limit: z.coerce.number().int().max(10).default(5) }) }) query: { limit: number }): unknown {
    return { account: caller.accountId, limit: query.limit };
  }

  @Post()
  @Scopes('things:write')
  create(@Body({ schema: draft }) body: z.infer<typeof draft>): unknown {
    return body;
  }

  @Delete('session-only')
  @HttpCode(204)
  remove(): void {
    return;
  }

  @Get('public')
  @Public()
  open(@Caller() caller: Caller | null): unknown {
    return { caller: caller?.accountId ?? null };
  }

  @Get('secrets/:token')
  @Public()
  secret(): unknown {
    return {};
  }

  @Get('slow/:ms')
  @Public()
  async slow(@Param('ms') ms: string): Promise<unknown> {
    await new Promise((done) => setTimeout(done, Number(ms)));
    return { ms };
  }

  @Get('refused')
  @Public()
  refused(): never {
    throw new DomainError('HTTP.UNAVAILABLE', 'closed for today', { retryAfterSeconds: 1.2, members: { until: 'tomorrow', status: 200 } });
  }

  @Get('broken')
  @Public()
  broken(): never {
    throw new Error('the password is hunter2');
  }

  @Post('upload')
  @Public()
  async upload(@Req() request: FastifyRequest): Promise<unknown> {
    let bytes = 0;
    for await (const chunk of request.raw) bytes += (chunk as Buffer).length;
    return { bytes };
  }

  /** As a handler of uploads does that finds a fault in the middle. */
  @Post('refused-upload')
  @Public()
  async refusedUpload(@Req() request: FastifyRequest): Promise<never> {
    await new Promise((done) => request.raw.once('data', done));
    request.raw.pause();
    throw new DomainError('HTTP.UNPROCESSABLE', 'the first bytes are wrong');
  }

  @Sse('events')
  @Public()
  events(): Observable<MessageEvent> {
    return interval(20).pipe(map((n) => ({ data: { n } })));
  }
}

const SESSION: Caller = { accountId: 'alice', via: 'session', scopes: 'all' };

/** Knows `Bearer good`, `Bearer reader` and the cookie `alice`. */
class TestAuthenticator implements Authenticator {
  recall(request: FastifyRequest): Caller | null | undefined {
    if (request.headers.authorization !== undefined) return undefined;
    return request.headers.cookie === 'alice' ? SESSION : null;
  }
  async authenticate(request: FastifyRequest): Promise<Caller | null> {
    const scopes = { 'Bearer good': ['things:read', 'things:write'], 'Bearer reader': ['things:read'] }[request.headers.authorization ?? ''];
    return scopes ? { accountId: 'bob', via: 'api-key', scopes: new Set(scopes) } : null;
  }
}

@Module({ controllers: [ThingsController], providers: [{ provide: AUTHENTICATOR, useClass: TestAuthenticator }] })
export class TestModule {}

@Module({ controllers: [ThingsController] })
export class ModuleWithoutAuthenticator {}

export function testConfig(changes: Partial<Config> = {}): Config {
  return {
    production: false, host: '127.0.0.1', port: 0, publicUrl: 'http://localhost:3000', trustProxy: [], logLevel: 'silent', dataDir: '/nonexistent',
    database: { url: 'postgres://nowhere', poolSize: 4 },
    chain: { rpcUrls: [], publicRpcUrl: null, chainId: 31_337, contract: '', keyFile: '', intervalSeconds: 1, confirmations: 1 },
    log: { origin: 'test', signerKey: '', previousSignerKey: null, mergeDelaySeconds: 1, sequenceIntervalMs: 1 },
    limits: { fileBytes: 1, files: 1, formBytes: 32_768, requestsPerMinute: 1_000_000 },
    mail: { smtpUrl: null, from: 'test@localhost' },
    settlement: null,
    accounting: { fourEyesFrom: {} },
    trading: { regime: 'international', feeBps: 500, taxBps: 0, protectionSeconds: 604_800, deliveryLinkSeconds: 900 },
    ...changes,
  };
}

/** A small application that listens on a free port; its log lines go to `lines`. */
export async function startTestApp(changes: Partial<Config> = {}, root: Type = TestModule): Promise<{ app: NestFastifyApplication; url: string; lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info', base: null }, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const app = await createHttpApplication(root, testConfig(changes), { logger });
  await app.listen(0, '127.0.0.1');
  return { app, url: listeningUrl(app), lines };
}
