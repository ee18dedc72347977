import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { id } from 'ethers';
import type { DataSource } from 'typeorm';
import { computeShares } from '../../../lib/money/index.js';
import { type ChainOrder, MAX_CHAIN_AMOUNT, MAX_PAYEES } from '../../../platform/chain/index.js';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { faultPoint, writePoint } from '../../../platform/fault-points/index.js';
import { runIdempotently } from '../../../platform/http/index.js';
import { SERVICE } from '../../accounting/index.js';
import { FindWallets } from '../../actor-keys/index.js';
import { FindListing, type Listing } from '../listings/find-listing.js';
import { ReadListing } from '../listings/read-listing.js';
import { assertNotOpenedJustNow } from '../orders/assert-unencumbered.js';
import { drawOrderNumber, type Trade } from '../orders/compose-trade.js';
import { insertOrder, notTaken, takeListing } from '../orders/fund-assignment.js';
import { type Asked, type PlacedOrder, toAnswer } from '../orders/placed-order.js';
import { QuoteListing } from '../orders/quote-listing.js';
import { listingStale } from '../trading.errors.js';
import { toTokenAddress } from './chain-currencies.js';
import { chainUnavailable, notPayableOnChain, walletMissing } from './chain.errors.js';
import { fromHex } from './evm-hex.js';
import { type NewPayment, toPaymentValues, toPaymentView } from './payment-view.js';
import { SettlementKeys } from './settlement-keys.js';
import { UnpaidOrders } from './unpaid-orders.js';

/** Somebody else was quicker with the listing, or its price is another one by now. */
class NotTaken extends Error {}

/**
 * Orders from a listing that is paid on chain: takes the listing for as long as the buyer has to pay, and answers what their wallet sends to the contract. The shares of all who are paid are basis points, by which
 * the contract splits; the lines that are shown follow from them.
 */
