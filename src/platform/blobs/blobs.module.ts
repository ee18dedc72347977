import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { JobRegistry } from '../jobs/index.js';
import { BlobStore } from './blob-store.js';

@Global()
@Module({ providers: [BlobStore], exports: [BlobStore] })
export class BlobsModule implements OnModuleInit {
  constructor(private readonly blobs: BlobStore, private readonly jobs: JobRegistry) {}

  onModuleInit(): void {
    this.jobs.schedule('blobs.sweep', '41 * * * *', async () => void (await this.blobs.sweep()));
  }
}
