/**
 * Trading: listings, orders, and how they are paid and settled.
 *
 * It owns the tables listing, trade_order, order_transition and order_event. Invariants, held by PostgreSQL: an order moves only as the table of transitions says; a listing sells no more than it has, at the price
 * that was shown; a settled order has its rights and its postings from the same transaction. It calls `settle_orders`, which also writes licences, statements and postings.
 */
export { TradingModule } from './trading.module.js';
export { ORDER_CHECKS } from './audit/order-checks.js';
