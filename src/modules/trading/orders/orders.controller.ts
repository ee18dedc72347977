import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller, IdempotencyKey, type Page, PROOF_MEDIA_TYPE, Scopes } from '../../../platform/http/index.js';
import { FindOperators, OperatorsOnly } from '../../operators/index.js';
import { CancelChainOrder } from '../chain/cancel-chain-order.js';
import { type NewOrder, orderSchema, PlaceOrder } from './place-order.js';
import type { PlacedOrder } from './placed-order.js';
import { disputeSchema, ProtectOrder, type Resolution, resolutionSchema } from './protect-order.js';
import { ProveOrder } from './prove-order.js';
import { type OrdersQuery, ordersQuery, ReadOrder } from './read-order.js';

const proofQuery = z.object({
  at: z.enum(['anchored', 'newest']).default('anchored'),
  parties: z.enum(['sealed', 'open']).default('sealed').meta({ description: 'Whether parties and price are opened; only buyer and seller may' }),
});

@ApiTags('trading')
@Controller('orders')
export class OrdersController {
  constructor(private readonly place: PlaceOrder, private readonly readOrder: ReadOrder, private readonly protect: ProtectOrder, private readonly prove: ProveOrder, private readonly cancel: CancelChainOrder, private readonly operators: FindOperators) {}

  /** Buys from a listing. Paid from a balance, a licence is granted and paid at once, or nothing happens; the money for a slice is held while the buyer may object. Paid on chain, the answer is what the buyer's wallet funds. */
  @Post()
  @Scopes('money:write')
  buy(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Body({ schema: orderSchema }) order: NewOrder): Promise<PlacedOrder> {
    return this.place.execute(caller.accountId, order, key);
  }

  /** The caller's orders, the newest first. */
  @Get()
  @Scopes('money:read')
  list(@Caller() caller: Caller, @Query({ schema: ordersQuery }) query: OrdersQuery): Promise<Page<Record<string, unknown>>> {
    return this.readOrder.list(caller.accountId, query);
  }

  /** An order and its timeline, for its parties, and for operators, signed in; who is paid by one sees their own line of it. */
  @Get(':number')
  @Scopes('money:read')
  async read(@Caller() caller: Caller, @Param('number') number: string): Promise<Record<string, unknown>> {
    return this.readOrder.execute(number, caller.accountId, caller.via === 'session' && (await this.operators.isOperator(caller.accountId)));
  }

  /** By the buyer of a slice, before the time to object is over: slice and money change hands now. */
  @Post(':number/confirmation')
  @HttpCode(200)
  @Scopes('money:write')
  confirm(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string): Promise<Record<string, unknown>> {
    return this.protect.confirm(number, caller.accountId, key);
  }

  /** By the buyer of an order on chain that is not paid: the listing is open to others again. A payment that arrives all the same is given back. */
  @Post(':number/cancellation')
  @HttpCode(200)
  @Scopes('money:write')
  cancelOrder(@Caller() caller: Caller, @Param('number') number: string): Promise<Record<string, unknown>> {
    return this.cancel.execute(number, caller.accountId);
  }

  /** By the buyer of a slice: the money stays held until an operator decides, or the seller gives it back. */
  @Post(':number/dispute')
  @HttpCode(200)
  @Scopes('money:write')
  dispute(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: disputeSchema }) dispute: z.output<typeof disputeSchema>): Promise<Record<string, unknown>> {
    return this.protect.dispute(number, caller.accountId, dispute, key);
  }

  /** By an operator, of a disputed order; the same again is answered as the order is then. */
  @Post(':number/resolution')
  @HttpCode(200)
  @OperatorsOnly()
  resolve(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: resolutionSchema }) resolution: Resolution): Promise<Record<string, unknown>> {
    return this.protect.resolve(number, caller.accountId, resolution, key);
  }

  /** By the seller, while the money is held: all of it goes back. */
  @Post(':number/refund')
  @HttpCode(200)
  @Scopes('money:write')
  refund(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string): Promise<Record<string, unknown>> {
    return this.protect.refund(number, caller.accountId, key);
  }

  /** The proof bundle of a settled trade: its statement, the licence that was sold, and what of the work's chain both rest on. */
  @Get(':number/proof')
  @Scopes('money:read')
  @ApiProduces(PROOF_MEDIA_TYPE)
  async proof(@Caller() caller: Caller, @Param('number') number: string, @Query({ schema: proofQuery }) { at, parties }: z.output<typeof proofQuery>, @Res({ passthrough: true }) reply: FastifyReply): Promise<Record<string, unknown>> {
    const bundle = await this.prove.execute(number, { accountId: caller.accountId, at, disclose: parties === 'open' });
    reply.header('content-type', PROOF_MEDIA_TYPE);
    reply.header('content-disposition', `attachment; filename="${String(bundle['subject'])}.zbproof.json"`);
    return bundle;
  }
}
