import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Original, type Payee, type Title, WHOLE_BPS } from '../../../lib/money/index.js';
import { type Box, type EconomicRight, intersectBoxes, RIGHT_CODES, volumeOf } from '../../../lib/rights/index.js';
import { parseWorkNumber } from '../../../lib/statement/index.js';
import { beyondTitle, ReadTitle, type Slice, type TitledWork } from '../../licensing/index.js';
import type { ChainEntry } from '../../log/index.js';
import { projectWork } from '../../works/index.js';

/** So many works a derivative's income is followed down to. */
const MOST_ORIGINALS = 32;

/** The rights by which something new is made of a work: only who is licensed one of them makes a derivative by it. */
const RIGHTS_TO_MAKE: readonly EconomicRight[] = ['adaptation', 'translation', 'compilation', 'filming'];
const MAKING = `{${RIGHTS_TO_MAKE.map((right) => RIGHT_CODES.get(right) as number).toSorted((a, b) => a - b).map((code) => `[${code},${code + 1})`).join(',')}}`;

export interface Payees {
  readonly title: Title;
  /** The slices that it was worked out from: as long as none of them is replaced, it holds. */
  readonly holdingIds: readonly string[];
}

/**
 * Who is paid for a box of a work: its holders by their shares, weighed by how much of the box lies in their slice; and of a derivative the owners of its originals, by the revenue share of the licence
 * under which it was made (Art. 16), and so on down. A licence takes of the part of the holder who accepted it, and of nobody else's: what a work was made from its depositor says alone, and its co-owners are not asked.
 * An original in a circle, or far down, is not followed.
 */
@Injectable()
export class ReadPayees {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly title: ReadTitle) {}

  /** @throws DomainError `LICENSING.BEYOND_TITLE` when nobody holds any of the box, as when protection ends before it. */
  async execute(work: TitledWork, box: Box): Promise<Payees> {
    const seen = new Set<string>();
    const slices = work.slices.filter((slice) => intersectBoxes(slice.box, box) !== null);
    if (slices.length === 0) throw beyondTitle();
    return { title: await this.titleOf(work, slices, box, seen), holdingIds: slices.flatMap(({ holdingId }) => holdingId ?? []) };
  }

  private async titleOf(work: TitledWork, slices: readonly Slice[], box: Box | null, seen: Set<string>): Promise<Title> {
    seen.add(work.number);
    const payees = payeesOf(slices, box);
    const originals: Original[] = [];
    const left = new Map(payees.map(({ account }) => [account, WHOLE_BPS]));
    for (const number of await this.originalsOf(work)) {
      if (seen.size >= MOST_ORIGINALS || seen.has(number)) continue;
      const agreed = await this.revenueShares(number, [...left.keys()]);
      const shares = agreed.map(({ account, bps }) => ({ account, shareBps: Math.min(bps, left.get(account) ?? 0) })).filter(({ shareBps }) => shareBps > 0);
      if (shares.length === 0) continue;
      const original = await this.title.findForInsider(number);
      if (original.slices.length === 0) continue;
      for (const { account, shareBps } of shares) left.set(account, (left.get(account) as number) - shareBps);
      originals.push({ shares, title: await this.titleOf(original, original.slices, null, seen) });
    }
    return { work: work.number, payees, originals };
  }

  /** The works that its statements name as what it was made from. */
  private async originalsOf({ number }: TitledWork): Promise<string[]> {
    const entries = await this.dataSource.query<ChainEntry[]>(
      `SELECT s.type, s.bytes, coalesce((SELECT d.disclosures FROM statement_disclosure d WHERE d.subject = s.subject AND d.seq = s.seq), '{}') AS disclosures
         FROM statement s WHERE s.subject = $1 AND (s.seq = 0 OR s.type = 'work.amended') ORDER BY s.seq`, [number]);
    const { creation } = projectWork(entries, true) as { creation?: { derivedFrom?: readonly { work?: string }[] } };
    return [...new Set((creation?.derivedFrom ?? []).flatMap(({ work }) => (work !== undefined && parseWorkNumber(work) !== null ? [work] : [])))];
  }

  /** What each of the holders of a derivative agreed to share of what it earns, in licences to make something of the original that stand. */
  private revenueShares(original: string, holders: readonly string[]): Promise<{ account: string; bps: number }[]> {
    return this.dataSource.query<{ account: string; bps: number }[]>(
      `SELECT licensee_id AS account, max(revenue_share_bps) AS bps FROM licence
        WHERE work_id = $1 AND licensee_id = ANY ($2::uuid[]) AND revenue_share_bps IS NOT NULL AND rights && $3::int4multirange AND accepted_at IS NOT NULL AND voided_at IS NULL AND term @> now() GROUP BY 1 ORDER BY 1`,
      [parseWorkNumber(original)?.id.toString(), holders, MAKING]);
  }
}

/** @param box null: all that they hold. */
function payeesOf(slices: readonly Slice[], box: Box | null): Payee[] {
  const weights = new Map<string, bigint>();
  for (const slice of slices) {
    const part = box === null ? slice.box : intersectBoxes(slice.box, box);
    const volume = part === null ? 0n : volumeOf(part);
    for (const { accountId, shareBps } of slice.holders) weights.set(accountId, (weights.get(accountId) ?? 0n) + volume * BigInt(shareBps));
  }
  return [...weights].map(([account, weight]) => ({ account, weight })).toSorted((a, b) => (a.account < b.account ? -1 : 1));
}
