import * as fc from 'fast-check';
import { combineDecisions, decide, type Decision, type LicenceFact, OPEN_END, type Point, type RightsFacts, type Rule, ruleOf, RULES, type StatementRef, type Verdict } from '../../../../src/lib/rights/index.js';
import { anyFacts, anyLicence, anyPoint, isGood, mayAsOwner, modelOf, PROTECTION, spell } from './decide-model.js';
import { countRuns } from './runs.js';

const runs = countRuns('decide', 100_000);

const WORK: StatementRef = { subject: 'ZB', seq: 0 };
const at = (subject: string, seq = 0): StatementRef => ({ subject, seq });
const point: Point = { right: 'filming', territory: 'CN', use: 'film', at: 30 };
/** A work of somebody else, about which nothing further is recorded. */
const facts: RightsFacts = {
  deposit: WORK, category: 'literary', withdrawn: null, hasRight: true, protection: PROTECTION, protectionBy: at('ZB', 5), slice: { made: at('ZB', 3), isHolder: false, holders: 1 }, licences: [], barredBy: null, originals: 'none',
};
const mine = { made: at('ZB', 3), isHolder: true, holders: 1 };
const licence = (change: Partial<LicenceFact> = {}): LicenceFact => ({
  kind: 'licence', granted: at('LC'), conditions: [], accepted: true, doubted: null, ended: null, parentEnded: null, barredBy: null, ...change,
});
const offered = licence({ granted: at('LC-offered'), accepted: false });
const ended = licence({ ended: at('LC-ended', 4) });

interface Case {
  readonly what: string;
  readonly point?: Partial<Point>;
  readonly facts?: Partial<RightsFacts>;
  readonly verdict: Verdict;
  readonly reasons: readonly (readonly [Rule, string])[];
  readonly conditions?: readonly string[];
}

