import { Module } from '@nestjs/common';
import { LogModule } from '../log/index.js';
import { ActorKeysController } from './actor-keys.controller.js';
import { AddKey } from './add-key.js';
import { FindWallets } from './find-wallets.js';
import { ListKeys } from './list-keys.js';
import { RevokeKey } from './revoke-key.js';
import { TakeSignature } from './take-signature.js';

@Module({ imports: [LogModule], controllers: [ActorKeysController], providers: [AddKey, FindWallets, ListKeys, RevokeKey, TakeSignature], exports: [FindWallets, TakeSignature] })
export class ActorKeysModule {}
