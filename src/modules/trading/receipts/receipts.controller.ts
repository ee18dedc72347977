import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, Scopes } from '../../../platform/http/index.js';
import { ReadReceipt } from './read-receipt.js';

@ApiTags('trading')
@Controller('orders')
export class ReceiptsController {
  constructor(private readonly readReceipt: ReadReceipt) {}

  /** The receipt of a settled order in Chinese and English, for buyer and seller. Not a tax invoice. */
  @Get(':number/receipt.pdf')
  @Scopes('money:read')
  @ApiProduces('application/pdf')
  async receipt(@Caller() caller: Caller, @Param('number') number: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const { number: canonical, file } = await this.readReceipt.execute(number, caller.accountId);
    reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="${canonical}.pdf"`).header('cache-control', 'private, no-cache');
    return file;
  }
}
