import type { Category } from '../statement/vocabulary.js';
import { OPEN_END, type Term } from './term.js';
import { type Rule, RULES } from './rules.js';

export type Verdict = 'permitted' | 'forbidden' | 'unclear';

/** A statement of a chain. */
export interface StatementRef {
  /** A work or licence number. */
  readonly subject: string;
  readonly seq: number;
}

export interface Reason {
  readonly rule: Rule;
  /** The statement that says so. */
  readonly ref: StatementRef;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** Under which a permission was given, such as `attribution`. */
  readonly conditions: readonly string[];
}

/** One licence of the account, or of anyone, whose box the question lies in. */
export interface LicenceFact {
  readonly kind: 'licence' | 'declared-licence' | 'open-licence' | 'sublicence';
  readonly granted: StatementRef;
  readonly conditions: readonly string[];
  readonly accepted: boolean;
  /** The objection or dispute that stands. */
  readonly doubted: StatementRef | null;
  /** What ended it, or voided it, before the moment of the question. */
  readonly ended: StatementRef | null;
  /** What ended the licence that it was granted from. */
  readonly parentEnded: StatementRef | null;
  /** The exclusive sublicence that its licensee granted out of it. */
  readonly barredBy: StatementRef | null;
}

/** What is recorded of one work about one question. */
export interface RightsFacts {
  readonly deposit: StatementRef;
  readonly category: Category;
  readonly withdrawn: StatementRef | null;
  /** Whether the right is one of those that were deposited. */
  readonly hasRight: boolean;
  /** From completion to the end of protection; null when nothing was claimed. */
  readonly protection: Term | null;
  /** What says so: the deposit, or the statement that fixed the end. */
  readonly protectionBy: StatementRef;
  /** The slice of ownership that the question lies in. */
  readonly slice: { readonly made: StatementRef; readonly isHolder: boolean; readonly holders: number } | null;
  readonly licences: readonly LicenceFact[];
  /** An exclusive licence of somebody else that bars even the owners. */
  readonly barredBy: StatementRef | null;
  /** Of a work made from others (Art. 16): whether one of these is in copyright outside of this ledger, or none was named. */
  readonly originals: 'none' | 'recorded' | 'outside' | 'unnamed';
}

