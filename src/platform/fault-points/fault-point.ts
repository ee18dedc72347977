import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { traceUnnamedWrites } from './trace-unnamed-writes.js';

const production = process.env['NODE_ENV'] === 'production';
const [fixedTarget, controlFile, traceFile] = production ? [] : [process.env['FAULT_POINT'], process.env['FAULT_CONTROL'], process.env['FAULT_TRACE']];
const armed = fixedTarget !== undefined || controlFile !== undefined || traceFile !== undefined;

let target = fixedTarget ?? '';
let hits = 0;

/**
 * Dies here by SIGKILL when `FAULT_POINT`, or what the file `FAULT_CONTROL` holds at that moment, is `name` or `name#nth`; hits are counted
 * since the target was set; the file `FAULT_CONTROL` with `.died` after its name then says where. Notes every name in the file `FAULT_TRACE`.
 */
export function faultPoint(name: string): void {
  if (!armed) return;
  if (traceFile !== undefined) appendFileSync(traceFile, `${name}\n`);
  if (controlFile !== undefined) aim(readFileSync(controlFile, 'utf8').trim());
  const [targetName, targetHit = '1'] = target.split('#');
  if (name !== targetName || ++hits !== Number(targetHit)) return;
  if (controlFile !== undefined) writeFileSync(`${controlFile}.died`, name);
  process.kill(process.pid, 'SIGKILL');
}

/** So that a process that has started and recovered may be told where to die. */
function aim(at: string): void {
  if (at === target) return;
  target = at;
  hits = 0;
}

const inside = new AsyncLocalStorage<string>();

/** Every durable write goes through here: `name:before` and `name:after` are the points at which it can be cut. */
export async function writePoint<T>(name: string, write: () => Promise<T>): Promise<T> {
  if (!armed) return write();
  faultPoint(`${name}:before`);
  const result = await inside.run(name, write);
  faultPoint(`${name}:after`);
  return result;
}

// What is written outside of any write point is noted as unnamed while tracing, and the test fails on it.
if (traceFile !== undefined) {
  traceUnnamedWrites((write) => {
    if (inside.getStore() === undefined) appendFileSync(traceFile, `unnamed ${write}\n`);
  });
}
