import { AskContract } from './ask-contract.js';
import { CancelChainOrder } from './cancel-chain-order.js';
import { MoveOrders } from './move-orders.js';
import { PlaceChainOrder } from './place-chain-order.js';
import { RecordEvent } from './record-event.js';
import { RecordWithdrawal } from './record-withdrawal.js';
import { RescindOrder } from './rescind-order.js';
import { SettleChainLicence } from './settle-chain-licence.js';
import { SettlementKeys } from './settlement-keys.js';
import { SettlementTelemetry } from './settlement-telemetry.js';
import { UndoEvents } from './undo-events.js';
import { UnpaidOrders } from './unpaid-orders.js';
import { Watcher } from './watcher.js';

/** What payment on chain adds to trading. */
export const CHAIN_PROVIDERS = [SettlementKeys, UnpaidOrders, PlaceChainOrder, AskContract, CancelChainOrder, RecordEvent, RecordWithdrawal, RescindOrder, UndoEvents, SettleChainLicence, MoveOrders, Watcher, SettlementTelemetry];
