import { Command } from 'commander';

/** `zhengben log …`: each of them is imported only when it is called, for auditors have neither database nor service. */
const COMMANDS: readonly { readonly name: string; readonly summary: string; load(): Promise<Command> }[] = [
  { name: 'keygen', summary: 'make the signing key of a log', load: async () => (await import('./log-keygen.js')).createKeygenCommand() },
  { name: 'mirror', summary: 'copy a log over HTTP and check all of it', load: async () => (await import('./log-mirror.js')).createMirrorCommand() },
  { name: 'fsck', summary: 'rebuild the log from its statements and find every difference', load: async () => (await import('./log-fsck.js')).createFsckCommand() },
  { name: 'recover', summary: 'bring back what a restored database has lost of the log', load: async () => (await import('./log-recover.js')).createRecoverCommand() },
  { name: 'rotate', summary: 'log that the log’s key changes', load: async () => (await import('./log-rotate.js')).createRotateCommand() },
  { name: 'succeed', summary: 'begin a log that takes the place of another', load: async () => (await import('./log-succeed.js')).createSucceedCommand() },
];

/** @param args what follows `log` on the command line. */
export async function createLogCommand(args: readonly string[]): Promise<Command> {
  const log = new Command('log').description('Keep, check, mirror and mend the append-only log.');
  for (const command of COMMANDS) {
    const called = args.includes(command.name);
    if (called) log.addCommand(await command.load());
    else log.command(command.name).description(command.summary);
  }
  return log;
}
