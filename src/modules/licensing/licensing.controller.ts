import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller, IdempotencyKey, Public, Scopes } from '../../platform/http/index.js';
import { readerOf } from '../works/index.js';
import { CheckRights, type CheckQuery, checkQuery, type RightsVerdict } from './check-rights.js';
import { type Grant, GrantLicence, type GrantedLicence, grantSchema } from './grant-licence.js';
import { ReadAvailability } from './read-availability.js';

@ApiTags('licensing')
@Controller()
export class LicensingController {
  constructor(private readonly grantLicence: GrantLicence, private readonly availability: ReadAvailability, private readonly checkRights: CheckRights) {}

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

  /** May an account do this with a work, there and then, as far as is recorded here? */
  @Get('rights/check')
  @Public()
  check(@Caller() caller: Caller | null, @Query({ schema: checkQuery }) query: CheckQuery): Promise<RightsVerdict> {
    return this.checkRights.execute(query, readerOf(caller));
  }
}