const CASES: readonly Case[] = [
  { what: 'the owner', facts: { slice: mine }, verdict: 'permitted', reasons: [['holder', 'ZB/3']] },
  { what: 'one of the owners, without the others', facts: { slice: { ...mine, holders: 3 } }, verdict: 'permitted', reasons: [['co-holder', 'ZB/3']] },
  { what: 'an owner on the first day', point: { at: 10 }, facts: { slice: mine }, verdict: 'permitted', reasons: [['holder', 'ZB/3']] },
  { what: 'an owner whose protection has no end yet', point: { at: OPEN_END + 1 }, facts: { slice: mine, protection: { from: 10, until: OPEN_END } }, verdict: 'permitted', reasons: [['holder', 'ZB/3']] },
  { what: 'an owner whose licensee is in dispute', facts: { slice: mine, licences: [licence({ doubted: at('LC', 2) })] }, verdict: 'permitted', reasons: [['holder', 'ZB/3']] },
  { what: 'an owner who granted the same to anyone is not bound by its conditions', facts: { slice: mine, licences: [licence({ kind: 'open-licence', conditions: ['attribution'] })] }, verdict: 'permitted', reasons: [['holder', 'ZB/3'], ['open-licence', 'LC/0']] },

  { what: 'a licensee', facts: { licences: [licence({ conditions: ['attribution'] })] }, verdict: 'permitted', reasons: [['licence', 'LC/0']], conditions: ['attribution'] },
  { what: 'a licence on paper', facts: { licences: [licence({ kind: 'declared-licence' })] }, verdict: 'permitted', reasons: [['declared-licence', 'LC/0']] },
  { what: 'a licence to anyone', facts: { licences: [licence({ kind: 'open-licence' })] }, verdict: 'permitted', reasons: [['open-licence', 'LC/0']] },
  { what: 'a sublicence', facts: { licences: [licence({ kind: 'sublicence' })] }, verdict: 'permitted', reasons: [['sublicence', 'LC/0']] },
  {
    what: 'of several licences all are named, and the fewest conditions count',
    facts: { licences: [licence({ kind: 'open-licence', granted: at('LC-open'), conditions: ['attribution', 'non-commercial'] }), licence({ conditions: ['attribution'] }), offered, ended] },
    verdict: 'permitted', reasons: [['open-licence', 'LC-open/0'], ['licence', 'LC/0']], conditions: ['attribution'],
  },
  { what: 'a licence, though somebody has an exclusive one that was granted subject to it', facts: { licences: [licence()], barredBy: at('ZB', 5) }, verdict: 'permitted', reasons: [['licence', 'LC/0']] },
  { what: 'a licence of an owner who is barred', facts: { slice: mine, barredBy: at('ZB', 5), licences: [licence()] }, verdict: 'permitted', reasons: [['licence', 'LC/0']] },

  { what: 'anyone, when China’s protection has ended', point: { at: 60 }, verdict: 'permitted', reasons: [['protection-ended', 'ZB/5']] },
  { what: 'anyone, a moment before', point: { at: 59 }, verdict: 'forbidden', reasons: [['not-granted', 'ZB/3']] },
  { what: 'anyone elsewhere, when China’s protection has ended', point: { at: 60, territory: 'HK' }, verdict: 'unclear', reasons: [['protection-abroad', 'ZB/5']] },

  { what: 'a stranger', verdict: 'forbidden', reasons: [['not-granted', 'ZB/3']] },
  { what: 'a stranger, where nobody is recorded as owner', facts: { slice: null }, verdict: 'forbidden', reasons: [['not-granted', 'ZB/0']] },
  { what: 'a stranger, whom an exclusive licence does not concern', facts: { barredBy: at('ZB', 5) }, verdict: 'forbidden', reasons: [['not-granted', 'ZB/3']] },
  { what: 'a licensee whose licence has ended', facts: { licences: [ended] }, verdict: 'forbidden', reasons: [['licence-ended', 'LC-ended/4']] },
  { what: 'one whose licences have both ended', facts: { licences: [ended, licence({ ended: at('LC-too', 1) })] }, verdict: 'forbidden', reasons: [['licence-ended', 'LC-ended/4'], ['licence-ended', 'LC-too/1']] },
  { what: 'a licence that had been in dispute and has ended', facts: { licences: [{ ...ended, doubted: at('LC', 2), accepted: false, parentEnded: at('LC-parent', 1) }] }, verdict: 'forbidden', reasons: [['licence-ended', 'LC-ended/4']] },
  { what: 'an ended licence, out of which an exclusive one had been given', facts: { licences: [{ ...ended, barredBy: at('LC', 2) }] }, verdict: 'forbidden', reasons: [['licence-ended', 'LC-ended/4']] },
  { what: 'an owner who granted it exclusively', facts: { slice: mine, barredBy: at('ZB', 5) }, verdict: 'forbidden', reasons: [['barred-by-exclusive', 'ZB/5']] },
  { what: 'a co-owner whom the same licence bars', facts: { slice: { ...mine, holders: 2 }, barredBy: at('ZB', 5) }, verdict: 'forbidden', reasons: [['barred-by-exclusive', 'ZB/5']] },
  { what: 'a licensee who sublicensed it exclusively', facts: { licences: [ended, licence({ barredBy: at('LC', 2) })] }, verdict: 'forbidden', reasons: [['barred-by-exclusive', 'LC/2']] },

  { what: 'a licence that was not accepted', facts: { licences: [offered] }, verdict: 'unclear', reasons: [['not-accepted', 'LC-offered/0']] },
  { what: 'a licence that a co-owner objects to', facts: { licences: [licence({ doubted: at('LC', 2) }), ended] }, verdict: 'unclear', reasons: [['in-dispute', 'LC/2']] },
  { what: 'a sublicence of what has ended', facts: { licences: [licence({ kind: 'sublicence', parentEnded: at('LC-parent', 6), doubted: at('LC', 2), accepted: false })] }, verdict: 'unclear', reasons: [['parent-ended', 'LC-parent/6']] },
  { what: 'each of several doubts', facts: { licences: [offered, licence({ doubted: at('LC', 2) })] }, verdict: 'unclear', reasons: [['not-accepted', 'LC-offered/0'], ['in-dispute', 'LC/2']] },
  { what: 'an owner who is barred and has an offer', facts: { slice: mine, barredBy: at('ZB', 5), licences: [offered] }, verdict: 'unclear', reasons: [['not-accepted', 'LC-offered/0']] },

  { what: 'a right that was not deposited', facts: { hasRight: false, slice: null }, verdict: 'unclear', reasons: [['no-such-right', 'ZB/0']] },
  { what: 'a record that claims nothing', facts: { protection: null, slice: null }, verdict: 'unclear', reasons: [['no-such-right', 'ZB/0']] },
  { what: 'a day before the work was made', point: { at: 9 }, facts: { slice: null }, verdict: 'unclear', reasons: [['before-title', 'ZB/0']] },

  { what: 'an owner who withdrew the deposit', facts: { slice: mine, withdrawn: at('ZB', 8) }, verdict: 'unclear', reasons: [['holder', 'ZB/3'], ['withdrawn', 'ZB/8']] },
  { what: 'a stranger to a deposit that was withdrawn', facts: { withdrawn: at('ZB', 8) }, verdict: 'forbidden', reasons: [['not-granted', 'ZB/3'], ['withdrawn', 'ZB/8']] },
  { what: 'a translation of a book that is not here', facts: { slice: mine, originals: 'outside' }, verdict: 'unclear', reasons: [['holder', 'ZB/3'], ['original-outside', 'ZB/0']] },
  { what: 'a translation of nobody knows what', facts: { licences: [licence({ conditions: ['attribution'] })], originals: 'unnamed' }, verdict: 'unclear', reasons: [['licence', 'LC/0'], ['originals-unnamed', 'ZB/0']], conditions: ['attribution'] },
  { what: 'a translation, by a stranger', facts: { originals: 'outside' }, verdict: 'forbidden', reasons: [['not-granted', 'ZB/3'], ['original-outside', 'ZB/0']] },
  { what: 'a translation of what is recorded here', facts: { slice: mine, originals: 'recorded' }, verdict: 'permitted', reasons: [['holder', 'ZB/3']] },

  ...['personal', 'news', 'education'].map((use): Case => ({ what: `${use} use by a stranger`, point: { use }, verdict: 'unclear', reasons: [['not-granted', 'ZB/3'], ['exception-possible', 'ZB/0']] })),
  { what: 'education, by one whose licence has ended', point: { use: 'education' }, facts: { licences: [ended] }, verdict: 'unclear', reasons: [['licence-ended', 'LC-ended/4'], ['exception-possible', 'ZB/0']] },
  { what: 'education, by an owner who is barred: no worse than a stranger', point: { use: 'education' }, facts: { slice: mine, barredBy: at('ZB', 5) }, verdict: 'unclear', reasons: [['barred-by-exclusive', 'ZB/5'], ['exception-possible', 'ZB/0']] },
  { what: 'education, by its licensee', point: { use: 'education' }, facts: { licences: [licence()] }, verdict: 'permitted', reasons: [['licence', 'LC/0']] },
  ...['performance', 'broadcasting', 'network-dissemination'].map((right): Case => ({ what: `${right} of music by a stranger`, point: { right }, facts: { category: 'music' }, verdict: 'unclear', reasons: [['not-granted', 'ZB/3'], ['collective-management', 'ZB/0']] })),
  { what: 'a copy of music', point: { right: 'reproduction' }, facts: { category: 'music' }, verdict: 'forbidden', reasons: [['not-granted', 'ZB/3']] },
  { what: 'a performance of a drama', point: { right: 'performance' }, facts: { category: 'drama' }, verdict: 'forbidden', reasons: [['not-granted', 'ZB/3']] },
  ...(['fine-art', 'photography'] as const).map((category): Case => ({ what: `showing ${category}, by who may own the thing`, point: { right: 'exhibition' }, facts: { category }, verdict: 'unclear', reasons: [['not-granted', 'ZB/3'], ['exhibition-follows-original', 'ZB/0']] })),
  { what: 'a copy of fine art', point: { right: 'reproduction' }, facts: { category: 'fine-art' }, verdict: 'forbidden', reasons: [['not-granted', 'ZB/3']] },
];

