import { createReadStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { fileName } from '../../../lib/api-schema/index.js';
import { DomainError } from '../../../lib/errors/index.js';
import { BlobStore, isOutOfSpace, type StagedBlob } from '../../../platform/blobs/index.js';
import { type ArrivingFile, MultipartRefusal, receiveMultipart } from '../../../platform/multipart/index.js';
import { storageFull, UploadReserve } from '../../works/index.js';
import { documentInterrupted, documentInvalid, documentTooLarge, documentType } from './negotiations.errors.js';

export const MOST_DOCUMENT_BYTES = 20 * 1024 * 1024;
const LIMITS = { fileParts: ['file'], fileBytes: MOST_DOCUMENT_BYTES, files: 1, fields: 0, fieldBytes: 0 };

export interface ReceivedDocument extends StagedBlob {
  readonly name: string;
  readonly mediaType: string;
}

/** Receives one document, streamed to a staging file while there is room. Whatever goes wrong, nothing is left behind. What it is said to be counts for nothing; its bytes are looked at. */
@Injectable()
export class ReceiveDocument {
  constructor(private readonly blobs: BlobStore, private readonly reserve: UploadReserve) {}

  /** @throws DomainError `TRADING.DOCUMENT_INVALID`, `TRADING.DOCUMENT_TOO_LARGE`, `TRADING.DOCUMENT_TYPE`, `TRADING.UPLOAD_INTERRUPTED`, `STORAGE.FULL`. */
  async execute(request: IncomingMessage): Promise<ReceivedDocument> {
    if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) throw documentInvalid('the body is not multipart/form-data');
    if (!(await this.reserve.hasRoom())) throw storageFull();
    const staged: StagedBlob[] = [];
    try {
      const { files: [file] } = await receiveMultipart(request, LIMITS, (arriving) => this.stage(arriving, staged));
      if (file === undefined) throw documentInvalid('is missing');
      if (file.byteLength === 0) throw documentInvalid('is empty');
      const mediaType = await recogniseDocument(file.path);
      if (mediaType === null) throw documentType();
      return { ...file, mediaType };
    } catch (error) {
      await Promise.all(staged.map((blob) => this.blobs.discard(blob)));
      throw toDomainError(error);
    }
  }

  private async stage({ name: sent, stream }: ArrivingFile, staged: StagedBlob[]): Promise<StagedBlob & { name: string }> {
    const name = fileName().safeParse(sent);
    if (!name.success) throw documentInvalid('has no file name, or one with a path or control characters');
    const blob = await this.reserve.watch(() => this.blobs.stage(stream), () => stream.destroy(storageFull()));
    staged.push(blob);
    return { ...blob, name: name.data };
  }
}

/** By their first bytes, and where those begin: PDF 32000-1 §7.5.2, JPEG, PNG, RIFF/WebP, ISO/IEC 23000-12 for AVIF. */
const SIGNATURES: readonly (readonly [mediaType: string, at: number, signature: string])[] = [
  ['application/pdf', 0, '%PDF-'], ['image/jpeg', 0, '\xFF\xD8\xFF'], ['image/png', 0, '\x89PNG\r\n\x1A\n'], ['image/webp', 8, 'WEBP'], ['image/avif', 4, 'ftypavif'], ['image/avif', 4, 'ftypavis'],
];
/** Tab and line breaks are text; other controls are of something else. */
const NO_TEXT = /(?![\t\n\f\r])\p{Cc}/u;

/** The media type; null when it is none that is taken. Text is read to its end: a byte that is no UTF-8 may be its last. */
export async function recogniseDocument(path: string): Promise<string | null> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      if (isFirst) {
        const head = chunk.subarray(0, 32).toString('latin1');
        const found = SIGNATURES.find(([, at, signature]) => head.startsWith(signature, at));
        if (found) return found[0];
      }
      isFirst = false;
      if (NO_TEXT.test(decoder.decode(chunk, { stream: true }))) return null;
    }
    decoder.decode();
    return 'text/plain';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return null;
    throw error;
  }
}

function toDomainError(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  if (isOutOfSpace(error)) return storageFull(error);
  if (!(error instanceof MultipartRefusal)) return error;
  switch (error.problem) {
    case 'file-too-large':
      return documentTooLarge(MOST_DOCUMENT_BYTES);
    case 'interrupted':
      return documentInterrupted(error);
    case 'too-many-files': case 'unexpected-file':
      return documentInvalid('is one part, named «file»', error);
    case 'nameless-file':
      return documentInvalid('has no file name', error);
    case 'field-too-large': case 'malformed':
      return documentInvalid('the body is not as it should be', error);
  }
}
