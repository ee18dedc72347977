import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { BlobStore } from '../../../platform/blobs/index.js';
import { faultPoint } from '../../../platform/fault-points/index.js';
import { computePayloadHash, findStoredResponse, type Idempotent, runIdempotently } from '../../../platform/http/index.js';
import { assertOpen, FindNegotiation } from './find-negotiation.js';
import { type Attachment, insertEntry } from './insert-entry.js';
import type { Negotiation } from './negotiation.js';
import { ReceiveDocument } from './receive-document.js';

/** What sending answers: where it stands in the thread. */
export interface SentEntry {
  readonly id: number;
  readonly sentAt: string;
}

/** Sends the other side words or a document, as long as the negotiation is open. */
@Injectable()
export class SendMessage {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly find: FindNegotiation, private readonly receive: ReceiveDocument, private readonly blobs: BlobStore) {}

  /** @throws DomainError `TRADING.NEGOTIATION_NOT_FOUND`, `TRADING.NEGOTIATION_ENDED`, `TRADING.NEGOTIATION_FULL`. */
  async execute(typed: string, accountId: string, text: string, idempotencyKey: string | null): Promise<SentEntry> {
    const found = await this.find.execute(typed, accountId);
    return this.once(found, { accountId, key: idempotencyKey, payloadHash: computePayloadHash({ act: 'negotiation-message', subject: found.number, payload: { text } }) }, text);
  }

  /** A multipart body with one part «file», streamed to a blob. @throws DomainError as {@link execute}, `TRADING.DOCUMENT_…`, `TRADING.UPLOAD_INTERRUPTED`, `STORAGE.FULL`. */
  async document(request: IncomingMessage, typed: string, accountId: string, idempotencyKey: string | null): Promise<SentEntry> {
    const found = await this.find.execute(typed, accountId);
    // Whoever may not send one does not fill the disk first; but what was sent once is answered again.
    if (idempotencyKey === null) assertOpen(found);
    const file = await this.receive.execute(request);
    try {
      const { sha256, name, mediaType, byteLength } = file;
      const asked = { accountId, key: idempotencyKey, payloadHash: computePayloadHash({ act: 'negotiation-document', subject: found.number, payload: { name, sha256 } }) };
      const stored = await findStoredResponse<SentEntry>(this.dataSource, asked);
      if (stored) return stored.body;
      assertOpen(found);
      await this.blobs.adopt([file]);
      return await this.once(found, asked, { sha256, name, mediaType, byteLength });
    } finally {
      // Nothing is there any more when it was adopted; a blob that no entry refers to is swept.
      await this.blobs.discard(file);
    }
  }

  private async once(found: Negotiation, asked: Idempotent, entry: string | Attachment): Promise<SentEntry> {
    const { body } = await runIdempotently(this.dataSource, asked, async (tx) => {
      const negotiation = await this.find.lock(tx, found);
      assertOpen(negotiation);
      const { place, sentAt } = await insertEntry(tx, negotiation, asked.accountId, entry);
      return { status: 201, body: { id: place, sentAt: sentAt.toISOString() } };
    });
    faultPoint('negotiation.answer');
    return body;
  }
}
