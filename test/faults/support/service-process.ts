import { type ChildProcess, spawn } from 'node:child_process';
import { compileService } from './compile-service.js';

export interface Exit { readonly code: number | null; readonly signal: NodeJS.Signals | null }

const KEPT_OUTPUT = 20_000;

/** The service (`src/main.ts`) in a process of its own, to be killed. */
export class ServiceProcess {
  readonly exited: Promise<Exit>;
  /** The address that it listens at; null when it died before. */
  readonly listening: Promise<string | null>;
  private output = '';

  private constructor(readonly child: ChildProcess) {
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.listening = new Promise((resolve) => {
      const read = (chunk: Buffer): void => {
        this.output = (this.output + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
        const url = /is listening at (http:\/\/\S+)/.exec(this.output)?.[1];
        if (url !== undefined) resolve(url.replace('localhost', '127.0.0.1'));
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      void this.exited.then(() => resolve(null));
    });
  }

  static async spawn(environment: Readonly<Record<string, string>>, wrapper: readonly string[] = []): Promise<ServiceProcess> {
    const [program = '', ...args] = [...wrapper, process.execPath, '--enable-source-maps', await compileService()];
    const { PATH = '', TZ = 'UTC' } = process.env;
    return new ServiceProcess(spawn(program, args, { env: { PATH, TZ, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** @throws Error with what it printed when it did not come up. */
  async url(): Promise<string> {
    const url = await this.listening;
    if (url === null) throw new Error(`the service did not start: ${JSON.stringify(await this.exited)}\n${this.output}`);
    return url;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The last that it printed: warnings and errors. */
  get printed(): string {
    return this.output;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Asks it to stop, as an operator does. */
  stop(): Promise<Exit> {
    this.child.kill('SIGTERM');
    return this.exited;
  }
}
