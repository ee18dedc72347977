import { CONDITIONS, type Condition } from '../conditions.js';
import { isCurrency, parseDecimalAmount } from '../currencies.js';
import type { LicenceTerms } from '../terms.js';
import { readAction } from './read-actions.js';
import { type Constraint, readConstraint, readConstraints, refuseOthers, refuseUnit } from './read-constraint.js';
import type { Node, OdrlReader } from './reader.js';
import { CONDITION_DUTIES, CONDITION_PROHIBITIONS, CURRENCY_PREFIX, expandIri, expandVocab, MISSPELT_ACTIONS, PREFIXES } from './vocabulary.js';

type Price = NonNullable<LicenceTerms['price']>;

/** What duties and prohibitions come to. */
export interface Demands {
  readonly conditions: Set<Condition>;
  price: Price | null;
  revenueShareBps: number | null;
}

function toCondition(action: string, table: Partial<Record<Condition, string>>): Condition | null {
  return CONDITIONS.find((condition) => table[condition] !== undefined && expandVocab(table[condition]) === action) ?? null;
}

function addCondition(reader: OdrlReader, demands: Demands, condition: Condition | null, node: Node): void {
  if (condition === null) reader.refuse(node.pointer, 'unknown-action', 'this action is not understood');
  else if (demands.conditions.has(condition)) reader.refuse(node.pointer, 'said-twice', 'this is demanded twice');
  else demands.conditions.add(condition);
}

/** The action of a rule that has one only, with or without a list around it. */
function readSingleAction(reader: OdrlReader, list: Node): ReturnType<typeof readAction> {
  const nodes = reader.readList(list);
  if (nodes === null) return null;
  return nodes.length === 1 ? readAction(reader, nodes[0] as Node) : reader.refuse(list.pointer, 'malformed', 'one action is expected');
}

/** Prohibitions take nothing but an action: what is prohibited on a condition only is not understood. */
export function readProhibitions(reader: OdrlReader, list: Node | undefined, demands: Demands): void {
  for (const node of list === undefined ? [] : (reader.readList(list) ?? [])) {
    const rule = reader.readObject(node, ['action']);
    const read = rule && readSingleAction(reader, rule.action);
    if (read) addCondition(reader, demands, read.refinement === undefined ? toCondition(MISSPELT_ACTIONS[read.action] ?? read.action, CONDITION_PROHIBITIONS) : null, node);
  }
}

export function readDuties(reader: OdrlReader, list: Node | undefined, demands: Demands): void {
  for (const node of list === undefined ? [] : (reader.readList(list) ?? [])) {
    const rule = reader.readObject(node, ['action'], ['constraint']);
    const read = rule && readSingleAction(reader, rule.action);
    if (!rule || !read) continue;
    if (read.action === expandVocab('compensate') && read.refinement !== undefined) readCompensation(reader, read.refinement, rule.constraint, demands);
    else if (rule.constraint !== undefined) reader.refuse(rule.constraint.pointer, 'unknown-member', 'a condition that holds at times only is not understood');
    else addCondition(reader, demands, read.refinement === undefined ? toCondition(read.action, CONDITION_DUTIES) : null, node);
  }
}

function readCompensation(reader: OdrlReader, refinement: Node, constraint: Node | undefined, demands: Demands): void {
  const [node, ...more] = reader.readList(refinement) ?? [];
  if (node === undefined) return;
  if (more.length > 0) reader.refuse(refinement.pointer, 'malformed', 'one refinement is expected');
  const amount = readConstraint(reader, node);
  if (amount === null) return;
  if (amount.operator !== expandVocab('eq')) reader.refuse(`${node.pointer}/operator`, 'unknown-operator', 'eq is expected');
  const unit = amount.unit === null ? reader.refuse(`${node.pointer}/unit`, 'missing-member', 'a unit is expected') : reader.readReference(amount.unit, 'unknown-unit');
  const per = readPer(reader, constraint);
  if (unit === null || per === null) return;
  if (amount.left === expandVocab('payAmount')) {
    if (demands.price !== null) reader.refuse(node.pointer, 'said-twice', 'a price is named twice');
    demands.price = readPrice(reader, amount, unit, per);
  } else if (amount.left === `${PREFIXES.zb}revenue-share`) {
    if (demands.revenueShareBps !== null) reader.refuse(node.pointer, 'said-twice', 'a share of revenue is named twice');
    if (constraint !== undefined) reader.refuse(constraint.pointer, 'unknown-member', 'a share of revenue goes without constraints');
    demands.revenueShareBps = readShare(reader, amount, unit);
  } else reader.refuse(`${node.pointer}/leftOperand`, 'unknown-left-operand', 'payAmount or zb:revenue-share is expected');
}

function readPrice(reader: OdrlReader, { right, unit: unitNode }: Constraint, unit: string, per: Price['per']): Price | null {
  const currency = unit.startsWith(CURRENCY_PREFIX) ? unit.slice(CURRENCY_PREFIX.length) : '';
  if (!isCurrency(currency)) return reader.refuse((unitNode as Node).pointer, 'unknown-unit', `a currency is expected, such as ${CURRENCY_PREFIX}CNY`);
  const decimal = reader.readLiteral(right, 'xsd:decimal');
  if (decimal === null) return null;
  const amountMinor = parseDecimalAmount(decimal, currency);
  return amountMinor === null ? reader.refuse(right.pointer, 'unknown-right-operand', `this is no amount of ${currency}`) : { amountMinor, currency, per };
}

function readShare(reader: OdrlReader, { right, unit: unitNode }: Constraint, unit: string): number | null {
  if (unit !== `${PREFIXES.zb}basis-point`) return reader.refuse((unitNode as Node).pointer, 'unknown-unit', 'zb:basis-point is expected');
  const integer = reader.readLiteral(right, 'xsd:integer');
  if (integer === null) return null;
  return /^\d{1,5}$/.test(integer) ? Number(integer) : reader.refuse(right.pointer, 'unknown-right-operand', 'a whole number of hundredths of a percent is expected');
}

/** For what a price is paid: `timeInterval eq P1Y`, `unitOfCount eq zb:copy`, or once. */
function readPer(reader: OdrlReader, list: Node | undefined): Price['per'] | null {
  const constraints = readConstraints(reader, list);
  if (constraints === null) return null;
  const [interval, count] = ['timeInterval', 'unitOfCount'].map((name) => expandVocab(name) as string) as [string, string];
  refuseOthers(reader, constraints, [interval, count]);
  if (constraints.size === 0) return list === undefined || reader.faults.length === 0 ? 'licence' : null;
  if (constraints.size > 1) return reader.refuse((list as Node).pointer, 'said-twice', 'a price is per year or per copy');
  const [constraint] = constraints.values() as unknown as [Constraint];
  if (!refuseUnit(reader, constraint)) return null;
  if (constraint.operator !== expandVocab('eq')) return reader.refuse(`${constraint.node.pointer}/operator`, 'unknown-operator', 'eq is expected');
  if (constraint.left === interval) return expectOperand(reader, constraint, reader.readLiteral(constraint.right, 'xsd:duration') === 'P1Y', 'year');
  return expectOperand(reader, constraint, reader.readReference(constraint.right, 'unknown-right-operand') === expandIri('zb:copy'), 'copy');
}

function expectOperand(reader: OdrlReader, { right }: Constraint, isExpected: boolean, per: Price['per']): Price['per'] | null {
  return isExpected ? per : reader.refuse(right.pointer, 'unknown-right-operand', 'P1Y or zb:copy is expected');
}
