import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { BlobStore } from '../../platform/blobs/index.js';
import { FindWork } from './find-work.js';
import { workNotFound } from './works.errors.js';

export interface ContentStream {
  readonly stream: Readable;
  readonly byteLength: number;
  readonly sha256: string;
  readonly fileName: string;
}

/** The original of a held file, for the account that deposited it and for nobody else. Found by work and place, never by digest. */
@Injectable()
export class ReadContent {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findWork: FindWork, private readonly blobs: BlobStore) {}

  /** @param position of the file in the deposit, from 0, as it was typed. @throws DomainError `WORKS.NOT_FOUND`, `WORKS.NOT_OWNER`. */
  async execute(typed: string, position: string, accountId: string): Promise<ContentStream> {
    const { number, work } = await this.findWork.executeForOwner(typed, accountId);
    if (!/^\d{1,4}$/.test(position)) throw workNotFound();
    const [row]: { sha256: string }[] = await this.dataSource.query(
      `SELECT encode(blob_sha256, 'hex') AS sha256 FROM content WHERE work_id = $1 AND position = $2 AND blob_sha256 IS NOT NULL`,
      [work.workId, position],
    );
    if (!row) throw workNotFound();
    return { ...(await this.blobs.read(row.sha256)), sha256: row.sha256, fileName: `${number}-${position}` };
  }
}