const said = (decision: Decision): string[] => decision.reasons.map(({ rule, ref }) => spell(rule, ref));

test.each(CASES)('$what: $verdict', ({ point: asked, facts: recorded, verdict, reasons, conditions }) => {
  const decision = decide({ ...point, ...asked }, { ...facts, ...recorded });
  expect([decision.verdict, said(decision), decision.conditions]).toEqual([verdict, reasons.map(([rule, ref]) => `${rule} ${ref}`), conditions ?? []]);
});

test('every rule is reached by a case above', () => {
  const reached = new Set(CASES.flatMap(({ reasons }) => reasons.map(([rule]) => rule)));
  expect([...reached].toSorted()).toEqual(Object.keys(RULES).toSorted());
});

/** Of the articles that the project's notes on copyright practice name, those that say who may use a work. */
const NOTED = ['Copyright Law Art. 8', 'Copyright Law Art. 10', 'Copyright Law Art. 12', 'Copyright Law Art. 14', 'Copyright Law Art. 16', 'Copyright Law Art. 20', 'Copyright Law Art. 23', 'Copyright Law Art. 24, 25',
  'Copyright Law Art. 26', 'Copyright Law Art. 29', 'Implementing Regulations of the Copyright Law Art. 24'];
/** Not in those notes: that a contract is made by acceptance, and that works have copyright (since they are made: Implementing Regulations Art. 6). */
const BESIDES = ['Civil Code Art. 483', 'Copyright Law Art. 2'];

