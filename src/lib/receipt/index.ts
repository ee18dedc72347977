/** The receipt of an order, as it is laid out on pages. Pure. */
export { composeReceipt, type PrintedReceipt } from './compose-receipt.js';
export { type ReceiptFacts, type ReceiptLine, type ReceiptParty } from './facts.js';
