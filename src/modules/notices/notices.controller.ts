import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { rowNumber } from '../../lib/api-schema/index.js';
import { Caller, type Page, Scopes } from '../../platform/http/index.js';
import { ListNotices, type NoticesQuery, noticesQuery, type NoticeView } from './list-notices.js';

const readSchema = z.strictObject({ upTo: rowNumber.meta({ description: 'The id of the newest notice that was read' }) });

@ApiTags('notices')
@Controller('notices')
export class NoticesController {
  constructor(private readonly notices: ListNotices) {}

  /** What happened to what is the caller's, newest first. */
  @Get()
  @Scopes('works:read')
  list(@Caller() caller: Caller, @Query({ schema: noticesQuery }) query: NoticesQuery): Promise<Page<NoticeView>> {
    return this.notices.execute(caller.accountId, query);
  }

  /** Marks notices as read; again is the same. */
  @Post('read')
  @Scopes('rights:write')
  @HttpCode(204)
  async read(@Caller() caller: Caller, @Body({ schema: readSchema }) { upTo }: z.output<typeof readSchema>): Promise<void> {
    await this.notices.markRead(caller.accountId, upTo);
  }
}
