import { EXCLUSIVITIES } from '../../rights/availability.js';
import type { Scope } from '../../rights/scope.js';
import { type LicenceTermsInput, parseTerms } from '../terms.js';
import { type LicencePolicy, POLICY_KINDS } from './policy.js';
import { readPermittedActions } from './read-actions.js';
import { LEFT_IRI, readConstraints, readDateTime, readInstant, readSet, refuseOthers } from './read-constraint.js';
import { type Demands, readDuties, readProhibitions } from './read-duties.js';
import { type Node, type OdrlFault, OdrlReader } from './reader.js';
import { ANYONE, expandIri, expandVocab, isThingIri, ODRL_CONTEXT, ZHENGBEN_ODRL } from './vocabulary.js';

export type FromOdrl = { policy: LicencePolicy; faults: readonly [] } | { policy: null; faults: readonly OdrlFault[] };

/**
 * A document of strangers, already parsed as JSON → the policy it says, with its terms in their one spelling. It is read as JSON of a known form, not as
 * a graph: the context is fixed, every member has a meaning or the document is refused, and never is one passed over. Where JSON-LD has several
 * spellings, a list of one or the one, a bare word, `odrl:` or the whole IRI, all are read. Anything is answered, nothing is thrown.
 */
export function fromOdrl(json: unknown): FromOdrl {
  const reader = new OdrlReader();
  const policy = readPolicy(reader, { value: json, pointer: '' });
  return policy === null || reader.faults.length > 0 ? { policy: null, faults: reader.faults } : { policy, faults: [] };
}

function readPolicy(reader: OdrlReader, node: Node): LicencePolicy | null {
  const document = reader.readObject(
    node,
    ['@context', '@type', 'uid', 'profile', 'conflict', 'target', 'assigner', 'permission', 'zb:exclusivity'],
    ['assignee', 'prohibition', 'dct:issued', 'dct:license', 'zb:governing-law'],
  );
  if (document === null) return null;
  if (!isOurContext(document['@context'].value)) return reader.refuse('/@context', 'unknown-context', 'words may mean something else under another context');
  if (expandIri(reader.readString(document.profile) ?? '') !== ZHENGBEN_ODRL) return reader.refuse('/profile', 'unknown-profile', `${ZHENGBEN_ODRL} is expected`);
  if (reader.readTerm(document.conflict, 'unknown-right-operand') !== expandVocab('prohibit')) reader.refuse('/conflict', 'unknown-right-operand', 'prohibit is expected');
  const type = reader.readTerm(document['@type'], 'unknown-type');
  const kind = POLICY_KINDS.find((known) => expandVocab(known) === type) ?? reader.refuse('/@type', 'unknown-type', 'Offer or Agreement is expected');
  const [uid, target, assigner] = [document.uid, document.target, document.assigner].map((thing) => readThing(reader, thing)) as [string | null, string | null, string | null];
  const { assignee, toAnyone } = readAssignee(reader, document.assignee);
  const grantedAt = document['dct:issued'] ? readDateTime(reader, document['dct:issued']) : null;
  const licenceUri = document['dct:license'] ? reader.readReference(document['dct:license'], 'not-an-iri') : null;
  const stated = reader.readReference(document['zb:exclusivity'], 'unknown-right-operand');
  const exclusivity = EXCLUSIVITIES.find((known) => expandIri(`zb:${known}`) === stated) ?? reader.refuse('/zb:exclusivity', 'unknown-right-operand', 'this exclusivity is not understood');
  const governingLaw = document['zb:governing-law'] ? reader.readString(document['zb:governing-law']) : null;
  const demands: Demands = { conditions: new Set(), price: null, revenueShareBps: null };
  readProhibitions(reader, document.prohibition, demands);
  const permitted = readPermission(reader, document.permission, demands);
  if (reader.faults.length > 0 || permitted === null || kind === null || exclusivity === null || uid === null || target === null || assigner === null) return null;
  if (kind === 'Agreement' && assignee === null && !toAnyone) return reader.refuse('/assignee', 'parties', 'an agreement needs an assignee');

  const input: LicenceTermsInput = {
    ...permitted, exclusivity, toAnyone, conditions: [...demands.conditions], price: demands.price, revenueShareBps: demands.revenueShareBps, governingLaw, licenceUri,
  };
  const { terms, faults } = parseTerms(input);
  // Terms have pointers of their own; of the document, it is what several members say together that does not hold.
  if (terms === null) for (const fault of faults) reader.refuse('', fault.rule, `${fault.pointer}: ${fault.detail}`);
  return terms && { kind, uid, target, assigner, assignee, terms, grantedAt };
}

function isOurContext(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2 || value[0] !== ODRL_CONTEXT) return false;
  const ours: unknown = value[1];
  return typeof ours === 'object' && ours !== null && Object.keys(ours).join() === 'zb' && (ours as { zb: unknown }).zb === ZHENGBEN_ODRL;
}

/** A work, a party or the policy itself, by its IRI or as `{"@id": …}`. */
function readThing(reader: OdrlReader, node: Node): string | null {
  const object = typeof node.value === 'object' ? reader.readObject(node, ['@id']) : null;
  const text = typeof node.value === 'object' ? object && reader.readString(object['@id']) : reader.readString(node);
  if (text === null) return null;
  return isThingIri(text) ? text : reader.refuse(node.pointer, 'not-an-iri', 'an absolute IRI is expected');
}

function readAssignee(reader: OdrlReader, node: Node | undefined): { assignee: string | null; toAnyone: boolean } {
  if (node === undefined) return { assignee: null, toAnyone: false };
  const toAnyone = typeof node.value === 'string' && expandIri(node.value) === expandIri(ANYONE);
  return toAnyone ? { assignee: null, toAnyone } : { assignee: readThing(reader, node), toAnyone };
}

/** One permission: two with constraints of their own are two licences. */
function readPermission(reader: OdrlReader, list: Node, demands: Demands): { scope: Scope; sublicensing: boolean } | null {
  const [node, ...more] = reader.readList(list) ?? [];
  if (node === undefined) return null;
  if (more.length > 0) return reader.refuse(list.pointer, 'said-twice', 'one permission is expected');
  const permission = reader.readObject(node, ['action', 'constraint'], ['duty']);
  if (permission === null) return null;
  readDuties(reader, permission.duty, demands);
  const actions = readPermittedActions(reader, permission.action);
  const constraints = readConstraints(reader, permission.constraint);
  if (constraints === null) return null;
  refuseOthers(reader, constraints, [LEFT_IRI.territories, LEFT_IRI.uses, LEFT_IRI.languages, LEFT_IRI.from, LEFT_IRI.until]);
  const [territories, uses, languages] = (['territories', 'uses', 'languages'] as const).map((dimension) => readSet(reader, dimension, constraints.get(LEFT_IRI[dimension]))) as [string[] | null, string[] | null, string[] | null];
  const from = readInstant(reader, constraints.get(LEFT_IRI.from));
  const until = readInstant(reader, constraints.get(LEFT_IRI.until));
  if (from === undefined) return reader.refuse(permission.constraint.pointer, 'missing-member', 'the beginning, dateTime gteq, is missing');
  if (actions === null || territories === null || uses === null || languages === null || from === null || until === null) return null;
  return { scope: { rights: actions.rights, territories, uses, languages, term: { from, until: until ?? null } }, sublicensing: actions.sublicensing };
}
