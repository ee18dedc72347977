import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { PreviewError, type PreviewRequest, Previews } from '../../platform/previews/index.js';
import { FindWork } from './find-work.js';
import { UploadReserve } from './upload-reserve.js';
import { noPreview, previewsBusy, workNotFound } from './works.errors.js';

export interface Preview {
  /** WebP. */
  readonly image: Buffer;
  /** Whether anybody would be shown it. */
  readonly isPublic: boolean;
}

/** A small picture of a held file, re-encoded and marked with the work's number, for whoever may know of the work: the original goes to its depositor alone. */
@Injectable()
export class ReadPreview {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findWork: FindWork, private readonly previews: Previews, private readonly reserve: UploadReserve) {}

  /**
   * Of a work that was withdrawn its depositor still sees everything, as they still have the originals; all others nothing more.
   * @param sha256 of the file, as it was typed. @throws DomainError `WORKS.NOT_FOUND`, `WORKS.NO_PREVIEW`, `HTTP.UNAVAILABLE` (Retry-After) while too many are made.
   */
  async execute(typed: string, sha256: string, longSide: PreviewRequest['longSide'], accountId: string | null): Promise<Preview> {
    const { number, work, isOwner } = await this.findWork.execute(typed, accountId);
    if (!/^[0-9a-f]{64}$/.test(sha256) || (work.withdrawnAt !== null && !isOwner)) throw workNotFound();
    const held: unknown[] = await this.dataSource.query(`SELECT 1 FROM content WHERE work_id = $1 AND blob_sha256 = decode($2, 'hex') LIMIT 1`, [work.workId, sha256]);
    if (held.length === 0) throw workNotFound();
    try {
      const image = await this.previews.read({ sha256, longSide, mark: number, keep: await this.reserve.hasRoom() });
      return { image, isPublic: work.visibility === 'public' && work.withdrawnAt === null };
    } catch (error) {
      throw error instanceof PreviewError ? toRefusal(error) : error;
    }
  }
}

function toRefusal(error: PreviewError): Error {
  switch (error.code) {
    case 'absent': return workNotFound();
    case 'busy': case 'interrupted': case 'stopped': return previewsBusy(error);
    case 'failed': return error;
    default: return noPreview(error.code);
  }
}
