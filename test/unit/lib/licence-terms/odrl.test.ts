import * as fc from 'fast-check';
import { applyPreset, fromOdrl, type LicencePolicy, parseTerms, toOdrl, toOdrlProfile, ZHENGBEN_ODRL } from '../../../../src/lib/licence-terms/index.js';
import { announceSeed, anyPolicy, DEEP, options } from './any-terms.js';
import { change, childrenOf, nodesOf, remove } from './documents.js';

beforeAll(announceSeed);
jest.setTimeout(DEEP ? 300_000 : 30_000);

const { terms } = parseTerms({
  exclusivity: 'non-exclusive', scope: { rights: ['reproduction', 'adaptation'], territories: ['WORLD', '-CN'], uses: ['film'], languages: ['ja'], term: { from: '2027-01-01T00:00:00Z', until: '2028-01-01T00:00:00Z' } },
  sublicensing: true, toAnyone: false, conditions: ['attribution', 'non-commercial'], price: { amountMinor: '1250', currency: 'CNY', per: 'copy' }, revenueShareBps: 500, licenceUri: 'https://zhengben.example/licences/1',
});
const policy: LicencePolicy = { kind: 'Agreement', uid: 'urn:example:policy', target: 'urn:example:work', assigner: 'urn:example:owner', assignee: 'urn:example:licensee', terms: terms as LicencePolicy['terms'], grantedAt: '2026-12-01T00:00:00.000Z' };
const document = toOdrl(policy);
const faultsOf = (json: unknown) => fromOdrl(json).faults.map(({ pointer, rule }) => [pointer, rule]);

test('every policy is read back as it was', () => {
  fc.assert(fc.property(anyPolicy, (given) => expect(fromOdrl(JSON.parse(JSON.stringify(toOdrl(given))))).toEqual({ policy: given, faults: [] })), options);
});

