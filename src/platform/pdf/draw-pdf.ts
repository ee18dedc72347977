import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DomainError } from '../../lib/errors/index.js';
import { PdfError } from './pdf-error.js';
import { PdfRenderer } from './pdf-renderer.js';
import type { Printable, PrintableSheet } from './printable.js';

/** Draws documents for callers who wait. A provider of each module that prints: what strangers ask of one keeps nobody waiting in another. */
@Injectable()
export class DrawPdf implements OnModuleDestroy {
  private readonly renderer = new PdfRenderer();

  /** @throws DomainError `HTTP.UNAVAILABLE` (Retry-After) while too many are drawn, when one takes too long, and at a stop. */
  async execute(document: Printable | PrintableSheet): Promise<Buffer> {
    try {
      return await this.renderer.renderDocument(document);
    } catch (error) {
      if (error instanceof PdfError && error.code !== 'failed') throw new DomainError('HTTP.UNAVAILABLE', 'Too many documents are being drawn; ask again in a moment.', { retryAfterSeconds: 5, cause: error });
      throw error;
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.renderer.stop();
  }
}
