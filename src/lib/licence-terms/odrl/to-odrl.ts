import type { SetDimension } from '../../rights/box.js';
import type { Scope } from '../../rights/scope.js';
import { toDecimalAmount } from '../currencies.js';
import { type LicenceTerms, parseTerms } from '../terms.js';
import type { LicencePolicy } from './policy.js';
import { ALL_RIGHTS, ANYONE, CONDITION_DUTIES, CONDITION_PROHIBITIONS, CONTEXT, CURRENCY_PREFIX, isThingIri, LEFT_OPERANDS, OPERAND_PREFIX, ZHENGBEN_ODRL } from './vocabulary.js';

type Json = string | readonly Json[] | { readonly [member: string]: Json };
export type OdrlDocument = { readonly [member: string]: Json };

/**
 * A policy as JSON-LD of ODRL 2.2 under our profile. Parties, target and kind stand at the policy (Information Model 2.2, «Compact Policy»).
 * @throws RangeError for terms that break a rule, names that are no IRIs, an agreement with nobody, or an assignee of what anyone has.
 */
export function toOdrl(policy: Omit<LicencePolicy, 'grantedAt'> & { readonly grantedAt?: string | null }): OdrlDocument {
  const { terms, faults } = parseTerms(policy.terms);
  if (terms === null) throw new RangeError(`terms: ${faults[0]?.rule} at ${faults[0]?.pointer}`);
  for (const iri of [policy.uid, policy.target, policy.assigner, ...(policy.assignee === null ? [] : [policy.assignee])]) if (!isThingIri(iri)) throw new RangeError(`no IRI: ${iri}`);
  if (terms.toAnyone && policy.assignee !== null) throw new RangeError('what anyone has is assigned to nobody');
  if (policy.kind === 'Agreement' && policy.assignee === null && !terms.toAnyone) throw new RangeError('an agreement needs an assignee');
  const assignee = terms.toAnyone ? ANYONE : policy.assignee;
  const prohibitions = terms.conditions.flatMap((condition) => CONDITION_PROHIBITIONS[condition] ?? []);
  return {
    '@context': CONTEXT,
    '@type': policy.kind,
    uid: policy.uid,
    profile: ZHENGBEN_ODRL,
    conflict: 'prohibit',
    target: policy.target,
    assigner: policy.assigner,
    ...(assignee !== null && { assignee }),
    ...(policy.grantedAt && { 'dct:issued': toDateTime(policy.grantedAt) }),
    ...(terms.licenceUri !== null && { 'dct:license': { '@id': terms.licenceUri } }),
    'zb:exclusivity': { '@id': `zb:${terms.exclusivity}` },
    ...(terms.governingLaw !== null && { 'zb:governing-law': terms.governingLaw }),
    permission: [{ action: toActions(terms), constraint: toConstraints(terms.scope), ...omitEmpty('duty', toDuties(terms)) }],
    ...omitEmpty('prohibition', prohibitions.map((action) => ({ action }))),
  };
}

function omitEmpty(member: string, list: readonly Json[]): OdrlDocument {
  return list.length > 0 ? { [member]: list } : {};
}

function toDateTime(instant: string): Json {
  return { '@value': new Date(instant).toISOString(), '@type': 'xsd:dateTime' };
}

function toActions({ scope, sublicensing }: LicenceTerms): Json[] {
  const refinement = scope.rights[0] === '*' ? toSetConstraint('rights', scope.rights) : [];
  const all: Json = refinement.length > 0 ? { 'rdf:value': { '@id': ALL_RIGHTS }, refinement } : ALL_RIGHTS;
  const rights = scope.rights[0] === '*' ? [all] : scope.rights.map((right) => OPERAND_PREFIX.rights + right);
  return [...rights, ...(sublicensing ? ['grantUse'] : [])];
}

/** A set that is whole constrains nothing; «all but» is `isNoneOf`, so that it holds what is yet to be named. */
function toSetConstraint(dimension: SetDimension, names: readonly string[]): Json[] {
  const isOpen = names[0] === '*' || names[0] === 'WORLD';
  const listed = isOpen ? names.slice(1).map((name) => name.slice(1)) : names;
  if (listed.length === 0) return [];
  const rightOperand = listed.map((name): Json => (dimension === 'languages' ? name : { '@id': OPERAND_PREFIX[dimension] + name }));
  return [{ leftOperand: LEFT_OPERANDS[dimension], operator: isOpen ? 'isNoneOf' : 'isAnyOf', rightOperand }];
}

function toConstraints({ territories, uses, languages, term }: Scope): Json[] {
  const [from, until] = 'until' in term ? [term.from, term.until] : [null, null];
  return [
    ...toSetConstraint('territories', territories),
    ...toSetConstraint('uses', uses),
    ...toSetConstraint('languages', languages),
    ...(from === null ? [] : [{ leftOperand: 'dateTime', operator: 'gteq', rightOperand: toDateTime(from) }]),
    ...(until === null ? [] : [{ leftOperand: 'dateTime', operator: 'lt', rightOperand: toDateTime(until) }]),
  ];
}

function toDuties({ conditions, price, revenueShareBps }: LicenceTerms): Json[] {
  const compensate = (leftOperand: string, rightOperand: Json, unit: string, constraint: Json[]): Json => ({
    action: [{ 'rdf:value': { '@id': 'odrl:compensate' }, refinement: [{ leftOperand, operator: 'eq', rightOperand, unit: { '@id': unit } }] }],
    ...omitEmpty('constraint', constraint),
  });
  const per: Record<NonNullable<LicenceTerms['price']>['per'], Json[]> = {
    licence: [],
    year: [{ leftOperand: 'timeInterval', operator: 'eq', rightOperand: { '@value': 'P1Y', '@type': 'xsd:duration' } }],
    copy: [{ leftOperand: 'unitOfCount', operator: 'eq', rightOperand: { '@id': 'zb:copy' } }],
  };
  return [
    ...conditions.flatMap((condition) => (CONDITION_DUTIES[condition] === undefined ? [] : [{ action: CONDITION_DUTIES[condition] }])),
    ...(price === null ? [] : [compensate('payAmount', { '@value': toDecimalAmount(price.amountMinor, price.currency), '@type': 'xsd:decimal' }, CURRENCY_PREFIX + price.currency, per[price.per])]),
    ...(revenueShareBps === null ? [] : [compensate('zb:revenue-share', { '@value': String(revenueShareBps), '@type': 'xsd:integer' }, 'zb:basis-point', [])]),
  ];
}
