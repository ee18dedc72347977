#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { CliError } from './cli-error.js';

interface Subcommand {
  readonly name: string;
  readonly summary: string;
  /** Imported only when it is called: `verify` must run where there is neither a database driver nor a service. */
  load(): Promise<Command>;
}

/** A new command is one file that exports a function making a commander `Command`, and one line here. */
const SUBCOMMANDS: readonly Subcommand[] = [
  { name: 'verify', summary: 'check a proof bundle, and files against it', load: async () => (await import('./verify.js')).createVerifyCommand() },
  { name: 'log', summary: 'keep, check, mirror and mend the append-only log', load: async () => (await import('./log.js')).createLogCommand(process.argv.slice(3)) },
  { name: 'migrate', summary: 'bring the database up to date', load: async () => (await import('./migrate.js')).createMigrateCommand() },
  { name: 'anchor', summary: 'deploy the contract that anchors the log', load: async () => (await import('./anchor.js')).createAnchorCommand() },
  { name: 'settlement', summary: 'deploy the contract that holds payments on chain', load: async () => (await import('./settlement.js')).createSettlementCommand() },
  { name: 'backup', summary: 'copy database, files and log as of one moment', load: async () => (await import('./backup.js')).createBackupCommand() },
  { name: 'restore', summary: 'bring a backup into an empty database', load: async () => (await import('./restore.js')).createRestoreCommand() },
  { name: 'ledger', summary: 'recompute every balance from its postings', load: async () => (await import('./ledger-audit.js')).createLedgerCommand() },
  { name: 'operator', summary: 'appoint and dismiss who confirms money', load: async () => (await import('./operator-accounts.js')).createOperatorCommand() },
  { name: 'sweep', summary: 'remove uploads that belong to no work', load: async () => (await import('./sweep.js')).createSweepCommand() },
];

/** Exit code of a bug: what is neither the user's input nor the command's own outcome (EX_SOFTWARE). */
const EXIT_BUG = 70;

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('zhengben').description('Deposit works, prove when and by whom, verify anyone’s proofs.');
  for (const subcommand of SUBCOMMANDS) {
    const called = argv[0] === subcommand.name || (argv[0] === 'help' && argv[1] === subcommand.name);
    if (called) program.addCommand(await subcommand.load());
    else program.command(subcommand.name).description(subcommand.summary);
  }
  throwOnExit(program);
  await program.parseAsync(argv, { from: 'user' });
}

/** Commander would end the process with 1 on wrong usage, which some commands use for an outcome of theirs. */
function throwOnExit(command: Command): void {
  command.exitOverride();
  for (const subcommand of command.commands) throwOnExit(subcommand);
}

function report(error: unknown): number {
  // Commander has printed its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CliError) {
    process.stderr.write(`zhengben: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`zhengben: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_BUG;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = report(error);
});
