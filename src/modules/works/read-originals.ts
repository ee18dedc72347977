import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { BlobStore } from '../../platform/blobs/index.js';
import { LogReader } from '../log/index.js';
import { projectWork } from './project-work.js';

/** A file of a deposit. */
export interface DepositedFile {
  readonly position: number;
  /** Null once it is erased. */
  readonly name: string | null;
  readonly mediaType: string;
  readonly byteLength: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Only of a held one there is an original here. */
  readonly deposit: 'held' | 'declared';
}

interface Row {
  position: number;
  media_type: string;
  byte_length: string;
  sha256: string;
  held: boolean;
}

/** The files of a work, whoever asks: for a module that knows who besides the depositor may have them. Whoever calls this decides it. */
@Injectable()
export class ReadOriginals {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly reader: LogReader, private readonly blobs: BlobStore) {}

  /** In the order of the deposit, of a confidential work too. */
  async list({ number, workId }: { readonly number: string; readonly workId: string }): Promise<DepositedFile[]> {
    const [rows, entries] = await Promise.all([
      this.dataSource.query<Row[]>(`SELECT position, media_type, byte_length, encode(sha256, 'hex') AS sha256, blob_sha256 IS NOT NULL AS held FROM content WHERE work_id = $1 ORDER BY position`, [workId]),
      this.reader.chain(number),
    ]);
    const { contents = [] } = projectWork(entries, true) as { contents?: readonly { name?: string }[] };
    return rows.map(({ position, media_type: mediaType, byte_length: byteLength, sha256, held }) => ({
      position, name: contents[position]?.name ?? null, mediaType, byteLength: Number(byteLength), sha256, deposit: held ? 'held' : 'declared',
    }));
  }

  /** @param sha256 lower-case hex, of a file that {@link list} names as held. @param part both ends included; all of it when left out. */
  async open(sha256: string, part?: { readonly first: number; readonly last: number }): Promise<Readable> {
    return (await this.blobs.read(sha256, part)).stream;
  }
}
