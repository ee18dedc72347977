import { Command } from 'commander';
import { auditLedger, type LedgerAudit } from '../modules/accounting/index.js';
import { ORDER_CHECKS } from '../modules/trading/index.js';
import { withDatabase } from './operator/log-parts.js';
import { OperatorEnvironment } from './operator/operator-environment.js';
import { toPrintable } from './print-report.js';
import { Progress } from './progress.js';

/** `zhengben ledger audit`: as the service's role, beside a running service if need be. */
export function createLedgerCommand(): Command {
  const ledger = new Command('ledger').description('Check the ledger.');
  ledger.command('audit')
    .description('Recompute every balance from its postings, every transfer, hold, top-up, payout and escrow, on one snapshot, and name the first that differs.')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', '\nExit codes: 0 all is as it must be, 1 something differs, 2 no database.')
    .action(audit);
  return ledger;
}

async function audit(options: { readonly json?: true }): Promise<void> {
  const lines = new Map<string, Progress>();
  const onProgress = (of: string, done: number): void => {
    if (!lines.has(of)) lines.set(of, new Progress(of));
    lines.get(of)?.update(done);
  };
  const report = await new OperatorEnvironment(process.env).withService((url) => withDatabase(url, (dataSource) => auditLedger(dataSource, { more: ORDER_CHECKS, onProgress })))
    .finally(() => lines.forEach((line) => line.end()));
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : format(report));
  process.exitCode = report.ok ? 0 : 1;
}

function format({ difference, looked }: LedgerAudit): string {
  const counts = Object.entries(looked).map(([of, count]) => `${count} ${of}`).join(', ');
  return difference ? toPrintable(`${difference.kind} ${difference.where}: ${difference.detail}`) + `\nlooked at: ${counts}\n` : `the ledger is as its postings say: ${counts}\n`;
}