test('the articles, and what each rule does', () => {
  const articles = [...new Set(Object.values(RULES).map(({ article }) => article))];
  expect(articles.toSorted()).toEqual([...NOTED, ...BESIDES].toSorted());
  const doing = (effect: string): string[] => (Object.keys(RULES) as Rule[]).filter((rule) => ruleOf({ rule, ref: WORK }).effect === effect);
  expect([doing('permits'), doing('forbids')]).toEqual([['holder', 'co-holder', 'licence', 'declared-licence', 'open-licence', 'sublicence', 'protection-ended'], ['not-granted', 'licence-ended', 'barred-by-exclusive']]);
});

// -- Properties

const effects = ({ reasons }: Decision): Set<string> => new Set(reasons.map((reason) => ruleOf(reason).effect));
const expectSame = (decision: Decision, model: ReturnType<typeof modelOf>): void => expect({ verdict: decision.verdict, reasons: said(decision).toSorted() }).toEqual(model);

test('every combination of facts about one licence is decided as the rules, stated one by one, decide it', () => {
  const optional = (ref: StatementRef): (StatementRef | null)[] => [null, ref];
  const licences: LicenceFact[][] = [[]];
  for (const accepted of [true, false]) for (const doubted of optional(at('D'))) for (const over of optional(at('E'))) for (const parentEnded of optional(at('P'))) for (const barredBy of optional(at('B'))) {
    licences.push([licence({ accepted, doubted, ended: over, parentEnded, barredBy })]);
  }
  const slices: RightsFacts['slice'][] = [null, { ...mine, isHolder: false }, mine, { ...mine, holders: 2 }];
  const asked: [Partial<Point>, RightsFacts['category']][] = [[{}, 'literary'], [{ use: 'news' }, 'literary'], [{ right: 'performance' }, 'music'], [{ right: 'exhibition' }, 'photography']];
  let [count, different] = [0, 0];
  const verdicts = new Map<Verdict, number>();
  for (const when of [9, 30, 60]) for (const territory of ['CN', 'US']) for (const [change, category] of asked) for (const hasRight of [true, false]) {
    for (const slice of slices) for (const barredBy of optional(at('X'))) for (const one of licences) for (const withdrawn of optional(at('W'))) for (const originals of ['none', 'recorded', 'outside', 'unnamed'] as const) {
      const [question, known] = [{ ...point, ...change, territory, at: when }, { ...facts, category, hasRight, slice, barredBy, licences: one, withdrawn, originals }];
      const [decision, model] = [decide(question, known), modelOf(question, known)];
      count++;
      verdicts.set(decision.verdict, (verdicts.get(decision.verdict) ?? 0) + 1);
      if (decision.verdict !== model.verdict || said(decision).toSorted().join() !== model.reasons.join()) {
        different++;
        expectSame(decision, model);
      }
    }
  }
  expect([count, different, [...verdicts.keys()].toSorted()]).toEqual([3 * 2 * 4 * 2 * 4 * 2 * 33 * 2 * 4, 0, ['forbidden', 'permitted', 'unclear']]);
});

test('any facts are decided as the rules, stated one by one, decide them', () => {
  runs.check(fc.property(anyPoint, anyFacts, (asked, known) => expectSame(decide(asked, known), modelOf(asked, known))));
});

test('what permits, forbids and doubts is named, and nothing permits or forbids beside it', () => {
  runs.check(fc.property(anyPoint, anyFacts, (asked, known) => {
    const decision = decide(asked, known);
    const found = effects(decision);
    expect(found.has('permits') && found.has('forbids')).toBe(false);
    if (decision.verdict === 'permitted') expect([...found]).toEqual(['permits']);
    if (decision.verdict === 'forbidden') expect(found.has('forbids')).toBe(true);
    if (decision.verdict === 'unclear') expect(found.has('doubts')).toBe(true);
    // Nobody is bound by conditions that no permission of theirs has.
    const granted = known.licences.filter(isGood).map(({ conditions }) => conditions);
    expect(decision.conditions.length === 0 || (!mayAsOwner(known) && granted.some((conditions) => conditions === decision.conditions) && granted.every(({ length }) => length >= decision.conditions.length))).toBe(true);
  }));
});

