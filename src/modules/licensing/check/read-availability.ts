import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type AvailabilityLimits, type Box, Budget, computeAvailability, describeScope, type Exclusivity, type Grant, OPEN_END, type Scope, SET_DIMENSIONS, toScope, uniteBoxes } from '../../../lib/rights/index.js';
import { BOX_COLUMNS, type BoxRow, fromBoxRow } from '../box-columns.js';
import { ReadTitle } from '../title/read-title.js';

export interface FreeBox {
  readonly scope: Scope;
  readonly sentence: { readonly zh: string; readonly en: string };
}

/** What is not free: by which kind of grant, and until when; whose it is stays unsaid. */
export interface TakenBox extends FreeBox {
  readonly exclusivity: Exclusivity;
  /** Null: to the end of protection. */
  readonly until: string | null;
}

export interface AvailabilityView {
  readonly work: string;
  /** What is said to be free is free, also where a list leaves something out. */
  readonly exclusive: readonly FreeBox[];
  readonly nonExclusive: readonly FreeBox[];
  readonly taken: readonly TakenBox[];
  /** Whether a list leaves something out, there being more than anybody reads: `incomplete` names it. */
  readonly more: boolean;
  readonly incomplete: readonly ListName[];
}

type ListName = 'exclusive' | 'nonExclusive' | 'taken';

/** Anybody asks, and whoever grants decides how ragged it is: what is free takes some 100 ms at most, and the largest boxes of it are said. */
const LIMITS: AvailabilityLimits = { steps: 1_650_000, boxes: 200 };
/** Names of codes in a list; ragged sets have hundreds, each said three times. */
const MOST_NAMES = 10_000;
/** Grants that are read, of those that bar others and of the others each. */
const MOST_GRANTS = 10_000;
/** What is taken is put together up to so many grants; more of them are said as they are. */
const MOST_UNITED = 1_000;
const UNITE_STEPS = 400_000;

/** Of grants that stand: those that bar others have an index of their own, among any number of those that do not. */
const STANDING = (bars: boolean): string =>
  `SELECT * FROM (
     SELECT exclusivity, licence_id, ${BOX_COLUMNS} FROM licence
      WHERE granted_from = $1 AND voided_at IS NULL AND term && tstzrange($2, NULL) AND exclusivity ${bars ? '<>' : '='} 'non-exclusive' LIMIT ${MOST_GRANTS + 1}) AS l ORDER BY until, licence_id`;

type GrantRow = BoxRow & { exclusivity: Exclusivity };

/** What of a work's rights is still free to grant, now and from now on, and what takes the rest. */
@Injectable()
export class ReadAvailability {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly title: ReadTitle) {}

  /** @throws DomainError `WORKS.NOT_FOUND`. */
  async execute(typed: string, accountId: string | null, now = Date.now()): Promise<AvailabilityView> {
    const { number, work, slices } = await this.title.find(typed, accountId);
    const [barring, others] = await Promise.all([true, false].map((bars) => this.dataSource.query<GrantRow[]>(STANDING(bars), [work.workId, new Date(now)]))) as [GrantRow[], GrantRow[]];
    // What is past cannot be granted any more.
    const title = slices.map(({ box }): Box => fromNow(box, now)).filter(({ term }) => term.from < term.until);
    const toGrants = (rows: readonly GrantRow[]): Grant[] => rows.slice(0, MOST_GRANTS).map((row) => ({ box: fromNow(fromBoxRow(row), now), exclusivity: row.exclusivity }));
    const grants = [...toGrants(barring), ...toGrants(others)];
    const { exclusive, nonExclusive, complete } = computeAvailability(title, grants, LIMITS);
    const [allBarring, allOthers] = [barring, others].map(({ length }) => length <= MOST_GRANTS) as [boolean, boolean];
    const taken = takenBoxes(grants);
    // Of grants that were not read nobody knows what they leave.
    const lists = {
      exclusive: list(allBarring && allOthers ? exclusive : [], allBarring && allOthers && complete.exclusive, (box) => toFree(box)),
      nonExclusive: list(allBarring ? nonExclusive : [], allBarring && complete.nonExclusive, (box) => toFree(box)),
      taken: list(taken, allBarring && allOthers, ({ box, exclusivity }) => ({ ...toFree(box, exclusivity), exclusivity, until: box.term.until === OPEN_END ? null : new Date(box.term.until).toISOString() })),
    };
    const incomplete = (Object.keys(lists) as ListName[]).filter((name) => !lists[name].complete);
    return { work: number, exclusive: lists.exclusive.items, nonExclusive: lists.nonExclusive.items, taken: lists.taken.items, more: incomplete.length > 0, incomplete };
  }
}

/** As many as fit an answer. */
function list<T, Item extends FreeBox>(all: readonly T[], complete: boolean, toItem: (one: T) => Item): { items: Item[]; complete: boolean } {
  const items: Item[] = [];
  let names = 0;
  for (const one of all) {
    if (items.length >= LIMITS.boxes) return { items, complete: false };
    const item = toItem(one);
    names += SET_DIMENSIONS.reduce((sum, dimension) => sum + item.scope[dimension].length, 0);
    if (names > MOST_NAMES) return { items, complete: false };
    items.push(item);
  }
  return { items, complete };
}

function takenBoxes(grants: readonly Grant[]): Grant[] {
  return (['exclusive', 'sole', 'non-exclusive'] as const).flatMap((exclusivity) => {
    const boxes = grants.filter((grant) => grant.exclusivity === exclusivity).map(({ box }) => box);
    return (boxes.length > MOST_UNITED ? boxes : uniteBoxes(boxes, new Budget(UNITE_STEPS))).map((box) => ({ box, exclusivity }));
  });
}

function fromNow(box: Box, now: number): Box {
  return { ...box, term: { ...box.term, from: Math.max(box.term.from, now) } };
}

function toFree(box: Box, exclusivity: Exclusivity | null = null): FreeBox {
  return { scope: toScope(box), sentence: { zh: describeScope(box, exclusivity, 'zh'), en: describeScope(box, exclusivity, 'en') } };
}
