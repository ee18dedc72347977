import { Interface } from 'ethers';
import { rightsSettlementAbi } from './abi/rights-settlement.js';
import type { EventLog } from './chain-session.js';

const contractInterface = new Interface(rightsSettlementAbi);

/** What a `RightsSettlement` says of money. Hashes and addresses in lower case; the zero address as token: the chain's own currency. */
export type SettlementEvent =
  | { readonly kind: 'funded'; readonly orderId: string; readonly account: string; readonly token: string; readonly amount: bigint; readonly orderHash: string }
  | { readonly kind: 'released'; readonly orderId: string; readonly account: null; readonly token: string; readonly amount: bigint }
  | { readonly kind: 'refunded'; readonly orderId: string; readonly account: string; readonly token: string; readonly amount: bigint }
  | { readonly kind: 'withdrawn'; readonly orderId: null; readonly account: string; readonly token: string; readonly amount: bigint };

/** @returns null for the contract's other events. */
export function parseSettlementEvent({ topics, data }: Pick<EventLog, 'topics' | 'data'>): SettlementEvent | null {
  const event = contractInterface.parseLog({ topics: [...topics], data });
  if (event === null) return null;
  const text = (name: string): string => String(event.args[name]).toLowerCase();
  switch (event.name) {
    case 'OrderFunded':
      return { kind: 'funded', orderId: text('orderId'), account: text('buyer'), token: text('token'), amount: event.args['amount'] as bigint, orderHash: text('orderHash') };
    case 'OrderReleased':
      return { kind: 'released', orderId: text('orderId'), account: null, token: text('token'), amount: event.args['amount'] as bigint };
    case 'OrderRefunded':
      return { kind: 'refunded', orderId: text('orderId'), account: text('buyer'), token: text('token'), amount: event.args['amount'] as bigint };
    case 'Withdrawn':
      return { kind: 'withdrawn', orderId: null, account: text('account'), token: text('token'), amount: event.args['amount'] as bigint };
    default:
      return null;
  }
}
