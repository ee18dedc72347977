import { LEFT_IRI, readConstraints, readSet, refuseOthers, toName } from './read-constraint.js';
import type { Node, OdrlReader } from './reader.js';
import { ALL_RIGHTS, expandIri, expandVocab } from './vocabulary.js';

const isRefined = ({ value }: Node): boolean => typeof value === 'object' && value !== null && Object.hasOwn(value, 'rdf:value');

/** An action, with the list of its refinements where it has one: `{"rdf:value": {"@id": …}, "refinement": […]}`. */
export function readAction(reader: OdrlReader, node: Node): { action: string; refinement: Node | undefined } | null {
  const refined = isRefined(node) ? reader.readObject(node, ['rdf:value', 'refinement']) : null;
  if (refined === null && isRefined(node)) return null;
  const action = refined ? reader.readReference(refined['rdf:value'], 'unknown-action') : reader.readTerm(node, 'unknown-action');
  return action === null ? null : { action, refinement: refined?.refinement };
}

/** The rights of a permission, as a scope names them, and whether they may be licensed on. */
export function readPermittedActions(reader: OdrlReader, list: Node): { rights: string[]; sublicensing: boolean } | null {
  const named = new Map<string, Node>();
  let all: string[] | null = null;
  for (const node of reader.readList(list) ?? []) {
    const read = readAction(reader, node);
    if (read === null) continue;
    const { action, refinement } = read;
    const name = action === expandIri(ALL_RIGHTS) ? '*' : action === expandVocab('grantUse') ? 'grantUse' : toName('rights', action);
    if (name === null || (refinement !== undefined && name !== '*')) reader.refuse(node.pointer, 'unknown-action', 'this action is not understood');
    else if (named.has(name)) reader.refuse(node.pointer, 'said-twice', 'this action is named twice');
    else {
      named.set(name, node);
      if (name === '*') all = readAllBut(reader, refinement);
    }
  }
  if (reader.faults.length > 0) return null;
  const sublicensing = named.delete('grantUse');
  const rights = all ?? [...named.keys()];
  if (rights.length === 0) return reader.refuse(list.pointer, 'unknown-action', 'no right is permitted');
  if (all !== null && named.size > 1) return reader.refuse(list.pointer, 'said-twice', 'all rights and single ones are named');
  return { rights, sublicensing };
}

function readAllBut(reader: OdrlReader, refinement: Node | undefined): string[] | null {
  const constraints = readConstraints(reader, refinement);
  if (constraints === null) return null;
  refuseOthers(reader, constraints, [LEFT_IRI.rights]);
  const rights = readSet(reader, 'rights', constraints.get(LEFT_IRI.rights));
  return rights === null || rights[0] === '*' ? rights : reader.refuse((refinement as Node).pointer, 'unknown-operator', 'single rights are named as actions');
}
