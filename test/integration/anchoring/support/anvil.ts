import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Anvil {
  readonly url: string;
  stop(): Promise<void>;
}

/** An anvil node of the npm package, on a free port of 127.0.0.1; it ends with this process. */
export async function startAnvil(): Promise<Anvil> {
  const name = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const packages = createRequire(join(process.cwd(), 'package.json'));
  const binary = join(dirname(packages.resolve(`${name}/package.json`)), 'bin', 'anvil');
  const child = spawn(binary, ['--host', '127.0.0.1', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  const port = await new Promise<string>((found, failed) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      const match = /Listening on 127\.0\.0\.1:(\d+)/.exec(output);
      if (match) found(match[1]!);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', failed);
    child.once('exit', () => failed(new Error(`anvil ended: ${output}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      process.removeListener('exit', kill);
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
}
