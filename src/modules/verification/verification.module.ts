import { Module } from '@nestjs/common';
import { LogModule } from '../log/index.js';
import { WorksModule } from '../works/index.js';
import { ChainDoor } from './chain-door.js';
import { CheckBundle } from './check-bundle.js';
import { MatchContents } from './match-contents.js';
import { ReceiveEvidence } from './receive-evidence.js';
import { VerifyController } from './verify.controller.js';

@Module({ imports: [LogModule, WorksModule], controllers: [VerifyController], providers: [ChainDoor, CheckBundle, MatchContents, ReceiveEvidence] })
export class VerificationModule {}