test('with a good licence nothing is forbidden, whoever has what beside it', () => {
  runs.check(fc.property(anyPoint, anyFacts, anyLicence, (asked, known, one) => {
    const good: LicenceFact = { ...one, accepted: true, doubted: null, ended: null, parentEnded: null, barredBy: null };
    const licensed = { ...known, licences: [...known.licences, good] };
    expect(decide(asked, licensed).verdict).not.toBe('forbidden');
    const plain = { ...licensed, hasRight: true, protection: { from: 10, until: 60 }, withdrawn: null, originals: 'none' as const };
    // Not even an exclusive licence of another, which bars the owners.
    for (const barredBy of [null, at('X')]) expect(decide({ ...asked, at: 30 }, { ...plain, barredBy }).verdict).toBe('permitted');
    const unlicensed = { ...plain, licences: known.licences.filter((other) => !isGood(other)), slice: mine };
    expect([decide({ ...asked, at: 30 }, { ...unlicensed, barredBy: null }).verdict, decide({ ...asked, at: 30 }, { ...unlicensed, barredBy: at('X') }).verdict === 'permitted']).toEqual(['permitted', false]);
  }));
});

const RANK: Record<Verdict, number> = { forbidden: 0, unclear: 1, permitted: 2 };
const rank = ({ verdict }: Decision): number => RANK[verdict];

test('a doubt permits nothing, and no licence makes worse', () => {
  runs.check(fc.property(anyPoint, anyFacts, anyLicence, fc.nat(5), (asked, known, more, which) => {
    const before = rank(decide(asked, known));
    const doubtOf = (one: LicenceFact): LicenceFact => (which % 3 === 0 ? { ...one, doubted: at('D') } : which % 3 === 1 ? { ...one, parentEnded: at('P') } : { ...one, accepted: false });
    // Of the work.
    for (const doubt of [{ withdrawn: at('W') }, { originals: 'outside' as const }, { originals: 'unnamed' as const }]) {
      expect(rank(decide(asked, { ...known, ...doubt }))).toBe(Math.min(before, RANK.unclear));
    }
    // Of each licence.
    const doubted = decide(asked, { ...known, licences: known.licences.map(doubtOf) });
    expect(before < RANK.permitted && doubted.verdict === 'permitted').toBe(false);
    // One more licence, of whatever kind and state, leaves nobody with less.
    expect(rank(decide(asked, { ...known, licences: [...known.licences, more] }))).toBeGreaterThanOrEqual(before);
    // An owner may at least what a stranger may.
    const slice = known.slice ?? mine;
    expect(rank(decide(asked, { ...known, slice: { ...slice, isHolder: true } }))).toBeGreaterThanOrEqual(rank(decide(asked, { ...known, slice: { ...slice, isHolder: false } })));
  }));
});

const anyDecision = fc.tuple(anyPoint, anyFacts).map(([asked, known]) => decide(asked, known));

test('a derivative is as its worst part, in whatever order, and permitted only when all of it is', () => {
  runs.check(fc.property(fc.array(anyDecision, { minLength: 1, maxLength: 5 }), anyDecision, fc.nat(), (parts, further, turn) => {
    const whole = combineDecisions(parts);
    expect(rank(whole)).toBe(Math.min(...parts.map(rank)));
    expect(whole.verdict === 'permitted').toBe(parts.every(({ verdict }) => verdict === 'permitted'));
    expect([said(whole), whole.conditions]).toEqual([parts.flatMap(said), [...new Set(parts.flatMap(({ conditions }) => conditions))].toSorted()]);
    const turned = combineDecisions([...parts.slice(turn % parts.length), ...parts.slice(0, turn % parts.length)].toReversed());
    expect([turned.verdict, turned.conditions, said(turned).toSorted()]).toEqual([whole.verdict, whole.conditions, said(whole).toSorted()]);
    // Monotone: one original more never helps, a better part never harms, and what is combined already is combined alike.
    expect(rank(combineDecisions([...parts, further]))).toBeLessThanOrEqual(rank(whole));
    expect(rank(combineDecisions([{ ...further, verdict: 'permitted' }, ...parts.slice(1)]))).toBeGreaterThanOrEqual(rank(whole));
    expect(combineDecisions([whole, further])).toEqual(combineDecisions([...parts, further]));
  }));
  expect(combineDecisions([])).toEqual({ verdict: 'unclear', reasons: [], conditions: [] });
});
