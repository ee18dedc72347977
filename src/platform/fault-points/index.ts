/**
 * Named points at which a test may kill the process, so that each write is proven to survive it.
 * Outside of those tests (`FAULT_POINT`, `FAULT_CONTROL` and `FAULT_TRACE` unset, always so in production) they cost one comparison.
 */
export { faultPoint, writePoint } from './fault-point.js';
export { isWrite } from './is-write.js';
