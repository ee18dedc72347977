import { Body, Controller, Delete, Get, Headers, HttpCode, Logger, Param, Post, Query, Req, Res, Sse, type MessageEvent } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { z } from 'zod';
import { type Amendment, amendmentSchema, declaredWorkSchema, withdrawalSchema } from '../../lib/api-schema/index.js';
import { DomainError } from '../../lib/errors/index.js';
import { Caller, etagOf, IdempotencyKey, isNotModified, PROOF_MEDIA_TYPE, Public, Scopes } from '../../platform/http/index.js';
import { AmendWork, type AmendedAnswer } from './amend-work.js';
import { CertifyWork } from './certify-work.js';
import { EraseDisclosure } from './erase-disclosure.js';
import { ProveWork } from './prove-work.js';
import { ReadContent } from './read-content.js';
import { ReadPreview } from './read-preview.js';
import { readerOf } from './reader-of.js';
import { ReadWork } from './read-work.js';
import { RegisterWork } from './register-work.js';
import { type SearchQuery, searchQuery } from './search-query.js';
import { type FoundWorks, SearchWorks } from './search-works.js';
import { WatchWork } from './watch-work.js';
import { linksOf } from './work-links.js';
import type { Progress } from './work-status.js';
import type { RegisteredWork, WorkHistory, WorkView } from './work-view.js';

const pointer = z.string().regex(/^(\/([^/~]|~[01])*)+$/, 'must be a JSON pointer such as /owners/0/name').max(200);
const proofQuery = z.object({
  at: z.enum(['anchored', 'newest']).default('anchored'),
  disclose: z.union([pointer, z.array(pointer).max(100)]).optional().transform((value) => (value === undefined ? [] : [value].flat())),
});

/** Of the longer side, in pixels. */
const previewQuery = z.object({ size: z.enum(['320', '1280']).default('320').transform((size) => (size === '320' ? 320 : 1280)) });

const LONGEST_WAIT_SECONDS = 30;

@ApiTags('works')
@Controller('works')
export class WorksController {
  private readonly logger = new Logger('Works');

  constructor(
    private readonly registerWork: RegisterWork,
    private readonly readWork: ReadWork,
    private readonly searchWorks: SearchWorks,
    private readonly proveWork: ProveWork,
    private readonly certifyWork: CertifyWork,
    private readonly amendWork: AmendWork,
    private readonly eraseDisclosure: EraseDisclosure,
    private readonly readContent: ReadContent,
    private readonly readPreview: ReadPreview,
    private readonly watchWork: WatchWork,
  ) {}

