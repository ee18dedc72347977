import { Controller, Get, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { FileDigest } from '../../lib/proof/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { Caller, PROOF_MEDIA_TYPE, Public } from '../../platform/http/index.js';
import { LogKeys } from '../log/index.js';
import { readerOf } from '../works/index.js';
import { type BundleCheck, CheckBundle } from './check-bundle.js';
import { digestQuery, type Evidence, parseEvidence } from './evidence.js';
import { type ContentMatch, MatchContents } from './match-contents.js';
import { ReceiveEvidence } from './receive-evidence.js';

export interface Verification {
  /** One for each file or digest that was sent. */
  readonly contents: readonly ContentMatch[];
  /** Null when no bundle was sent. */
  readonly proof: BundleCheck | null;
}

/** Whom this service says one may believe: itself. Whoever wants to depend on it for nothing learns the same elsewhere. */
export interface ServiceTrust {
  /** Verifier keys of the log, the current one first. */
  readonly logKeys: readonly string[];
  readonly contract: { readonly chainId: number; readonly address: string };
  /** A JSON-RPC server of that chain that browsers may ask; null: the operator names none. */
  readonly rpcUrl: string | null;
}

@ApiTags('verification')
@Controller('verify')
@Public()
export class VerifyController {
  constructor(
    private readonly receiveEvidence: ReceiveEvidence,
    private readonly matchContents: MatchContents,
    private readonly checkBundle: CheckBundle,
    private readonly keys: LogKeys,
    @Inject(CONFIG) private readonly config: Pick<Config, 'chain'>,
  ) {}

  /** For verifiers that run elsewhere, such as the page in a browser: what to believe of this service, if one does. */
  @Get('trust')
  @Header('cache-control', 'public, max-age=60')
  trust(): ServiceTrust {
    const { chainId, contract: address, publicRpcUrl: rpcUrl } = this.config.chain;
    return { logKeys: this.keys.vkeys, contract: { chainId, address }, rpcUrl };
  }

  /**
   * Which works hold a file, since when, and with what proof; and whether a proof bundle holds. A file is hashed and not kept; to keep it to oneself, send its digest.
   * Multipart with parts `files` and at most one part `bundle`; or JSON: a digest, or a bundle.
   */
  @Post()
  @HttpCode(200)
  @ApiConsumes('multipart/form-data', 'application/json', PROOF_MEDIA_TYPE)
  @ApiBody({ schema: z.toJSONSchema(digestQuery, { io: 'input', target: 'openapi-3.0' }) as never })
  async verify(@Caller() caller: Caller | null, @Req() request: FastifyRequest): Promise<Verification> {
    const { contents, bundle } = await this.receive(request);
    const [matches, proof] = await Promise.all([
      this.matchContents.execute(contents, readerOf(caller)),
      bundle === undefined ? null : this.checkBundle.execute(bundle, contents as readonly FileDigest[]),
    ]);
    return { contents: matches, proof };
  }

  private async receive(request: FastifyRequest): Promise<Evidence> {
    const type = (request.headers['content-type'] ?? '').toLowerCase();
    if (type.startsWith('multipart/form-data')) return this.receiveEvidence.execute(request.raw);
    return parseEvidence(request.body, type.startsWith(PROOF_MEDIA_TYPE));
  }
}
