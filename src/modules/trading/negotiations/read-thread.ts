import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { BlobStore } from '../../../platform/blobs/index.js';
import { decodeCursor, type Page, toPage } from '../../../platform/http/index.js';
import { FindNegotiation } from './find-negotiation.js';
import type { Negotiation, Side } from './negotiation.js';
import type { ThreadQuery } from './negotiation-schema.js';
import { documentNotFound } from './negotiations.errors.js';

interface EntryRow {
  place: number;
  author_id: string;
  text: string | null;
  sha256: string | null;
  file_name: string | null;
  media_type: string | null;
  byte_length: string | null;
  sent_at: Date;
}

/** A message, or a document. */
export interface EntryView {
  readonly id: number;
  readonly by: Side;
  readonly text: string | null;
  readonly document: { readonly name: string; readonly mediaType: string; readonly byteLength: number; readonly sha256: string; readonly link: string } | null;
  readonly sentAt: string;
}

export interface DocumentStream {
  readonly stream: Readable;
  readonly byteLength: number;
  readonly sha256: string;
  readonly name: string;
}

const ENTRY = `place, author_id, text, encode(blob_sha256, 'hex') AS sha256, file_name, media_type, byte_length, sent_at`;
const place = z.int().min(1);

/** What was said and sent, for the two parties. */
@Injectable()
export class ReadThread {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly find: FindNegotiation, private readonly blobs: BlobStore) {}

  /** The newest first. @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`. */
  async execute(typed: string, accountId: string, { cursor, limit }: ThreadQuery): Promise<Page<EntryView>> {
    const negotiation = await this.find.execute(typed, accountId);
    const rows = await this.dataSource.query<EntryRow[]>(
      `SELECT ${ENTRY} FROM negotiation_entry WHERE negotiation_id = $1 AND ($2::integer IS NULL OR place < $2) ORDER BY place DESC LIMIT $3`, [negotiation.negotiationId.toString(), cursor === undefined ? null : decodeCursor(place, cursor), limit + 1]);
    return toPage(rows, limit, (row) => toEntryView(row, negotiation), (row) => row.place);
  }

  /** @param position of the document in the thread, as it was typed. @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`, `TRADING.DOCUMENT_NOT_FOUND`. */
  async document(typed: string, position: string, accountId: string): Promise<DocumentStream> {
    const negotiation = await this.find.execute(typed, accountId);
    if (!/^\d{1,4}$/.test(position)) throw documentNotFound();
    const [row] = await this.dataSource.query<EntryRow[]>(`SELECT ${ENTRY} FROM negotiation_entry WHERE negotiation_id = $1 AND place = $2 AND blob_sha256 IS NOT NULL`, [negotiation.negotiationId.toString(), position]);
    if (row === undefined || row.sha256 === null || row.file_name === null) throw documentNotFound();
    return { ...(await this.blobs.read(row.sha256)), sha256: row.sha256, name: row.file_name };
  }
}

function toEntryView({ place: id, author_id: authorId, text, sha256, file_name: name, media_type: mediaType, byte_length: byteLength, sent_at: sentAt }: EntryRow, { number, buyerId }: Negotiation): EntryView {
  const document = sha256 === null || name === null || mediaType === null ? null : { name, mediaType, byteLength: Number(byteLength), sha256, link: `/api/v1/negotiations/${number}/documents/${id}` };
  return { id, by: authorId === buyerId ? 'buyer' : 'seller', text, document, sentAt: sentAt.toISOString() };
}
