import { Module } from '@nestjs/common';
import { LogModule } from '../log/index.js';
import { ActorKeysController } from './actor-keys.controller.js';
import { AddKey } from './add-key.js';
import { ListKeys } from './list-keys.js';
import { RevokeKey } from './revoke-key.js';
import { TakeSignature } from './take-signature.js';

@Module({ imports: [LogModule], controllers: [ActorKeysController], providers: [AddKey, ListKeys, RevokeKey, TakeSignature], exports: [TakeSignature] })
export class ActorKeysModule {}
