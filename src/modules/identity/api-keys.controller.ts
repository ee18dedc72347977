import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, type Page, pageQuery } from '../../platform/http/index.js';
import { CreateApiKey } from './create-api-key.js';
import {
  apiKeyAnswer, type ApiKeyAnswer, createApiKeyBody, type CreateApiKeyBody, createdApiKeyAnswer, type CreatedApiKeyAnswer, uuidParameter,
} from './identity.schemas.js';
import { ListApiKeys } from './list-api-keys.js';
import { RevokeApiKey } from './revoke-api-key.js';

/** For people only: a key that could make keys would outlive its own revocation. */
@ApiTags('identity')
@Controller('api-keys')
export class ApiKeysController {
  constructor(
    @Inject(CreateApiKey) private readonly createApiKey: CreateApiKey,
    @Inject(ListApiKeys) private readonly listApiKeys: ListApiKeys,
    @Inject(RevokeApiKey) private readonly revokeApiKey: RevokeApiKey,
  ) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Make an API key; it is shown this once' })
  @ApiResponse({ status: 201, standardSchema: createdApiKeyAnswer })
  create(@Caller() caller: Caller, @Body({ schema: createApiKeyBody }) body: CreateApiKeyBody): Promise<CreatedApiKeyAnswer> {
    return this.createApiKey.execute(caller.accountId, body);
  }

  @Get()
  @ApiOperation({ summary: 'My API keys, without their text' })
  @ApiResponse({ status: 200, standardSchema: z.object({ items: z.array(apiKeyAnswer), nextCursor: z.string().nullable() }) })
  list(@Caller() caller: Caller, @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>): Promise<Page<ApiKeyAnswer>> {
    return this.listApiKeys.execute(caller.accountId, query);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API key' })
  remove(@Caller() caller: Caller, @Param('id', { schema: uuidParameter }) id: string): Promise<void> {
    return this.revokeApiKey.execute(caller.accountId, id);
  }
}
