/** Work that would hold up the main thread, on threads of its own. */
export { startThread } from './start-thread.js';
