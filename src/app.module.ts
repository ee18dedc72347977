import { type DynamicModule, Module } from '@nestjs/common';
import { AccountingModule } from './modules/accounting/index.js';
import { ActorKeysModule } from './modules/actor-keys/index.js';
import { AnchoringModule } from './modules/anchoring/index.js';
import { IdentityModule } from './modules/identity/index.js';
import { LicensingModule } from './modules/licensing/index.js';
import { LogModule } from './modules/log/index.js';
import { NoticesModule } from './modules/notices/index.js';
import { OperatorsModule } from './modules/operators/index.js';
import { TradingModule } from './modules/trading/index.js';
import { VerificationModule } from './modules/verification/index.js';
import { WorksModule } from './modules/works/index.js';
import { BlobsModule } from './platform/blobs/index.js';
import { type Config, ConfigModule } from './platform/config/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { JobsModule } from './platform/jobs/index.js';

/** The whole service. */
@Module({})
export class AppModule {
  static of(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.of(config), DatabaseModule.forRoot(), BlobsModule, JobsModule, IdentityModule, LogModule, AnchoringModule, WorksModule, ActorKeysModule, LicensingModule, NoticesModule, OperatorsModule, AccountingModule, TradingModule, VerificationModule],
    };
  }
}
