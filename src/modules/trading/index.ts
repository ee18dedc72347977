/**
 * Trading: listings, negotiations, orders, how they are paid and settled, and how their files are delivered.
 *
 * It owns the tables listing, trade_order, order_transition and order_event. Invariants, held by PostgreSQL: an order moves only as the table of transitions says; a listing sells no more than it has, at the price
 * that was shown; a settled order has its rights and its postings from the same transaction; of a negotiation (negotiation, negotiation_transition, negotiation_offer, negotiation_entry) a buyer's standing offer has its money
 * held, an accepted one is an order at its price, and every other one has given it back; of a delivery (delivery_link, delivery) a row was there before the first byte went, by a link whose time was not over. It calls `settle_orders`, which also writes licences, statements and postings.
 */
export { TradingModule } from './trading.module.js';
export { ORDER_CHECKS } from './audit/order-checks.js';
