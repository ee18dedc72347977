import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { decodeCursor, type Page, pageQuery, Public, toPage } from '../../platform/http/index.js';
import { AnchorReader } from './anchor-reader.js';
import type { AnchorView } from './anchor-view.js';

const cursorSchema = z.number().int().positive();

interface ChainStatusAnswer {
  readonly chainId: number | null;
  readonly genesisHash: string | null;
  readonly contract: string | null;
  readonly blockNumber: number | null;
  readonly headSize: number | null;
  readonly lag: { readonly leaves: number; readonly seconds: number; readonly publishedSize: number; readonly anchoredSize: number };
  readonly checkedAt: string | null;
  readonly problem: { readonly code: string; readonly since: string } | null;
  readonly latest: AnchorView | null;
}

@ApiTags('anchoring')
@Controller()
@Public()
export class AnchorsController {
  constructor(private readonly anchors: AnchorReader) {}

  @Get('anchors')
  @Header('cache-control', 'no-cache')
  @ApiOperation({ summary: 'The anchors that stand in the chain, from the newest back' })
  async list(@Query({ schema: pageQuery }) { cursor, limit }: z.infer<typeof pageQuery>): Promise<Page<AnchorView>> {
    const below = cursor === undefined ? null : decodeCursor(cursorSchema, cursor);
    const anchors = await this.anchors.list(limit + 1, below);
    return toPage(anchors, limit, (anchor) => anchor, (anchor) => anchor.treeSize);
  }

  /** What a problem says in detail goes to the log: it may name the provider. */
  @Get('chain')
  @Header('cache-control', 'no-cache')
  @ApiOperation({ summary: 'The chain in use, how far it is behind the log, and why' })
  async chain(): Promise<ChainStatusAnswer> {
    const [{ chain, lag }, latest] = await Promise.all([this.anchors.status(), this.anchors.latest()]);
    const { leaves, seconds, publishedSize, anchoredSize } = lag;
    return {
      ...chain,
      lag: { leaves, seconds: Math.round(seconds), publishedSize, anchoredSize },
      checkedAt: lag.checkedAt,
      problem: lag.problem && { code: lag.problem.code, since: lag.problem.since },
      latest,
    };
  }
}