test('nothing is passed over: no member may be added, and none changed or taken away unnoticed', () => {
  fc.assert(fc.property(anyPolicy, fc.nat(), fc.constantFrom<unknown>('odrl:xone', 'zb:unheard-of', '', 7, null, [], {}, true), (given, which, wrong) => {
    const written = toOdrl(given);
    const nodes = nodesOf(written);
    const objects = nodes.filter(({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value));
    const object = objects[which % objects.length];
    const node = nodes[which % nodes.length];
    if (!object || !node) throw new Error('an empty document');
    expect(fromOdrl(change(written, [...object.path, 'odrl:unheard-of'], wrong)).policy).toBeNull();
    // The address of a licence is the owner's to choose; ours have nothing to add.
    if (!node.path.includes('dct:license')) expect(fromOdrl(change(written, node.path, wrong)).policy).toBeNull();
    if (node.path.length > 0) expect(fromOdrl(remove(written, node.path)).policy).not.toEqual(given);
  }), options);
});

test('nothing that is sent makes it throw', () => {
  fc.assert(fc.property(fc.anything({ withNullPrototype: true, withMap: true, withDate: true }), (json) => expect(fromOdrl(json).policy).toBeNull()), options);
  fc.assert(fc.property(fc.nat(), fc.jsonValue(), (which, value) => {
    const nodes = nodesOf(document);
    const { path } = nodes[which % nodes.length] as (typeof nodes)[number];
    const { policy: read, faults } = fromOdrl(change(document, path, value));
    expect(read === null).toBe(faults.length > 0);
  }), options);
});

test.each<[string, (string | number)[], unknown, string[][]]>([
  ['a context of one’s own', ['@context'], ['http://www.w3.org/ns/odrl.jsonld', { zb: ZHENGBEN_ODRL, prohibition: 'urn:nothing' }], [['/@context', 'unknown-context']]],
  ['the context alone', ['@context'], 'http://www.w3.org/ns/odrl.jsonld', [['/@context', 'unknown-context']]],
  ['another profile', ['profile'], 'https://example.org/profile', [['/profile', 'unknown-profile']]],
  ['a ticket', ['@type'], 'Ticket', [['/@type', 'unknown-type']]],
  ['permissions that win over prohibitions', ['conflict'], 'perm', [['/conflict', 'unknown-right-operand']]],
  ['a policy that inherits', ['inheritFrom'], 'urn:example:other', [['/inheritFrom', 'unknown-member']]],
  ['an obligation', ['obligation'], [{ action: 'inform' }], [['/obligation', 'unknown-member']]],
  ['a party of a prefix', ['assigner'], 'schema:Person', [['/assigner', 'not-an-iri']]],
  ['a relative IRI', ['target'], 'works/1', [['/target', 'not-an-iri']]],
  ['a work with a refinement', ['target'], { '@id': 'urn:example:work', refinement: [] }, [['/target/refinement', 'unknown-member']]],
  ['a member with a slash in its name', ['a/b~c'], 1, [['/a~1b~0c', 'unknown-member']]],
  ['an action of ODRL, wider than any right', ['permission', 0, 'action', 0], 'reproduce', [['/permission/0/action/0', 'unknown-action']]],
  ['an action that is none', ['permission', 0, 'action', 0], 'zb:right-telepathy', [['/permission/0/action/0', 'unknown-action']]],
  ['a use as an action', ['permission', 0, 'action', 0], 'zb:use-film', [['/permission/0/action/0', 'unknown-action']]],
  ['a refined right', ['permission', 0, 'action', 0], { 'rdf:value': { '@id': 'zb:right-reproduction' }, refinement: [{ leftOperand: 'count', operator: 'lteq', rightOperand: 3 }] }, [['/permission/0/action/0', 'unknown-action']]],
  ['an action twice', ['permission', 0, 'action', 2], 'zb:right-reproduction', [['/permission/0/action/2', 'said-twice']]],
  ['all rights and one', ['permission', 0, 'action', 2], 'zb:all-rights', [['/permission/0/action', 'said-twice']]],
  ['sublicences and nothing to license', ['permission', 0, 'action'], 'grantUse', [['/permission/0/action', 'unknown-action']]],
  ['a count', ['permission', 0, 'constraint', 5], { leftOperand: 'count', operator: 'lteq', rightOperand: 3 }, [['/permission/0/constraint/5/leftOperand', 'unknown-left-operand']]],
  ['one of two constraints', ['permission', 0, 'constraint', 5], { or: { '@list': [] } }, [['/permission/0/constraint/5/or', 'unknown-member']]],
  ['a second language', ['permission', 0, 'constraint', 5], { leftOperand: 'odrl:language', operator: 'isAnyOf', rightOperand: 'ko' }, [['/permission/0/constraint/5', 'said-twice']]],
  ['a territory that it equals', ['permission', 0, 'constraint', 0, 'operator'], 'eq', [['/permission/0/constraint/0/operator', 'unknown-operator']]],
  ['a part of a territory', ['permission', 0, 'constraint', 0, 'operator'], 'isPartOf', [['/permission/0/constraint/0/operator', 'unknown-operator']]],
  ['an operator that is none', ['permission', 0, 'constraint', 0, 'operator'], 'isOften', [['/permission/0/constraint/0/operator', 'unknown-operator']]],
  ['a territory by another list', ['permission', 0, 'constraint', 0, 'rightOperand'], { '@id': 'https://www.wikidata.org/wiki/Q183' }, [['/permission/0/constraint/0/rightOperand', 'unknown-right-operand']]],
  ['a purpose of one’s own', ['permission', 0, 'constraint', 1, 'rightOperand', 0], { '@id': 'zb:use-telepathy' }, [['/permission/0/constraint/1/rightOperand/0', 'unknown-right-operand']]],
  ['a use as a bare word', ['permission', 0, 'constraint', 1, 'rightOperand', 0], { '@id': 'use-film' }, [['/permission/0/constraint/1/rightOperand/0', 'unknown-right-operand']]],
  ['a language that is not listed', ['permission', 0, 'constraint', 2, 'rightOperand', 0], 'tlh', [['/permission/0/constraint/2/rightOperand/0', 'unknown-right-operand']]],
  ['a time that is passed over', ['permission', 0, 'constraint', 3, 'operator'], 'gt', [['/permission/0/constraint/3/operator', 'unknown-operator'], ['/permission/0/constraint', 'missing-member']]],
  ['a day that there is not', ['permission', 0, 'constraint', 4, 'rightOperand', '@value'], '2027-02-30T00:00:00Z', [['/permission/0/constraint/4/rightOperand', 'unknown-right-operand']]],
  ['a time without a zone', ['permission', 0, 'constraint', 4, 'rightOperand', '@value'], '2027-02-20T00:00:00', [['/permission/0/constraint/4/rightOperand', 'unknown-right-operand']]],
  ['a time of another type', ['permission', 0, 'constraint', 4, 'rightOperand', '@type'], 'xsd:date', [['/permission/0/constraint/4/rightOperand', 'unknown-right-operand']]],
  ['a term that ends before it begins', ['permission', 0, 'constraint', 4, 'rightOperand', '@value'], '2026-01-01T00:00:00Z', [['', 'empty-term']]],
  ['a second permission', ['permission', 1], { action: 'zb:right-rental', constraint: [] }, [['/permission', 'said-twice']]],
  ['a duty that is not known', ['permission', 0, 'duty', 0, 'action'], 'watermark', [['/permission/0/duty/0', 'unknown-action']]],
  ['a duty at times', ['permission', 0, 'duty', 0, 'constraint'], [{ leftOperand: 'count', operator: 'gt', rightOperand: 3 }], [['/permission/0/duty/0/constraint', 'unknown-member']]],
  ['a duty towards another', ['permission', 0, 'duty', 1, 'compensatedParty'], 'urn:example:third', [['/permission/0/duty/1/compensatedParty', 'unknown-member']]],
  ['at most a price', ['permission', 0, 'duty', 1, 'action', 0, 'refinement', 0, 'operator'], 'lteq', [['/permission/0/duty/1/action/0/refinement/0/operator', 'unknown-operator']]],
  ['a price of half a fen', ['permission', 0, 'duty', 1, 'action', 0, 'refinement', 0, 'rightOperand', '@value'], '0.005', [['/permission/0/duty/1/action/0/refinement/0/rightOperand', 'unknown-right-operand']]],
  ['a price of nothing', ['permission', 0, 'duty', 1, 'action', 0, 'refinement', 0, 'rightOperand', '@value'], '0.00', [['', 'malformed']]],
  ['a price in tokens', ['permission', 0, 'duty', 1, 'action', 0, 'refinement', 0, 'unit', '@id'], 'http://dbpedia.org/resource/Ethereum', [['/permission/0/duty/1/action/0/refinement/0/unit', 'unknown-unit']]],
  ['a price a month', ['permission', 0, 'duty', 1, 'constraint', 0], { leftOperand: 'timeInterval', operator: 'eq', rightOperand: { '@value': 'P1M', '@type': 'xsd:duration' } }, [['/permission/0/duty/1/constraint/0/rightOperand', 'unknown-right-operand']]],
  ['a share of the work', ['permission', 0, 'duty', 2, 'action', 0, 'refinement', 0, 'leftOperand'], 'percentage', [['/permission/0/duty/2/action/0/refinement/0/leftOperand', 'unknown-left-operand']]],
  ['a prohibition at times', ['prohibition', 0, 'constraint'], [], [['/prohibition/0/constraint', 'unknown-member']]],
  ['a prohibition twice', ['prohibition', 1], { action: 'cc:CommericalUse' }, [['/prohibition/1', 'said-twice']]],
  ['a prohibition that is not known', ['prohibition', 0, 'action'], 'print', [['/prohibition/0', 'unknown-action']]],
  ['no derivatives of an adaptation', ['prohibition', 1], { action: 'cc:DerivativeWorks' }, [['', 'contradictory-condition']]],
  ['a licence to anyone, for a price', ['assignee'], 'zb:anyone', [['', 'open-licence'], ['', 'open-licence']]],
  ['an exclusivity that is none', ['zb:exclusivity', '@id'], 'zb:mostly', [['/zb:exclusivity', 'unknown-right-operand']]],
  ['the law of nowhere', ['zb:governing-law'], 'QQ', [['', 'unknown-law']]],
])('refused: %s', (_what, path, value, faults) => expect(faultsOf(change(document, path, value))).toEqual(faults));

test('an agreement has an assignee', () => expect(faultsOf(remove(document, ['assignee']))).toEqual([['/assignee', 'parties']]));

test('what JSON-LD writes in several ways is read in each', () => {
  const whole = { odrl: 'http://www.w3.org/ns/odrl/2/', zb: ZHENGBEN_ODRL };
  const spellings: [(string | number)[], unknown][] = [
    [['@type'], 'odrl:Agreement'], [['@type'], `${whole.odrl}Agreement`], [['profile'], 'zb:'], [['target'], { '@id': policy.target }], [['permission'], childrenOf(document, ['permission'])[0]],
    [['permission', 0, 'action', 0], `${whole.zb}right-reproduction`], [['permission', 0, 'action', 0], { '@id': 'zb:right-reproduction' }], [['permission', 0, 'constraint', 1, 'rightOperand'], { '@id': `${whole.zb}use-film` }],
    [['permission', 0, 'constraint', 2, 'rightOperand'], 'ja'], [['permission', 0, 'constraint', 3, 'leftOperand'], 'odrl:dateTime'], [['permission', 0, 'constraint', 3, 'rightOperand', '@value'], '2027-01-01T00:00:00Z'],
    [['permission', 0, 'action'], childrenOf(document, ['permission', 0, 'action']).toReversed()], [['permission', 0, 'constraint'], childrenOf(document, ['permission', 0, 'constraint']).toReversed()],
    [['permission', 0, 'duty'], childrenOf(document, ['permission', 0, 'duty']).toReversed()], [['prohibition'], { action: ['http://creativecommons.org/ns#CommercialUse'] }],
    [['prohibition', 0, 'action'], 'cc:CommericalUse'],
  ];
  for (const [path, value] of spellings) expect([path, fromOdrl(change(document, path, value))]).toEqual([path, { policy, faults: [] }]);
});

test('an open licence is anyone’s', () => {
  const open = applyPreset('cc-by-nc-sa-4.0', { from: '2027-01-01' }).terms as LicencePolicy['terms'];
  const written = toOdrl({ ...policy, kind: 'Offer', assignee: null, terms: open });
  expect(written).toMatchObject({ assignee: 'zb:anyone', 'dct:license': { '@id': open.licenceUri }, prohibition: [{ action: 'cc:CommercialUse' }], permission: [{ duty: [{ action: 'attribute' }, { action: 'cc:ShareAlike' }] }] });
  expect(written).not.toHaveProperty('zb:governing-law');
});

test.each<[string, Partial<LicencePolicy>]>([
  ['an agreement with nobody', { assignee: null }], ['a name that is no IRI', { target: 'ZB-7K3M-9Q4D-W2XC-V' }], ['an IRI of a prefix', { assignee: 'foaf:me' }], ['terms that break a rule', { terms: { ...policy.terms, toAnyone: true } }],
  ['an assignee of what anyone has', { terms: { ...policy.terms, toAnyone: true, price: null, sublicensing: false } }], ['a time that is none', { grantedAt: 'yesterday' }],
])('not written: %s', (_what, wrong) => expect(() => toOdrl({ ...policy, ...wrong })).toThrow(RangeError));

test('the profile defines every term of ours that a policy holds', () => {
  fc.assert(fc.property(anyPolicy, (given) => {
    const used = JSON.stringify(toOdrl(given)).match(/(?<=")zb:[\w-]+(?=")/g) ?? [];
    expect(used.filter((term) => !defined.has(term))).toEqual([]);
  }), options);
});
const defined = new Set(JSON.stringify(toOdrlProfile()).match(/(?<="@id":")zb:[\w-]+(?=")/g));
