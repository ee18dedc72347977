import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface ChildLimits {
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
}

export type LimitedChild = ChildProcessByStdio<null, Readable, Readable>;

/** Over what may be resident: threads' stacks and what V8 has set aside count as data. */
const MARGIN_BYTES = 128 * 1024 ** 2;
/** Libraries, pipes and epoll; not what somebody could serve from. */
const OPEN_FILES = 64;

/**
 * Starts a Node process that may fall to an attacker: it runs one function, whose text has no imports, with an empty environment, one open file as its standard
 * input, and limits of the kernel (setrlimit(2)) that it cannot raise: memory, processor time, no core dump, no file written. When memory is short it dies first.
 * A system that lacks one of them ignores that one.
 */
export function startLimitedChild(serve: () => void, argument: string, stdin: number, { memoryBytes, cpuSeconds }: ChildLimits): LimitedChild {
  const limits = [
    'echo 1000 > /proc/self/oom_score_adj', 'ulimit -c 0', `ulimit -d ${Math.ceil((memoryBytes + MARGIN_BYTES) / 1024)}`,
    `ulimit -S -t ${cpuSeconds}`, `ulimit -H -t ${cpuSeconds + 1}`, `ulimit -n ${OPEN_FILES}`, 'ulimit -f 0',
  ];
  return spawn('/bin/sh', ['-c', `{ ${limits.join('; ')}; } 2> /dev/null; exec "$0" "$@"`, process.execPath, '--max-old-space-size=64', '-e', `(${serve.toString()})()`, argument], {
    cwd: '/', env: {}, stdio: [stdin, 'pipe', 'pipe'],
  }) as LimitedChild;
}
