/** Randomness from the operating system, drawn in bulk. */
export { drawRandomBytes } from './random-bytes.js';
export { uuidv7 } from './uuidv7.js';
