import * as fc from 'fast-check';
import { type LicenceFact, OPEN_END, type Point, type RightsFacts, type Rule, RULES, type StatementRef, type Verdict } from '../../../../src/lib/rights/index.js';
import { CATEGORIES } from '../../../../src/lib/statement/index.js';

/** Years are times enough: a work of year 10, protected until year 60. */
export const PROTECTION = { from: 10, until: 60 };

// -- The rules, stated one by one: when each of them is said, and of which statement. Nothing here is taken from the code under test but its names.

const has = (ref: StatementRef | null): ref is StatementRef => ref !== null;
type Stage = 'nothing-claimed' | 'not-made-yet' | 'protected' | 'free-in-china' | 'free-perhaps';

function stageOf({ at, territory }: Point, { protection, hasRight }: RightsFacts): Stage {
  if (!hasRight || !protection) return 'nothing-claimed';
  if (at < protection.from) return 'not-made-yet';
  if (at < protection.until || protection.until === OPEN_END) return 'protected';
  return territory === 'CN' ? 'free-in-china' : 'free-perhaps';
}

/** A licence that stands, that nobody doubts, and out of which its licensee has given nothing exclusive. */
export const isGood = (licence: LicenceFact): boolean => licence.accepted && ![licence.doubted, licence.ended, licence.parentEnded, licence.barredBy].some(has);
/** An owner whom no exclusive licence of another bars (Implementing Regulations Art. 24). */
export const mayAsOwner = ({ slice, barredBy }: RightsFacts): boolean => Boolean(slice?.isHolder) && !has(barredBy);
const mayUse = (facts: RightsFacts): boolean => mayAsOwner(facts) || facts.licences.some(isGood);

const doubtOn = ({ parentEnded, doubted, accepted, ended }: LicenceFact): Rule | null => (has(ended) ? null : has(parentEnded) ? 'parent-ended' : has(doubted) ? 'in-dispute' : accepted ? null : 'not-accepted');
/** Nobody may, and nothing is in doubt: only the law's own exceptions are left. */
const refused = (facts: RightsFacts): boolean => !mayUse(facts) && facts.licences.every((licence) => doubtOn(licence) === null);
const bar = ({ slice, barredBy, licences }: RightsFacts): StatementRef | null => {
  if (slice?.isHolder) return barredBy;
  return licences.filter(({ ended }) => !has(ended)).map((licence) => licence.barredBy).find(has) ?? null;
};

type Statements = (facts: RightsFacts, point: Point) => readonly (StatementRef | null)[];
const kindOf = (kind: LicenceFact['kind']): Statements => ({ licences }) => licences.filter((licence) => licence.kind === kind && isGood(licence)).map(({ granted }) => granted);
const doubted = (rule: Rule, ref: (licence: LicenceFact) => StatementRef | null): Statements => (facts) => (mayUse(facts) ? [] : facts.licences.filter((licence) => doubtOn(licence) === rule).map(ref));
const excepted = (applies: (point: Point, facts: RightsFacts) => boolean): Statements => (facts, point) => (refused(facts) && applies(point, facts) ? [facts.deposit] : []);

/** What is said while the work is protected. */
const WHILE_PROTECTED: Partial<Record<Rule, Statements>> = {
  holder: (facts) => (mayAsOwner(facts) && facts.slice?.holders === 1 ? [facts.slice.made] : []),
  'co-holder': (facts) => (mayAsOwner(facts) && facts.slice?.holders !== 1 ? [facts.slice?.made ?? null] : []),
  licence: kindOf('licence'),
  'declared-licence': kindOf('declared-licence'),
  'open-licence': kindOf('open-licence'),
  sublicence: kindOf('sublicence'),
  'parent-ended': doubted('parent-ended', ({ parentEnded }) => parentEnded),
  'in-dispute': doubted('in-dispute', ({ doubted }) => doubted),
  'not-accepted': doubted('not-accepted', ({ granted }) => granted),
  'barred-by-exclusive': (facts) => (refused(facts) ? [bar(facts)] : []),
  'licence-ended': (facts) => (refused(facts) && !has(bar(facts)) ? facts.licences.map(({ ended }) => ended) : []),
  'not-granted': (facts) => (refused(facts) && !has(bar(facts)) && !facts.licences.some(({ ended }) => has(ended)) ? [facts.slice?.made ?? facts.deposit] : []),
  'exception-possible': excepted(({ use }) => /^(?:personal|news|education)$/.test(use)),
  'collective-management': excepted(({ right }, { category }) => category === 'music' && /^(?:performance|broadcasting|projection|network-dissemination)$/.test(right)),
  'exhibition-follows-original': excepted(({ right }, { category }) => right === 'exhibition' && (category === 'fine-art' || category === 'photography')),
};
const OTHERWISE: Record<Exclude<Stage, 'protected'>, Rule> = { 'nothing-claimed': 'no-such-right', 'not-made-yet': 'before-title', 'free-in-china': 'protection-ended', 'free-perhaps': 'protection-abroad' };
/** What is doubted of the work whatever else is so. */
const ALWAYS: Partial<Record<Rule, Statements>> = {
  withdrawn: ({ withdrawn }) => [withdrawn],
  'original-outside': ({ originals, deposit }) => (originals === 'outside' ? [deposit] : []),
  'originals-unnamed': ({ originals, deposit }) => (originals === 'unnamed' ? [deposit] : []),
};

