/** Text for a full-text index without a dictionary: what is stored of a text, and what is asked for. Both literals are PostgreSQL's (`tsvector`, `tsquery`). */
export { type SearchField, toIndexWords } from './to-index-words.js';
export { toQueryWords } from './to-query-words.js';
export { foldText } from './split-text.js';
