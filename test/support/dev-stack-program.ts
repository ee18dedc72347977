import { messageOf, systemErrorCode } from '../../src/dev-stack/errors.js';
import { startEmbeddedPostgres } from '../../src/dev-stack/embedded-postgres.js';
import { startHardhatNode } from '../../src/dev-stack/hardhat-node.js';

const [what, dataDir] = process.argv.slice(-2);

async function run(): Promise<void> {
  if (dataDir === undefined) throw new Error('postgres|hardhat DATA_DIR');
  const running = what === 'postgres' ? await startEmbeddedPostgres({ dataDir }) : await startHardhatNode({ dataDir, port: 0 });
  process.stdout.write(`${JSON.stringify(running)}\n`);
  for await (const chunk of process.stdin) void chunk;
  await running.stop();
}

run().catch((error: unknown) => {
  process.stderr.write(`${systemErrorCode(error) ?? ''} ${messageOf(error)}\n`);
  process.exitCode = 1;
});
