import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../../lib/errors/index.js';
import { Caller, type Page, Public, Scopes } from '../../../platform/http/index.js';
import { type DeliveriesQuery, deliveriesQuery, type DeliveryView, ListDeliveries } from './list-deliveries.js';
import { type FileView, ListFiles } from './list-files.js';
import { type DeliveryLink, linkSchema, MakeLink, type NewLink } from './make-link.js';
import { StartDelivery } from './start-delivery.js';

@ApiTags('trading')
@Controller()
export class DeliveriesController {
  constructor(private readonly listFiles: ListFiles, private readonly makeLink: MakeLink, private readonly startDelivery: StartDelivery, private readonly listDeliveries: ListDeliveries) {}

  /** What files the bought work has; for the buyer of a settled order, of a confidential work too. */
  @Get('orders/:number/contents')
  @Scopes('money:read', 'works:read')
  files(@Caller() caller: Caller, @Param('number') number: string): Promise<{ items: FileView[] }> {
    return this.listFiles.execute(number, caller.accountId);
  }

  /** A link to the original of a held file, for the buyer of a settled order whose licence is in force, or who holds of the slice. It works for a quarter of an hour, for whoever has it. */
  @Post('orders/:number/deliveries')
  @Scopes('money:read', 'works:read')
  link(@Caller() caller: Caller, @Param('number') number: string, @Body({ schema: linkSchema }) link: NewLink): Promise<DeliveryLink> {
    return this.makeLink.execute(number, caller.accountId, link);
  }

  /** When which file was fetched, the newest first; for buyer and seller. */
  @Get('orders/:number/deliveries')
  @Scopes('money:read')
  list(@Caller() caller: Caller, @Param('number') number: string, @Query({ schema: deliveriesQuery }) query: DeliveriesQuery): Promise<Page<DeliveryView>> {
    return this.listDeliveries.execute(number, caller.accountId, query);
  }

  /** The original, by its link: the token is all that it takes. In parts too (`Range`); each start is on record. */
  @Get('deliveries/:token')
  @Public()
  @ApiProduces('application/octet-stream')
  async deliver(@Param('token') token: string, @Headers('range') range: string | undefined, @Headers('if-range') ifRange: string | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const delivery = await this.startDelivery.execute(token, range, ifRange);
    const { byteLength, range: part } = delivery;
    if (part === 'unsatisfiable') {
      reply.header('content-range', `bytes */${byteLength}`);
      throw new DomainError('HTTP.RANGE_NOT_SATISFIABLE', `The file has ${byteLength} bytes, and none of those that were asked for.`);
    }
    // A look at the headers alone fetches nothing. An empty stream leaves the length as it is said; no body at all would say 0.
    const stream = request.method === 'HEAD' ? Readable.from([]) : await delivery.start();
    if (part !== null) reply.code(206).header('content-range', `bytes ${part.first}-${part.last}/${byteLength}`);
    // Never rendered: what was deposited may be hostile. And kept by nobody on the way: the link ends.
    reply
      .header('content-type', 'application/octet-stream').header('content-length', part === null ? byteLength : part.last - part.first + 1).header('content-disposition', `attachment; filename="${delivery.fileName}"`)
      .header('accept-ranges', 'bytes').header('etag', `"${delivery.sha256}"`).header('cache-control', 'private, no-store');
    void reply.send(stream);
  }
}