/** A reason as text, to be put in order and compared. */
export const spell = (rule: Rule, { subject, seq }: StatementRef): string => `${rule} ${subject}/${seq}`;

/** All that is to be said, in the order of the alphabet, and what follows from it. */
export function modelOf(point: Point, facts: RightsFacts): { verdict: Verdict; reasons: string[] } {
  const stage = stageOf(point, facts);
  const said: [Rule, StatementRef][] = stage === 'protected' ? [] : [[OTHERWISE[stage], stage === 'free-in-china' || stage === 'free-perhaps' ? facts.protectionBy : facts.deposit]];
  for (const rules of stage === 'protected' ? [WHILE_PROTECTED, ALWAYS] : [ALWAYS]) {
    for (const [rule, statements] of Object.entries(rules)) for (const ref of statements(facts, point)) if (has(ref)) said.push([rule as Rule, ref]);
  }
  const effects = new Set(said.map(([rule]) => RULES[rule].effect));
  const isException = said.some(([rule]) => rule === 'exception-possible' || rule === 'collective-management' || rule === 'exhibition-follows-original');
  const verdict = effects.has('forbids') && !isException ? 'forbidden' : effects.has('permits') && !effects.has('doubts') ? 'permitted' : 'unclear';
  return { verdict, reasons: said.map(([rule, ref]) => spell(rule, ref)).toSorted() };
}

// -- Facts of every kind, those that matter more often than they would by chance.

const ref = (subject: string): fc.Arbitrary<StatementRef> => fc.nat(9).map((seq) => ({ subject, seq }));
const perhaps = (subject: string): fc.Arbitrary<StatementRef | null> => fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: ref(subject), weight: 1 });

export const anyLicence: fc.Arbitrary<LicenceFact> = fc.record({
  kind: fc.constantFrom('licence', 'declared-licence', 'open-licence', 'sublicence'),
  granted: ref('LC-granted'),
  conditions: fc.uniqueArray(fc.constantFrom('attribution', 'non-commercial', 'no-derivatives'), { maxLength: 3 }),
  accepted: fc.constantFrom(true, true, true, false),
  doubted: perhaps('LC-doubted'), ended: perhaps('LC-ended'), parentEnded: perhaps('LC-parent'), barredBy: perhaps('LC-below'),
}, { noNullPrototype: true });

export const anyFacts: fc.Arbitrary<RightsFacts> = fc.record({
  deposit: fc.constant({ subject: 'ZB', seq: 0 }),
  category: fc.oneof(fc.constantFrom('music', 'fine-art', 'photography'), fc.constantFrom(...CATEGORIES)),
  withdrawn: fc.nat(4).map((n) => (n === 0 ? { subject: 'ZB', seq: 7 } : null)),
  hasRight: fc.nat(9).map((n) => n > 0),
  protectionBy: ref('ZB-term'),
  protection: fc.oneof({ arbitrary: fc.constant(PROTECTION), weight: 6 }, { arbitrary: fc.constant({ from: 10, until: OPEN_END }), weight: 3 }, fc.constant(null)),
  slice: fc.oneof({ arbitrary: fc.constant(null), weight: 1 }, { arbitrary: fc.record({ made: ref('ZB'), isHolder: fc.boolean(), holders: fc.integer({ min: 1, max: 3 }) }, { noNullPrototype: true }), weight: 4 }),
  licences: fc.array(anyLicence, { maxLength: 4 }),
  barredBy: perhaps('LC-exclusive'),
  originals: fc.oneof({ arbitrary: fc.constantFrom('none', 'recorded'), weight: 4 }, fc.constantFrom('outside', 'unnamed')),
}, { noNullPrototype: true }) as fc.Arbitrary<RightsFacts>;

export const anyPoint: fc.Arbitrary<Point> = fc.record({
  right: fc.constantFrom('reproduction', 'exhibition', 'performance', 'broadcasting', 'projection', 'network-dissemination', 'filming'),
  territory: fc.constantFrom('CN', 'HK', 'US'),
  use: fc.constantFrom('film', 'print', 'website', 'exhibition', 'personal', 'news', 'education'),
  at: fc.oneof({ arbitrary: fc.constant(30), weight: 6 }, fc.constantFrom(9, 10, 59, 60, 99, OPEN_END, OPEN_END + 1)),
}, { noNullPrototype: true });
