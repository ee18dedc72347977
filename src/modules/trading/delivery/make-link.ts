import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { ReadOriginals } from '../../works/index.js';
import { assertBuyer } from '../orders/assert-party.js';
import { FindOrder } from '../orders/find-order.js';
import { fileNotHeld } from '../trading.errors.js';
import { AssertEntitled } from './assert-entitled.js';
import { drawToken, hashToken } from './delivery-token.js';
import { type FileView, toFileView } from './list-files.js';

export const linkSchema = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits').meta({ description: 'Of the file, as the order’s contents name it' }) });
export type NewLink = z.output<typeof linkSchema>;

export interface DeliveryLink {
  readonly order: string;
  readonly file: FileView;
  readonly expiresAt: string;
  /** `file`: whoever has it gets the file, without signing in. */
  readonly links: { readonly file: string };
}

/**
 * Makes a link to the original of a held file, for the buyer of a settled order. The token is in the answer and nowhere else: for that reason this takes no `Idempotency-Key`, whose stored answer
 * would hold it. Asking again makes another link.
 */
@Injectable()
export class MakeLink {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) private readonly config: Pick<Config, 'trading'>, private readonly findOrder: FindOrder, private readonly entitled: AssertEntitled, private readonly originals: ReadOriginals,
  ) {}

  /** @throws DomainError `TRADING.ORDER_NOT_FOUND`, `TRADING.NOT_BUYER`, `TRADING.NOT_IN_THIS_STATE`, `TRADING.NOT_ENTITLED`, `TRADING.FILE_NOT_HELD`. */
  async execute(typed: string, accountId: string, { sha256 }: NewLink): Promise<DeliveryLink> {
    const order = await this.findOrder.execute(typed, accountId);
    assertBuyer(order, accountId);
    await this.entitled.execute(order);
    const file = (await this.originals.list({ number: order.work, workId: order.workId })).find((one) => one.sha256 === sha256 && one.deposit === 'held');
    if (file === undefined) throw fileNotHeld();
    const token = drawToken();
    const [row] = await writePoint('delivery.link', () => this.dataSource.query<{ expires_at: Date }[]>(
      `INSERT INTO delivery_link (token_hash, order_id, account_id, sha256, expires_at) VALUES ($1, $2, $3, decode($4, 'hex'), now() + make_interval(secs => $5)) RETURNING expires_at`,
      [hashToken(token), order.orderId.toString(), accountId, sha256, this.config.trading.deliveryLinkSeconds]));
    return { order: order.number, file: toFileView(file), expiresAt: (row as { expires_at: Date }).expires_at.toISOString(), links: { file: `/api/v1/deliveries/${token}` } };
  }
}
