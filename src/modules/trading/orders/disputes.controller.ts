import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Page } from '../../../platform/http/index.js';
import { OperatorsOnly } from '../../operators/index.js';
import { type DisputesQuery, disputesQuery, ListDisputes } from './list-disputes.js';

/** For operators, signed in. */
@ApiTags('trading')
@Controller('disputes')
@OperatorsOnly()
export class DisputesController {
  constructor(private readonly disputes: ListDisputes) {}

  /** Orders that their buyers object to, of everybody, the one that has waited longest first; an operator decides by `POST /orders/{number}/resolution`. */
  @Get()
  list(@Query({ schema: disputesQuery }) query: DisputesQuery): Promise<Page<Record<string, unknown>>> {
    return this.disputes.execute(query);
  }
}
