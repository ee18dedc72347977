import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { rowNumber } from '../../lib/api-schema/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { decodeCursor, type Page, pageQuery, toPage } from '../../platform/http/index.js';
import type { NoticeKind } from './send-notices.js';

export const noticesQuery = z.strictObject({ ...pageQuery.shape, unread: z.enum(['true', 'false']).default('false').meta({ description: 'Only those that were not read yet' }) });
export type NoticesQuery = z.output<typeof noticesQuery>;

export interface NoticeView {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly subject: string;
  readonly createdAt: string;
  readonly readAt: string | null;
}

interface Row {
  notice_id: string;
  kind: NoticeKind;
  subject: string;
  created_at: Date;
  read_at: Date | null;
}

/** An account's notices, newest first, and marking them as read. */
@Injectable()
export class ListNotices {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async execute(accountId: string, { cursor, limit, unread }: NoticesQuery): Promise<Page<NoticeView>> {
    const before = cursor === undefined ? null : decodeCursor(rowNumber, cursor);
    const rows: Row[] = await this.dataSource.query(
      `SELECT notice_id, kind, subject, created_at, read_at FROM notice
        WHERE account_id = $1 AND ($2::bigint IS NULL OR notice_id < $2) ${unread === 'true' ? 'AND read_at IS NULL' : ''} ORDER BY notice_id DESC LIMIT $3`, [accountId, before, limit + 1]);
    return toPage(rows, limit, toView, (row) => row.notice_id);
  }

  /** Marks all notices as read, up to and with this one; of other accounts none. */
  async markRead(accountId: string, upTo: string): Promise<void> {
    await writePoint('notice.read', () => this.dataSource.query('UPDATE notice SET read_at = now() WHERE account_id = $1 AND notice_id <= $2 AND read_at IS NULL', [accountId, upTo]));
  }
}

function toView({ notice_id: id, kind, subject, created_at: createdAt, read_at: readAt }: Row): NoticeView {
  return { id, kind, subject, createdAt: createdAt.toISOString(), readAt: readAt?.toISOString() ?? null };
}