export interface Point {
  readonly right: string;
  readonly territory: string;
  readonly use: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Uses that the law permits without a licence in some cases (Art. 24 (1), (3), (6), Art. 25): nobody but a court says whether this is one. */
const EXCEPTED_USES: ReadonlySet<string> = new Set(['personal', 'news', 'education']);
/** What societies license for authors of music (Art. 8). */
const COLLECTIVE: ReadonlySet<string> = new Set(['performance', 'broadcasting', 'projection', 'network-dissemination']);
/** Whose originals may be shown by who owns the thing (Art. 20). */
const EXHIBITED: readonly Category[] = ['fine-art', 'photography'];

/** May it be done, by what is recorded of this one work? The originals of a derivative are asked for themselves: see {@link combineDecisions}. */
export function decide(point: Point, facts: RightsFacts): Decision {
  const own = decideAlone(point, facts);
  const doubts: Reason[] = [];
  if (facts.withdrawn !== null) doubts.push({ rule: 'withdrawn', ref: facts.withdrawn });
  if (facts.originals === 'outside') doubts.push({ rule: 'original-outside', ref: facts.deposit });
  if (facts.originals === 'unnamed') doubts.push({ rule: 'originals-unnamed', ref: facts.deposit });
  return doubts.length === 0 ? own : { ...own, verdict: own.verdict === 'forbidden' ? 'forbidden' : 'unclear', reasons: [...own.reasons, ...doubts] };
}

function decideAlone(point: Point, facts: RightsFacts): Decision {
  const { protection, deposit, slice, licences } = facts;
  if (protection === null || !facts.hasRight) return unclear({ rule: 'no-such-right', ref: deposit });
  if (point.at < protection.from) return unclear({ rule: 'before-title', ref: deposit });
  if (protection.until !== OPEN_END && point.at >= protection.until) {
    return point.territory === 'CN' ? permitted([{ rule: 'protection-ended', ref: facts.protectionBy }]) : unclear({ rule: 'protection-abroad', ref: facts.protectionBy });
  }
  const good = licences.filter((licence) => doubtOf(licence) === null && licence.ended === null && licence.barredBy === null);
  const licensed = good.map(({ kind, granted }): Reason => ({ rule: kind, ref: granted }));
  // Owners are not bound by the conditions of what they grant to anyone.
  if (slice?.isHolder === true && facts.barredBy === null) return permitted([{ rule: slice.holders > 1 ? 'co-holder' : 'holder', ref: slice.made }, ...licensed]);
  if (licensed.length > 0) return permitted(licensed, leastOf(good));
  const doubts = licences.filter(({ ended }) => ended === null).flatMap((licence) => doubtOf(licence) ?? []);
  if (doubts.length > 0) return { verdict: 'unclear', reasons: doubts, conditions: [] };
  return refuse(point, facts);
}

function refuse(point: Point, { category, deposit, slice, licences, barredBy }: RightsFacts): Decision {
  const reasons = refusals(slice?.isHolder === true ? barredBy : null, licences, slice?.made ?? deposit);
  // What the law leaves to everybody it leaves to whoever is barred, too.
  const exceptions: Reason[] = [];
  if (EXCEPTED_USES.has(point.use)) exceptions.push({ rule: 'exception-possible', ref: deposit });
  if (category === 'music' && COLLECTIVE.has(point.right)) exceptions.push({ rule: 'collective-management', ref: deposit });
  if (point.right === 'exhibition' && EXHIBITED.includes(category)) exceptions.push({ rule: 'exhibition-follows-original', ref: deposit });
  return { verdict: exceptions.length > 0 ? 'unclear' : 'forbidden', reasons: [...reasons, ...exceptions], conditions: [] };
}

/** One who is barred now is told so; else what ended; else that nothing was granted. */
function refusals(ownerBarredBy: StatementRef | null, licences: readonly LicenceFact[], owned: StatementRef): Reason[] {
  const barred = ownerBarredBy ?? licences.find(({ ended, barredBy }) => ended === null && barredBy !== null)?.barredBy ?? null;
  if (barred !== null) return [{ rule: 'barred-by-exclusive', ref: barred }];
  const ended = licences.flatMap(({ ended }) => ended ?? []).map((ref): Reason => ({ rule: 'licence-ended', ref }));
  return ended.length > 0 ? ended : [{ rule: 'not-granted', ref: owned }];
}

function doubtOf({ accepted, granted, doubted, parentEnded }: LicenceFact): Reason | null {
  if (parentEnded !== null) return { rule: 'parent-ended', ref: parentEnded };
  if (doubted !== null) return { rule: 'in-dispute', ref: doubted };
  return accepted ? null : { rule: 'not-accepted', ref: granted };
}

/** Of several permissions one is enough: the one with the fewest conditions. */
function leastOf(licences: readonly LicenceFact[]): readonly string[] {
  return licences.map(({ conditions }) => conditions).toSorted((a, b) => a.length - b.length)[0] ?? [];
}

function permitted(reasons: readonly Reason[], conditions: readonly string[] = []): Decision {
  return { verdict: 'permitted', reasons, conditions };
}

function unclear(reason: Reason): Decision {
  return { verdict: 'unclear', reasons: [reason], conditions: [] };
}

/** A use of a derivative needs the owners of the derivative and of each original (Art. 16): the worst of the verdicts, all of the reasons. */
export function combineDecisions(decisions: readonly Decision[]): Decision {
  const worst = (['forbidden', 'unclear', 'permitted'] as const).find((verdict) => decisions.some((decision) => decision.verdict === verdict));
  return { verdict: worst ?? 'unclear', reasons: decisions.flatMap(({ reasons }) => reasons), conditions: [...new Set(decisions.flatMap(({ conditions }) => conditions))].toSorted() };
}

/** The law's word for a reason, and what it does. */
export function ruleOf({ rule }: Reason): (typeof RULES)[Rule] {
  return RULES[rule];
}
