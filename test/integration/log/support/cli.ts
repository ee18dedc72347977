import { type BuiltCli, buildCli, type CliRun } from '../../cli/run-cli.js';

/** `zhengben` for the tests of one file: built once, removed after the last. Each run is a process of its own. */
export function useCli(): (args: readonly string[], env?: Record<string, string | undefined>) => Promise<CliRun> {
  let built: Promise<BuiltCli> | null = null;
  afterAll(async () => (await built)?.remove());
  return async (args, env) => (await (built ??= buildCli())).run(args, env);
}
