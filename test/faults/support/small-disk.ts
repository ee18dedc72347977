import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Whether this user may mount a file system where only its own processes see it: root, and others where user namespaces are on. */
export function mayMount(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A real disk that is really small. It is mounted in a namespace of its own, which a process holds open; everyone reaches it through that process. */
export class SmallDisk {
  private constructor(private readonly holder: ChildProcess) {}

  static async mount(byteLength: number): Promise<SmallDisk> {
    // It reads until we are gone, in whatever way: then it ends, and the disk with it.
    const holder = spawn('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=${byteLength},mode=0700 tmpfs /mnt && echo mounted && exec cat`], { stdio: ['pipe', 'pipe', 'inherit'] });
    await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit').then(() => { throw new Error('the small disk could not be mounted'); })]);
    return new SmallDisk(holder);
  }

  get path(): string {
    return `/proc/${this.holder.pid}/root/mnt`;
  }

  async unmount(): Promise<void> {
    const ended = once(this.holder, 'exit');
    this.holder.stdin?.end();
    await ended;
  }
}
