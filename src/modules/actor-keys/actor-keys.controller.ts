import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Caller, IdempotencyKey } from '../../platform/http/index.js';
import { AddKey, type NewKey, newKeySchema } from './add-key.js';
import type { KeyAnswer } from './key-act.js';
import { type KeyView, ListKeys } from './list-keys.js';
import { RevokeKey } from './revoke-key.js';

const keyParameter = z.string().regex(/^(0x[0-9a-f]{40}|[0-9a-f]{64})$/);

/** For people only: who has stolen an API key must not be able to sign in the account's name. */
@ApiTags('actor-keys')
@Controller('account-keys')
export class ActorKeysController {
  constructor(private readonly addKey: AddKey, private readonly listKeys: ListKeys, private readonly revokeKey: RevokeKey) {}

  /** Adds a key that the caller signs statements with; `proof` is its signature of just that. Which key is whose is public. */
  @Post()
  add(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Body({ schema: newKeySchema }) added: NewKey): Promise<KeyAnswer> {
    return this.addKey.execute(caller.accountId, added, key);
  }

  /** The caller's keys that stand, the oldest first. */
  @Get()
  list(@Caller() caller: Caller): Promise<{ items: KeyView[] }> {
    return this.listKeys.execute(caller.accountId);
  }

  /** Revokes a key: what it has signed stays signed. */
  @Post(':key/revocation')
  @HttpCode(201)
  revoke(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('key', { schema: keyParameter }) revoked: string): Promise<KeyAnswer> {
    return this.revokeKey.execute(caller.accountId, revoked, key);
  }
}
