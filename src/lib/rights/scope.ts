import { z } from 'zod';
import { type Box, SET_DIMENSIONS, type SetDimension } from './box.js';
import { type CodeSet, complementOf, hasCode, toCodeSet, WHOLE_SET } from './code-set.js';
import type { CodeTable } from './codes/code-table.js';
import { LANGUAGE_CODES } from './codes/languages.js';
import { isMoralRight, RIGHT_CODES } from './codes/rights.js';
import { TERRITORY_CODES } from './codes/territories.js';
import { USE_CODES } from './codes/uses.js';
import { OPEN_END, type Term } from './term.js';

const TABLES: Record<SetDimension, CodeTable> = { rights: RIGHT_CODES, territories: TERRITORY_CODES, uses: USE_CODES, languages: LANGUAGE_CODES };
/** How «all, and what may yet come» is written. */
const STAR: Record<SetDimension, string> = { rights: '*', territories: 'WORLD', uses: '*', languages: '*' };
const SHANGHAI = 8 * 3_600_000;
const DAY = 86_400_000;
/** Before there was copyright. */
const EARLIEST = Date.UTC(1700, 0, 1);

const names = z.array(z.string().min(1).max(40)).min(1).max(600);

/**
 * A scope as people and programs send it. A set is a list of names, or begins with `*` (`WORLD` for territories) and goes on with what is left out,
 * e.g. `["WORLD", "-CN"]`. A term is `from` and `to`, dates that are both meant (Asia/Shanghai, or UTC with `"timeZone": "UTC"`), or `from` and `until`, instants
 * of which the second is not meant any more; without an end it lasts as long as the title does.
 */
export const scopeSchema = z.strictObject({
  rights: names,
  territories: names,
  uses: names,
  languages: names,
  term: z.union([
    z.strictObject({ from: z.iso.date(), to: z.iso.date().nullable(), timeZone: z.enum(['Asia/Shanghai', 'UTC']).optional() }),
    z.strictObject({ from: z.iso.datetime(), until: z.iso.datetime().nullable() }),
  ]),
});
export type Scope = z.infer<typeof scopeSchema>;

/** Which rule a scope breaks. */
export type ScopeRule = 'unknown-code' | 'moral-right' | 'empty-term' | 'term-out-of-range';

export interface ScopeFault {
  /** JSON pointer (RFC 6901) into the scope. */
  readonly pointer: string;
  readonly rule: ScopeRule;
  readonly detail: string;
}

/** A scope → its box, or all that is wrong with it. */
export function toBox(scope: Scope): { box: Box; faults: readonly [] } | { box: null; faults: readonly ScopeFault[] } {
  const faults: ScopeFault[] = [];
  const [rights, territories, uses, languages] = SET_DIMENSIONS.map((dimension) => toSet(scope[dimension], dimension, faults)) as [CodeSet, CodeSet, CodeSet, CodeSet];
  const term = toTerm(scope.term, faults);
  return faults.length > 0 ? { box: null, faults } : { box: { rights, territories, uses, languages, term }, faults: [] };
}

function toSet(list: readonly string[], dimension: SetDimension, faults: ScopeFault[]): CodeSet {
  const table = TABLES[dimension];
  const fault = (i: number, rule: ScopeRule, detail: string): void => void faults.push({ pointer: `/${dimension}/${i}`, rule, detail });
  const whole = list[0] === STAR[dimension];
  const codes: number[] = [];
  for (const [i, name] of list.entries()) {
    if (whole && i === 0) continue;
    const bare = whole && name.startsWith('-') ? name.slice(1) : name;
    const code = table.get(bare);
    if (dimension === 'rights' && isMoralRight(bare)) fault(i, 'moral-right', `«${bare}» is a moral right: it can be neither licensed nor assigned (Copyright Law Art. 10).`);
    else if (whole && bare === name) fault(i, 'unknown-code', `after ${STAR[dimension]} come only exceptions, such as -${name}`);
    else if (code === undefined) fault(i, 'unknown-code', `«${bare}» is not in the list of ${dimension}`);
    else codes.push(code);
  }
  const set = whole ? complementOf(toCodeSet(codes)) : toCodeSet(codes);
  if (set.length === 0 && faults.length === 0) faults.push({ pointer: `/${dimension}`, rule: 'unknown-code', detail: 'nothing is left' });
  return set;
}

function toTerm(term: Scope['term'], faults: ScopeFault[]): Term {
  const offset = 'to' in term && term.timeZone !== 'UTC' ? SHANGHAI : 0;
  const from = 'to' in term ? Date.parse(`${term.from}T00:00:00Z`) - offset : Date.parse(term.from);
  const end = 'to' in term ? (term.to === null ? OPEN_END : Date.parse(`${term.to}T00:00:00Z`) + DAY - offset) : term.until === null ? OPEN_END : Date.parse(term.until);
  if (!(from >= EARLIEST) || !(end <= OPEN_END + DAY)) faults.push({ pointer: '/term', rule: 'term-out-of-range', detail: 'a term lies between 1700 and 9999-12-31' });
  else if (end <= from) faults.push({ pointer: '/term', rule: 'empty-term', detail: 'the term ends before it begins' });
  return { from, until: Math.min(end, OPEN_END) };
}

/** The scope of a box as statements hold it: names in the order of their codes, instants in UTC, no end when the end is open. One box has one spelling. */
export function toScope(box: Box): Scope {
  const [rights, territories, uses, languages] = SET_DIMENSIONS.map((dimension) => toNames(box[dimension], dimension)) as [string[], string[], string[], string[]];
  return { rights, territories, uses, languages, term: { from: new Date(box.term.from).toISOString(), until: box.term.until === OPEN_END ? null : new Date(box.term.until).toISOString() } };
}

/** Whether a set holds the codes that have no name yet: then it was meant as «all but». */
function isOpen(set: CodeSet): boolean {
  return set.at(-1) === WHOLE_SET.at(-1);
}

/** The same few sets come again and again, and the longest of them has 249 names. */
const known = new Map<string, readonly string[]>();
const MOST_KNOWN = 2_000;

/** The names of a set, the star first where it is open. */
export function toNames(set: CodeSet, dimension: SetDimension): string[] {
  const key = `${dimension} ${set.join()}`;
  let names = known.get(key);
  if (names === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, (names = spellNames(set, dimension)));
  }
  return [...names];
}

function spellNames(set: CodeSet, dimension: SetDimension): string[] {
  const open = isOpen(set);
  const listed = [...TABLES[dimension]].filter(([, code]) => hasCode(set, code) !== open).toSorted(([, a], [, b]) => a - b).map(([name]) => name);
  return open ? [STAR[dimension], ...listed.map((name) => `-${name}`)] : listed;
}