  /** Deposits a work: multipart with parts `work` (JSON) and `files`, or JSON with digests only. */
  @Post()
  @Scopes('works:write')
  @ApiConsumes('multipart/form-data', 'application/json')
  @ApiBody({ schema: z.toJSONSchema(declaredWorkSchema, { io: 'input', unrepresentable: 'any', target: 'openapi-3.0' }) as never })
  async register(
    @Caller() caller: Caller,
    @IdempotencyKey() idempotencyKey: string | null,
    @Headers('prefer') prefer: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegisteredWork> {
    const registrant = { accountId: caller.accountId, idempotencyKey };
    const multipart = /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '');
    const { number, statement, receipt, replayed } = multipart
      ? await this.registerWork.uploaded(request.raw, registrant)
      : await this.registerWork.declared(request.body, registrant);
    if (replayed) reply.header('Idempotent-Replayed', 'true');
    reply.header('Location', linksOf(number).self);
    const seconds = Math.min(Number(/(?:^|[\s,;])wait=(\d{1,4})/.exec(prefer ?? '')?.[1] ?? 0), LONGEST_WAIT_SECONDS);
    if (seconds > 0) {
      reply.header('Preference-Applied', `wait=${seconds}`);
      // The deposit is committed: what goes wrong while waiting takes nothing of that back.
      await this.watchWork.until(number, caller.accountId, 'logged', seconds).catch((error: unknown) => {
        this.logger.warn(`not waited for the logging of a deposit: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
    return { number, status: 'accepted', statement, receipt, links: linksOf(number) };
  }

  /** Searches public works: newest first, or by relevance. */
  @Get()
  @Public()
  search(@Caller() caller: Caller | null, @Query({ schema: searchQuery }) query: SearchQuery): Promise<FoundWorks> {
    const reader = readerOf(caller);
    if (query.account === 'me' && reader === null) throw new DomainError('HTTP.UNAUTHENTICATED', 'Sign in to see your own works; an API key needs the scope works:read.');
    return this.searchWorks.execute(query, reader);
  }

  @Get(':number')
  @Public()
  async read(@Caller() caller: Caller | null, @Param('number') number: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<WorkView | undefined> {
    const work = await this.readWork.execute(number, readerOf(caller));
    reply.header('Cache-Control', 'private, no-cache');
    return isNotModified(request, reply, etagOf(JSON.stringify(work))) ? undefined : work;
  }

  /** Every statement of the work, with its progress and what the caller may see of its sealed members. */
  @Get(':number/history')
  @Public()
  history(@Caller() caller: Caller | null, @Param('number') number: string): Promise<WorkHistory> {
    return this.readWork.history(number, readerOf(caller));
  }

  /** The proof bundle: verifies offline, without this service. */
  @Get(':number/proof')
  @Public()
  @ApiProduces(PROOF_MEDIA_TYPE)
  async proof(@Caller() caller: Caller | null, @Param('number') number: string, @Query({ schema: proofQuery }) query: z.output<typeof proofQuery>, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const bundle = await this.proveWork.execute(number, { accountId: readerOf(caller), ...query });
    reply.header('content-type', PROOF_MEDIA_TYPE).header('content-disposition', `attachment; filename="${String(bundle['subject'])}.zbproof.json"`).header('cache-control', 'private, no-cache');
    return JSON.stringify(bundle);
  }

  /**
   * The deposit certificate (存证证书) in Chinese and English, with the proof attached: it says what the proof of the same query holds. `zhengben verify` reads it.
   * Not a registration certificate (作品登记证书).
   */
  @Get(':number/certificate.pdf')
  @Public()
  @ApiProduces('application/pdf')
  async certificate(@Caller() caller: Caller | null, @Param('number') number: string, @Query({ schema: proofQuery }) query: z.output<typeof proofQuery>, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const { number: canonical, file } = await this.certifyWork.execute(number, { accountId: readerOf(caller), ...query });
    reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="${canonical}.pdf"`).header('cache-control', 'private, no-cache');
    return file;
  }

  /** Server-sent events: `status`, at once and on every change, until the deposit is final. */
  @Sse(':number/events')
  @Public()
  async events(@Caller() caller: Caller | null, @Param('number') number: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Observable<MessageEvent>> {
    // The answer closes however it ends: also as a refusal, and when the listener goes before the stream begins, of which Nest learns nothing.
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    if (reply.raw.destroyed) gone.abort();
    this.watchWork.admit(request.ip, gone.signal);
    // Asked before the stream begins: after that there is no status left to say «not found» with.
    await this.readWork.status(number, readerOf(caller));
    return new Observable((subscriber) => {
      const follow = async (): Promise<void> => {
        for await (const progress of this.watchWork.execute(number, readerOf(caller), gone.signal)) subscriber.next({ type: 'status', data: toEvent(progress) });
        subscriber.complete();
      };
      follow().catch((error: unknown) => subscriber.error(error));
      return () => gone.abort();
    });
  }

  /** The original of a held file; only for the account that deposited it. */
  @Get(':number/contents/:position')
  @Scopes('works:read')
  @ApiProduces('application/octet-stream')
  async content(@Caller() caller: Caller, @Param('number') number: string, @Param('position') position: string, @Res() reply: FastifyReply): Promise<void> {
    const { stream, byteLength, sha256, fileName } = await this.readContent.execute(number, position, caller.accountId);
    // Never rendered: what was deposited may be hostile.
    void reply
      .header('content-type', 'application/octet-stream')
      .header('content-length', byteLength)
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .header('etag', `"${sha256}"`)
      .header('cache-control', 'private, no-store')
      .send(stream);
  }

  /** A small picture of a held file, re-encoded, without metadata, marked with the work's number; for whoever may see the work. */
  @Get(':number/contents/:sha256/preview')
  @Public()
  @ApiProduces('image/webp')
  async preview(@Caller() caller: Caller | null, @Param('number') number: string, @Param('sha256') sha256: string, @Query({ schema: previewQuery }) { size }: z.output<typeof previewQuery>, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer | undefined> {
    const { image, isPublic } = await this.readPreview.execute(number, sha256, size, readerOf(caller));
    reply.header('cache-control', isPublic ? 'public, max-age=300' : 'private, no-cache');
    if (isNotModified(request, reply, etagOf(image))) return undefined;
    reply.header('content-type', 'image/webp');
    return image;
  }

  /** Replaces what the deposit says; the earlier words stay in the log. */
  @Post(':number/amendments')
  @Scopes('works:write')
  amend(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: amendmentSchema }) amendment: Amendment): Promise<AmendedAnswer> {
    return this.amendWork.execute(number, caller.accountId, amendment, key);
  }

  @Post(':number/withdrawal')
  @Scopes('works:write')
  withdraw(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: withdrawalSchema }) { reason }: z.output<typeof withdrawalSchema>): Promise<AmendedAnswer> {
    return this.amendWork.withdraw(number, caller.accountId, reason, key);
  }

  /** Erases what opens a sealed member, for good; every proof still verifies. */
  @Delete(':number/disclosures')
  @Scopes('works:write')
  @HttpCode(204)
  erase(@Caller() caller: Caller, @Param('number') number: string, @Query('pointer', { schema: pointer }) at: string): Promise<void> {
    return this.eraseDisclosure.execute(number, caller.accountId, at);
  }
}

function toEvent({ status, timeline, leafIndex }: Progress): Record<string, unknown> {
  return { status, timeline, leafIndex };
}

