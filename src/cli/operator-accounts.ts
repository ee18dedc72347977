import { Command } from 'commander';
import { appointOperator, dismissOperator, listOperators } from '../modules/operators/index.js';
import { transact } from '../platform/database/index.js';
import { CliError } from './cli-error.js';
import { withDatabase } from './operator/log-parts.js';
import { OperatorEnvironment } from './operator/operator-environment.js';
import { toPrintable } from './print-report.js';

/** `zhengben operator …`: as the owner of the schema, so that nobody becomes an operator through the service. */
export function createOperatorCommand(): Command {
  const operator = new Command('operator').description('Appoint and dismiss the people who confirm money and decide disputes.');
  operator.command('appoint <email>').description('make the account with this verified address an operator').action(appoint);
  operator.command('dismiss <email>').description('end it, at once; what was decided stays').action(dismiss);
  operator.command('list').description('who serves, since when').action(list);
  return operator.addHelpText('after', '\nExit codes: 0 done, 1 no such account or operator, 2 unusable input or no database.');
}

async function appoint(email: string): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  const outcome = await env.withOwner((url) => withDatabase(url, (dataSource) => transact(dataSource, (tx) => appointOperator(tx, email))));
  if (outcome === 'unknown') throw new CliError('no account has this address: join first', 1);
  if (outcome === 'unverified') throw new CliError('the account has not verified this address: whoever joined with it may be somebody else', 1);
  process.stdout.write(outcome === 'appointed' ? 'appointed\n' : 'is an operator already\n');
}

async function dismiss(email: string): Promise<void> {
  const env = new OperatorEnvironment(process.env);
  if (!(await env.withOwner((url) => withDatabase(url, (dataSource) => transact(dataSource, (tx) => dismissOperator(tx, email)))))) throw new CliError('no operator has this address', 1);
  process.stdout.write('dismissed\n');
}

async function list(): Promise<void> {
  const operators = await new OperatorEnvironment(process.env).withService((url) => withDatabase(url, listOperators));
  for (const { email, displayName, appointedAt, accountId } of operators) process.stdout.write(`${toPrintable(`${email}  ${displayName}  ${appointedAt.toISOString()}  ${accountId}`)}\n`);
}
