import { Module, type OnModuleInit } from '@nestjs/common';
import { JobRegistry } from '../jobs/index.js';
import { PreviewPool } from './preview-pool.js';
import { Previews } from './previews.js';

@Module({ providers: [Previews, { provide: PreviewPool, useFactory: () => new PreviewPool() }], exports: [Previews] })
export class PreviewsModule implements OnModuleInit {
  constructor(private readonly previews: Previews, private readonly jobs: JobRegistry) {}

  onModuleInit(): void {
    this.jobs.schedule('previews.sweep', '23 3 * * *', async () => void (await this.previews.sweep()));
  }
}
