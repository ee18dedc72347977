import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError } from '../../lib/errors/index.js';
import { parseTilePath } from '../../lib/merkle/index.js';
import { Public, Unlimited } from '../../platform/http/index.js';
import { LogKeys } from './log-keys.js';
import { LogReader } from './log-reader.js';
import { ReadTile } from './read-tile.js';

/** The log as C2SP tlog-tiles, for mirrors and auditors. */
@ApiTags('log')
@Controller('log')
@Public()
@Unlimited()
export class LogController {
  constructor(private readonly reader: LogReader, private readonly keys: LogKeys, private readonly readTile: ReadTile) {}

  @Get('checkpoint')
  @ApiProduces('text/plain')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'no-cache')
  async checkpoint(): Promise<string> {
    const published = await this.reader.published();
    if (!published) throw new DomainError('LOG.NOT_FOUND', 'Nothing is logged yet.');
    return published.note;
  }

  /** The verifier key(s), the current one first, a line each. */
  @Get('vkey')
  @ApiProduces('text/plain')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('cache-control', 'public, max-age=60')
  vkey(): string {
    return `${this.keys.vkeys.join('\n')}\n`;
  }

  @Get('tile/*')
  @ApiExcludeEndpoint()
  async tile(@Param('*') path: string, @Res() reply: FastifyReply): Promise<void> {
    const tile = parseTilePath(`tile/${path}`);
    const bytes = tile === null ? null : await this.readTile.execute(tile);
    if (bytes === null || tile === null) throw new DomainError('LOG.NOT_FOUND', 'There is no such tile, or it is not published yet.');
    void reply
      .header('content-type', 'application/octet-stream')
      // Of a partial tile the bytes never change either, but a web server that serves the directory loses the address once the tile is full.
      .header('cache-control', tile.width === 256 ? 'public, max-age=31536000, immutable' : 'public, max-age=60')
      .send(bytes);
  }
}
