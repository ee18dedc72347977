/** Acts that arrive together share one transaction. */
export { Coalescer, type CoalescerOptions } from './coalescer.js';
