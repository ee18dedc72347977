import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller, IdempotencyKey, PROOF_MEDIA_TYPE, Public, Scopes } from '../../platform/http/index.js';
import { readerOf } from '../works/index.js';
import { CheckRights, type CheckQuery, checkQuery, type RightsVerdict } from './check-rights.js';
import { type Grant, GrantLicence, type GrantedLicence, grantSchema } from './grant-licence.js';
import { ProveLicence } from './prove-licence.js';
import { ReadAvailability } from './read-availability.js';
import { ReadLicence } from './read-licence.js';

const proofQuery = z.object({
  at: z.enum(['anchored', 'newest']).default('anchored'),
  parties: z.enum(['sealed', 'open']).default('sealed').meta({ description: 'Whether the parties are opened; only they may' }),
});

@ApiTags('licensing')
@Controller()
export class LicensingController {
  constructor(
    private readonly grantLicence: GrantLicence,
    private readonly availability: ReadAvailability,
    private readonly checkRights: CheckRights,
    private readonly readLicence: ReadLicence,
    private readonly proveLicence: ProveLicence,
  ) {}

  /** Grants a licence from what the caller holds in the work. */
  @Post('works/:number/licences')
  @Scopes('works:write')
  grant(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: grantSchema }) grant: Grant): Promise<GrantedLicence> {
    return this.grantLicence.execute(number, caller.accountId, grant, key);
  }

  /** What of the work's rights is still free, for an exclusive grant and for a non-exclusive one. */
  @Get('works/:number/availability')
  @Public()
  available(@Caller() caller: Caller | null, @Param('number') number: string): ReturnType<ReadAvailability['execute']> {
    return this.availability.execute(number, readerOf(caller));
  }

  @Get('licences/:number')
  @Public()
  read(@Caller() caller: Caller | null, @Param('number') number: string): Promise<Record<string, unknown>> {
    return this.readLicence.execute(number, readerOf(caller));
  }

  /** The licence's proof bundle: verifies offline, without this service. */
  @Get('licences/:number/proof')
  @Public()
  @ApiProduces(PROOF_MEDIA_TYPE)
  async proof(@Caller() caller: Caller | null, @Param('number') number: string, @Query({ schema: proofQuery }) { at, parties }: z.output<typeof proofQuery>, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const bundle = await this.proveLicence.execute(number, { accountId: readerOf(caller), at, disclose: parties === 'open' });
    reply.header('content-type', PROOF_MEDIA_TYPE).header('content-disposition', `attachment; filename="${String(bundle['subject'])}.zbproof.json"`).header('cache-control', 'private, no-cache');
    return JSON.stringify(bundle);
  }

  /** May an account do this with a work, there and then, as far as is recorded here? */
  @Get('rights/check')
  @Public()
  check(@Caller() caller: Caller | null, @Query({ schema: checkQuery }) query: CheckQuery): Promise<RightsVerdict> {
    return this.checkRights.execute(query, readerOf(caller));
  }
}
