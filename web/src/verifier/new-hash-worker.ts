import HashWorker from '../hashing/hash.worker.ts?worker&inline';

/** In verify.html there is no other file to load a worker from. */
export const newHashWorker = (): Worker => new HashWorker();
