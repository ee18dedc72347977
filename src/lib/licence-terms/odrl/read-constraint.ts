import type { SetDimension } from '../../rights/box.js';
import { LANGUAGE_CODES } from '../../rights/codes/languages.js';
import { RIGHT_CODES } from '../../rights/codes/rights.js';
import { TERRITORY_CODES } from '../../rights/codes/territories.js';
import { USE_CODES } from '../../rights/codes/uses.js';
import type { Node, OdrlReader } from './reader.js';
import { expandIri, expandVocab, OPERAND_PREFIX, PREFIXES } from './vocabulary.js';

/** `leftOperand operator rightOperand`, the first two as whole IRIs. */
export interface Constraint {
  readonly left: string;
  readonly operator: string;
  readonly right: Node;
  readonly unit: Node | null;
  readonly node: Node;
}

export function readConstraint(reader: OdrlReader, node: Node): Constraint | null {
  const object = reader.readObject(node, ['leftOperand', 'operator', 'rightOperand'], ['unit']);
  const left = object && reader.readTerm(object.leftOperand, 'unknown-left-operand');
  const operator = object && reader.readTerm(object.operator, 'unknown-operator');
  return object === null || left === null || operator === null ? null : { left, operator, right: object.rightOperand, unit: object.unit ?? null, node };
}

/** The constraints of a list, by left operand and, for times, which are compared twice, by operator. */
export function readConstraints(reader: OdrlReader, list: Node | undefined): Map<string, Constraint> | null {
  if (list === undefined) return new Map();
  const nodes = reader.readList(list);
  if (nodes === null) return null;
  const constraints = new Map<string, Constraint>();
  for (const node of nodes) {
    const constraint = readConstraint(reader, node);
    if (constraint === null) continue;
    const key = constraint.left === expandVocab('dateTime') ? `${constraint.left} ${constraint.operator}` : constraint.left;
    if (constraints.has(key)) reader.refuse(node.pointer, 'said-twice', 'another constraint speaks of the same');
    else constraints.set(key, constraint);
  }
  return constraints;
}

const TABLES: Record<SetDimension, ReadonlyMap<string, number>> = { rights: RIGHT_CODES, territories: TERRITORY_CODES, uses: USE_CODES, languages: LANGUAGE_CODES };
const STAR: Record<SetDimension, string> = { rights: '*', territories: 'WORLD', uses: '*', languages: '*' };

/** The set of a scope that a constraint leaves; without a constraint the whole. */
export function readSet(reader: OdrlReader, dimension: SetDimension, constraint: Constraint | undefined): string[] | null {
  if (constraint === undefined) return [STAR[dimension]];
  if (!refuseUnit(reader, constraint)) return null;
  const isNoneOf = constraint.operator === expandVocab('isNoneOf');
  if (!isNoneOf && constraint.operator !== expandVocab('isAnyOf')) return reader.refuse(`${constraint.node.pointer}/operator`, 'unknown-operator', 'isAnyOf or isNoneOf is expected');
  const names = reader.readList(constraint.right)?.map((operand) => readName(reader, dimension, operand)) ?? [null];
  if (names.includes(null)) return null;
  return isNoneOf ? [STAR[dimension], ...names.map((name) => `-${name}`)] : (names as string[]);
}

function readName(reader: OdrlReader, dimension: SetDimension, operand: Node): string | null {
  const text = dimension === 'languages' ? reader.readString(operand) : reader.readReference(operand, 'unknown-right-operand');
  if (text === null) return null;
  return toName(dimension, text) ?? reader.refuse(operand.pointer, 'unknown-right-operand', `this is none of the ${dimension}`);
}

/** The name that a whole IRI, or of languages a tag, stands for. */
export function toName(dimension: SetDimension, text: string): string | null {
  const prefix = dimension === 'languages' ? '' : (expandIri(OPERAND_PREFIX[dimension]) as string);
  const name = text.slice(prefix.length);
  return text.startsWith(prefix) && TABLES[dimension].has(name) ? name : null;
}

/** An instant, from `dateTime <operator>`; undefined when that is not said. */
export function readInstant(reader: OdrlReader, constraint: Constraint | undefined): string | null | undefined {
  if (constraint === undefined) return undefined;
  return refuseUnit(reader, constraint) ? readDateTime(reader, constraint.right) : null;
}

/** In UTC only, as they are written: an offset, or none at all, could be read in two ways. */
export function readDateTime(reader: OdrlReader, node: Node): string | null {
  const text = reader.readLiteral(node, 'xsd:dateTime');
  if (text === null) return null;
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  // A day that does not exist, such as 30 February, comes back as another.
  const instant = Number.isNaN(time) ? null : new Date(time).toISOString();
  return instant?.slice(0, 19) === text.slice(0, 19) ? instant : reader.refuse(node.pointer, 'unknown-right-operand', 'an instant in UTC is expected, such as 2027-01-01T00:00:00Z');
}

export function refuseUnit(reader: OdrlReader, { unit }: Constraint): boolean {
  if (unit !== null) reader.refuse(unit.pointer, 'unknown-unit', 'no unit is expected here');
  return unit === null;
}

/** Refuses what was read and is not among the expected. */
export function refuseOthers(reader: OdrlReader, constraints: ReadonlyMap<string, Constraint>, expected: readonly string[]): void {
  const times = expandVocab('dateTime') as string;
  for (const [key, { node }] of constraints) {
    if (expected.includes(key)) continue;
    if (key.startsWith(`${times} `) && expected.some((other) => other.startsWith(times))) reader.refuse(`${node.pointer}/operator`, 'unknown-operator', 'gteq or lt is expected');
    else reader.refuse(`${node.pointer}/leftOperand`, 'unknown-left-operand', 'this constraint is not understood');
  }
}

export const LEFT_IRI = {
  territories: `${PREFIXES.odrl}spatial`, uses: `${PREFIXES.odrl}purpose`, languages: `${PREFIXES.odrl}language`, rights: `${PREFIXES.zb}right`,
  from: `${PREFIXES.odrl}dateTime ${PREFIXES.odrl}gteq`, until: `${PREFIXES.odrl}dateTime ${PREFIXES.odrl}lt`,
} as const;
