/**
 * Trading: listings, negotiations, orders, and how they are paid and settled.
 *
 * It owns the tables listing, trade_order, order_transition and order_event. Invariants, held by PostgreSQL: an order moves only as the table of transitions says; a listing sells no more than it has, at the price
 * that was shown; a settled order has its rights and its postings from the same transaction; of a negotiation (negotiation, negotiation_transition, negotiation_offer, negotiation_entry) a buyer's standing offer has its money
 * held, an accepted one is an order at its price, and every other one has given it back. It calls `settle_orders`, which also writes licences, statements and postings.
 */
export { TradingModule } from './trading.module.js';
export { ORDER_CHECKS } from './audit/order-checks.js';
