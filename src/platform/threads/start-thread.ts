import { Worker } from 'node:worker_threads';

/**
 * Runs a function on a thread of its own, that keeps no process alive. The function crosses as its own text, so that whoever compiled this file need
 * not be told of a second one: it has no imports and no variables but its own, and gets built-in modules from `process.getBuiltinModule`.
 */
export function startThread(name: string, serve: () => void, workerData?: unknown): Worker {
  const worker = new Worker(`(${serve.toString()})()`, { eval: true, name, execArgv: [], workerData });
  worker.unref();
  return worker;
}