@Injectable()
export class PlaceChainOrder {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource, @Inject(CONFIG) private readonly config: Pick<Config, 'trading' | 'chain'>, private readonly keys: SettlementKeys, private readonly wallets: FindWallets,
    private readonly findListing: FindListing, private readonly readListing: ReadListing, private readonly quote: QuoteListing, private readonly unpaid: UnpaidOrders,
  ) {}

  /** @throws DomainError `TRADING.LISTING_CLOSED`, `TRADING.LISTING_STALE`, `TRADING.WALLET_MISSING`, `TRADING.NOT_PAYABLE_ON_CHAIN`, `TRADING.CHAIN_UNAVAILABLE`, `TRADING.ORDER_UNPAID`, `TRADING.TOO_MANY_UNPAID`, `TRADING.NOT_PAID_BEFORE`; ListingMoved. */
  async execute(listing: Listing, buyerId: string, asked: Asked | null): Promise<PlacedOrder> {
    const { payees, lines, rules } = await this.quote.of(listing, listing.amountMinor);
    const faults = await this.readListing.faultsOf(listing);
    if (faults.length > 0) throw listingStale(faults);
    const trade: Trade = { order: drawOrderNumber(), listing, buyerId, amountMinor: listing.amountMinor, isAgreed: false, lines, rules };
    const shares = computeShares(listing.amountMinor, rules, payees.title);
    if (shares.length > MAX_PAYEES) throw notPayableOnChain('payees');
    if (listing.amountMinor > MAX_CHAIN_AMOUNT) throw notPayableOnChain('amount');
    const accounts = [...new Set([buyerId, ...shares.flatMap(({ account }) => account ?? [])])];
    const wallets = new Map(await this.wallets.execute(accounts));
    const missing = accounts.filter((account) => !wallets.has(account));
    if (missing.length > 0) throw walletMissing(missing);
    wallets.set(SERVICE, this.keys.require.feeAddress);

    const { settlement: { contract, expirySeconds, termSeconds }, orderSigner } = this.keys.require;
    const { chainId } = this.config.chain;
    const now = await this.now(contract, chainId);
    const expiresAt = new Date((now + expirySeconds) * 1000);
    const paidFor = now + expirySeconds + (listing.kind === 'assignment' ? this.config.trading.protectionSeconds : 0);
    const order: ChainOrder = {
      orderId: id(trade.order.number), buyer: wallets.get(buyerId) as string, token: toTokenAddress(listing.currency), amount: listing.amountMinor,
      payees: shares.map(({ account }) => wallets.get(account ?? SERVICE) as string), shareBps: shares.map(({ shareBps }) => shareBps), deadline: paidFor + termSeconds,
    };
    const signed = await orderSigner.sign(order, { chainId, contract });
    const payment: NewPayment = { orderId: trade.order.orderId, order, ...signed, settleUntil: new Date((paidFor + Math.floor(termSeconds / 2)) * 1000) };
    const { body } = await runIdempotently(this.dataSource, { accountId: buyerId, key: asked?.key ?? null, payloadHash: asked?.payloadHash ?? new Uint8Array() }, async (tx) => {
      if (!(await takeListing(tx, trade))) throw new NotTaken();
      if (listing.kind === 'assignment') await assertNotOpenedJustNow(tx, listing);
      await takeAddresses(tx, wallets);
      await insertOrder(tx, trade, { state: 'created', method: 'chain', expiresAt });
      await insertPayment(tx, payment, { chainId, contract });
      return { status: 201, body: { ...toAnswer(trade, { state: 'created', licence: null, receipt: null, protectedUntil: null }), payment: toPaymentView(order, { chainId, contract }, signed, expiresAt) } };
    }).catch(async (error: unknown) => {
      // Only now: while the transaction holds a connection, looking up would wait for a second one.
      if (error instanceof NotTaken) throw notTaken(trade, await this.findListing.byId(listing.listingId));
      throw (await this.unpaid.explain(error, listing, buyerId)) ?? error;
    });
    faultPoint('trading.answer');
    return body;
  }

  /** Seconds since 1970 by the later of our clock and the chain's. @throws DomainError `TRADING.CHAIN_UNAVAILABLE` while nobody sees the contract, or our keys do not have its roles. */
  private async now(contract: string, chainId: number): Promise<number> {
    const [row] = await this.dataSource.query<{ now: string }[]>(
      `SELECT ceil(extract(epoch FROM greatest(now(), l.chain_time))) AS now FROM settlement_lease l JOIN settlement_instance i ON i.is_current AND i.our_signer AND i.our_settler
        WHERE i.contract = $1 AND i.chain_id = $2 AND l.good_until > clock_timestamp()`, [fromHex(contract), chainId]);
    if (row === undefined) throw chainUnavailable();
    return Number(row.now);
  }
}

/** Each address is one account's from now on. @throws DomainError `TRADING.WALLET_MISSING` naming whose is another's. */
async function takeAddresses(tx: Tx, wallets: ReadonlyMap<string, string>): Promise<void> {
  const taken = [...wallets].toSorted(([, a], [, b]) => (a < b ? -1 : 1));
  const parameters = [taken.map(([account]) => account), taken.map(([, address]) => fromHex(address))];
  await writePoint('payout-address.take', () => tx.query('INSERT INTO payout_address (account_id, address) SELECT * FROM unnest($1::uuid[], $2::bytea[]) ON CONFLICT DO NOTHING', parameters));
  const others = await tx.query<{ account: string }[]>('SELECT w.account FROM unnest($1::uuid[], $2::bytea[]) AS w(account, address) LEFT JOIN payout_address p USING (address) WHERE p.account_id IS DISTINCT FROM w.account', parameters);
  if (others.length > 0) throw walletMissing(others.map(({ account }) => account));
}

async function insertPayment(tx: Tx, payment: NewPayment, { chainId, contract }: { chainId: number; contract: string }): Promise<void> {
  const rows = await writePoint('chain-payment.insert', (): Promise<unknown[]> => tx.query(
    `INSERT INTO chain_payment (instance_id, from_block, order_id, chain_order_id, buyer, token, amount, payees, deadline, settle_until, order_hash, signature)
     SELECT i.id, i.scanned_to, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM settlement_instance i WHERE i.is_current AND i.chain_id = $1 AND i.contract = $2 RETURNING 1`, [chainId, fromHex(contract), ...toPaymentValues(payment)]));
  if (rows.length === 0) throw chainUnavailable();
}
