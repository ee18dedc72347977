import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type Page, Scopes } from '../../platform/http/index.js';
import { ListTransfers, type TransfersQuery, transfersQuery, type TransferView } from './list-transfers.js';
import { type Balance, ReadBalances } from './read-balances.js';
import { type StatementQuery, statementQuery, WriteStatement } from './write-statement.js';

@ApiTags('money')
@Controller()
export class BalancesController {
  constructor(private readonly balances: ReadBalances, private readonly transfers: ListTransfers, private readonly statement: WriteStatement) {}

  /** What the caller has available, held, and in the settlement contract, of each currency. */
  @Get('balances')
  @Scopes('money:read')
  read(@Caller() caller: Caller): Promise<{ items: Balance[] }> {
    return this.balances.execute(caller.accountId);
  }

  /** What moved on the caller's balances, the newest first. */
  @Get('transfers')
  @Scopes('money:read')
  list(@Caller() caller: Caller, @Query({ schema: transfersQuery }) query: TransfersQuery): Promise<Page<TransferView>> {
    return this.transfers.execute(caller.accountId, query);
  }

  /** The statement of account in one currency, the oldest first, with opening and closing balances; one that does not end with closing balances was cut off. */
  @Get('transfers.csv')
  @Scopes('money:read')
  @ApiProduces('text/csv')
  csv(@Caller() caller: Caller, @Query({ schema: statementQuery }) query: StatementQuery, @Res() reply: FastifyReply): void {
    void reply
      .header('content-type', 'text/csv; charset=utf-8; header=present')
      .header('content-disposition', 'attachment; filename="statement.csv"')
      .header('cache-control', 'private, no-store')
      .send(Readable.from(this.statement.execute(caller.accountId, query)));
  }
}
