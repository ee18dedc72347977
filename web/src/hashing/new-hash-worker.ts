import HashWorker from './hash.worker.ts?worker';

/** A worker of its own file, as the page's policy wants. verify.html, which has no other file, replaces this module (src/verifier/new-hash-worker.ts). */
export const newHashWorker = (): Worker => new HashWorker();
