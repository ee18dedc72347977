import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DrawPdf } from '../../platform/pdf/index.js';
import { PreviewsModule } from '../../platform/previews/index.js';
import { AnchoringModule } from '../anchoring/index.js';
import { LogModule } from '../log/index.js';
import { AmendWork } from './amend-work.js';
import { CertifyWork } from './certify-work.js';
import { ComposeBundle } from './compose-bundle.js';
import { DepositWork } from './deposit-work.js';
import { EraseDisclosure } from './erase-disclosure.js';
import { FindHolders } from './find-holders.js';
import { FindWork } from './find-work.js';
import { IndexBacklog } from './index-backlog.js';
import { ProveWork } from './prove-work.js';
import { ReadContent } from './read-content.js';
import { ReadOriginals } from './read-originals.js';
import { ReadPreview } from './read-preview.js';
import { ReadWork } from './read-work.js';
import { ReceiveUpload } from './receive-upload.js';
import { RegisterWork } from './register-work.js';
import { SearchGate } from './search-gate.js';
import { SearchWorks } from './search-works.js';
import { UploadReserve } from './upload-reserve.js';
import { WatchWork } from './watch-work.js';
import { WorkGuards } from './work-guards.js';
import { WorkEntity } from './work.entity.js';
import { ReadProgress } from './work-status.js';
import { WorksController } from './works.controller.js';

@Module({
  imports: [TypeOrmModule.forFeature([WorkEntity]), LogModule, AnchoringModule, PreviewsModule],
  controllers: [WorksController],
  providers: [AmendWork, CertifyWork, ComposeBundle, DepositWork, DrawPdf, EraseDisclosure, FindHolders, FindWork, IndexBacklog, ProveWork, ReadContent, ReadOriginals, ReadPreview, ReadProgress, ReadWork, ReceiveUpload, RegisterWork, SearchGate, SearchWorks, UploadReserve, WatchWork, WorkGuards],
  exports: [ComposeBundle, DepositWork, FindHolders, FindWork, ProveWork, ReadOriginals, ReadProgress, SearchGate, UploadReserve, WorkGuards],
})
export class WorksModule {}
