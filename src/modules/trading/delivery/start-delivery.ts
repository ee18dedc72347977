import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DomainError } from '../../../lib/errors/index.js';
import { sqlState } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { type ByteRange, parseByteRange } from '../../../platform/http/index.js';
import { ReadOriginals } from '../../works/index.js';
import { FindOrder } from '../orders/find-order.js';
import { deliveryNotFound } from '../trading.errors.js';
import { AssertEntitled } from './assert-entitled.js';
import { hashToken } from './delivery-token.js';

/** PostgreSQL starts nothing by a link whose time is over. */
const OVER = 'ZB096';

export interface Delivery {
  /** Made of nothing that a party wrote. */
  readonly fileName: string;
  readonly sha256: string;
  /** Of the whole file. */
  readonly byteLength: number;
  /** Null: all of it. */
  readonly range: ByteRange | 'unsatisfiable' | null;
  /** Logs that it starts, and only then opens the file. */
  start(): Promise<Readable>;
}

/**
 * Delivers by a link: whoever has it gets the file, in parts and again, until its time is over. Each start is on record before the first byte goes. Asked each time whether the buyer may still have it:
 * a licence that is terminated ends its links at once.
 */
@Injectable()
export class StartDelivery {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findOrder: FindOrder, private readonly entitled: AssertEntitled, private readonly originals: ReadOriginals) {}

  /**
   * @param token as it was typed. @param range the `Range` header. @param ifRange `If-Range`: the tag of what the client has the rest of (RFC 9110, section 13.1.5).
   * @throws DomainError `TRADING.DELIVERY_NOT_FOUND`, whatever the reason is.
   */
  async execute(token: string, range: string | undefined, ifRange: string | undefined): Promise<Delivery> {
    const hash = hashToken(token);
    if (hash === null) throw deliveryNotFound();
    const [link] = await this.dataSource.query<{ order_id: string; sha256: string }[]>(`SELECT order_id, encode(sha256, 'hex') AS sha256 FROM delivery_link WHERE token_hash = $1 AND expires_at > now()`, [hash]);
    const order = link === undefined ? null : await this.findOrder.byId(this.dataSource, BigInt(link.order_id));
    if (link === undefined || order === null) throw deliveryNotFound();
    await this.entitled.execute(order).catch((error: unknown) => { throw error instanceof DomainError ? deliveryNotFound() : error; });
    const file = (await this.originals.list({ number: order.work, workId: order.workId })).find(({ sha256, deposit }) => sha256 === link.sha256 && deposit === 'held');
    if (file === undefined) throw deliveryNotFound();
    const { sha256, byteLength, position } = file;
    const asked = ifRange === undefined || ifRange.trim() === `"${sha256}"` ? parseByteRange(range, byteLength) : null;
    const part = asked === null || asked === 'unsatisfiable' ? { first: 0, last: byteLength - 1 } : asked;
    return {
      fileName: `${order.work}-${position}`, sha256, byteLength, range: asked,
      start: async () => {
        await this.record(hash, link.order_id, part);
        // An empty file has no first byte to begin at.
        return byteLength === 0 ? this.originals.open(sha256) : this.originals.open(sha256, part);
      },
    };
  }

  private async record(hash: Buffer, orderId: string, { first, last }: ByteRange): Promise<void> {
    try {
      await writePoint('delivery.start', () => this.dataSource.query('INSERT INTO delivery (order_id, token_hash, first_byte, byte_length) VALUES ($1, $2, $3, $4)', [orderId, hash, first, last - first + 1]));
    } catch (error) {
      throw sqlState(error) === OVER ? deliveryNotFound() : error;
    }
  }
}
