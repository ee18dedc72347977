import { notBuyer, notParty } from '../trading.errors.js';
import type { Order } from './find-order.js';

/** @throws DomainError `TRADING.NOT_BUYER`. */
export function assertBuyer({ buyerId }: Order, accountId: string): void {
  if (buyerId !== accountId) throw notBuyer();
}

/** Buyer or seller; who is only paid by an order is no party of it. @throws DomainError `TRADING.NOT_PARTY`. */
export function assertParty({ buyerId, sellerId }: Order, accountId: string): void {
  if (accountId !== buyerId && accountId !== sellerId) throw notParty();
}
