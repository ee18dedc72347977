import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { type Box, type Exclusivity, formatMultirange, toCodeSet } from '../../../src/lib/rights/index.js';
import { dataSourceOptions } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/index.js';

const YEAR = 365 * 86_400_000;

/** A box of small numbers: codes as they are, time in years since 2030. */
export function box(rights: number[], territories: number[], uses: number[], languages: number[], from: number, until: number): Box {
  return { rights: toCodeSet(rights), territories: toCodeSet(territories), uses: toCodeSet(uses), languages: toCodeSet(languages), term: { from: Date.UTC(2030, 0, 1) + from * YEAR, until: Date.UTC(2030, 0, 1) + until * YEAR } };
}

export const ALL = [0, 1, 2, 3];
export const WHOLE = box(ALL, ALL, ALL, ALL, 0, 4);

const dimensions = ({ rights, territories, uses, languages, term }: Box): string[] =>
  [...[rights, territories, uses, languages].map(formatMultirange), `[${new Date(term.from).toISOString()},${new Date(term.until).toISOString()})`];

/** The tables of rights as the service's role may use them, and nothing of the service. */
export class RightsRig {
  /** Holds, or has a share of, every slice. */
  readonly owner = randomUUID();

  private constructor(readonly database: TestDatabase, readonly dataSource: DataSource) {}

  static async start(poolSize = 10): Promise<RightsRig> {
    const database = await createTestDatabase();
    return new RightsRig(database, await new DataSource(dataSourceOptions(database.serviceUrl, poolSize, () => undefined)).initialize());
  }

  async stop(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.drop();
  }

  async work(): Promise<string> {
    const id = (randomBytes(8).readBigUInt64BE() >> 4n).toString();
    await this.dataSource.query(`INSERT INTO work (work_id, account_id, category, visibility, title, deposited_at) VALUES ($1, $2, 'literary', 'public', 'T', now())`, [id, randomUUID()]);
    return id;
  }

  insertHolding(db: Pick<DataSource, 'query'>, workId: string, of: Box, cutFrom: string | null, madeSeq: number): Promise<string> {
    return db.query(
      `INSERT INTO holding (work_id, cut_from, rights, territories, uses, languages, term, made_seq, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now()) RETURNING holding_id`,
      [workId, cutFrom, ...dimensions(of), madeSeq],
    ).then((rows: { holding_id: string }[]) => rows[0]?.holding_id ?? '');
  }

  share(db: Pick<DataSource, 'query'>, holdingId: string, ...shares: number[]): Promise<unknown> {
    return this.shareAmong(db, holdingId, shares.map((bps, i) => [i === 0 ? this.owner : randomUUID(), bps]));
  }

  shareAmong(db: Pick<DataSource, 'query'>, holdingId: string, shares: readonly (readonly [account: string, bps: number])[]): Promise<unknown> {
    return db.query('INSERT INTO holding_holder (holding_id, account_id, share_bps) SELECT $1, h.* FROM unnest($2::uuid[], $3::integer[]) AS h', [holdingId, shares.map(([account]) => account), shares.map(([, bps]) => bps)]);
  }

  /** A co-owner agrees to what the owner does within the box. */
  consent(workId: string, of: string, act: 'licence' | 'assignment' | 'term', within: Box, seq: number, { party = null, recoveredAt = null, at = new Date() }: { party?: string | null; recoveredAt?: Date | null; at?: Date } = {}): Promise<unknown> {
    return this.dataSource.query(
      `INSERT INTO consent (work_id, seq, account_id, to_account, act, rights, territories, uses, languages, term, party_id, recovered_at, given_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13::timestamptz + interval '1 day')`,
      [workId, seq, of, this.owner, act, ...dimensions(within), party, recoveredAt, at]);
  }

  /** A work and its first holding. */
  async title(of: Box = WHOLE, shares: readonly (readonly [account: string, bps: number])[] = [[this.owner, 10_000]]): Promise<{ workId: string; holdingId: string }> {
    const workId = await this.work();
    const holdingId = await this.dataSource.transaction(async (tx) => {
      const id = await this.insertHolding(tx, workId, of, null, 0);
      await this.shareAmong(tx, id, shares);
      return id;
    });
    return { workId, holdingId };
  }

  /** Replaces a holding by pieces, as an assignment does. @param at when it says that it was done. */
  assign(workId: string, holdingId: string, pieces: readonly Box[], seq: number, shares: readonly (readonly [account: string, bps: number])[] = [[this.owner, 10_000]], by = this.owner, at = new Date()): Promise<string[]> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('UPDATE holding SET replaced_seq = $2, replaced_at = $4, replaced_by = $3 WHERE holding_id = $1', [holdingId, seq, by, at]);
      const ids: string[] = [];
      for (const piece of pieces) {
        const id = await this.insertHolding(tx, workId, piece, holdingId, seq);
        await this.shareAmong(tx, id, shares);
        ids.push(id);
      }
      return ids;
    });
  }

  /**
   * An owner's grant, or a sublicence by the parent's licensee.
   * @param grant `to`: the grantor themself when it is left out, so that they may sublicense. `holes`: licences whose seats it leaves, those that it is subject to when it is left out.
   * @returns the licence's id, or the SQLSTATE it was refused with.
   */
  async grant(workId: string, exclusivity: Exclusivity, of: Box, grant: {
    parentId?: string | null; subjectTo?: readonly string[]; holes?: readonly string[]; sublicensing?: boolean; by?: string | null; to?: string | null; sealed?: boolean; at?: Date; recovered?: boolean; accepted?: boolean;
  } = {}): Promise<string> {
    const { parentId = null, subjectTo = [], holes = subjectTo, sublicensing = false, by = this.owner, to = by, sealed = false, at = new Date(), recovered = false, accepted = true } = grant;
    const id = (randomBytes(8).readBigUInt64BE() >> 4n).toString();
    try {
      await this.dataSource.query(
        `INSERT INTO licence (licence_id, work_id, parent_id, exclusivity, subject_to, seat, rights, territories, uses, languages, term, grantor_id, licensee_id, licensee_sealed, sublicensing, granted_at, accepted_at, recovered_at)
         VALUES ($1, $2, $3, $4, $11::bigint[],
                 CASE WHEN $4 = 'non-exclusive' THEN (SELECT int8multirange(int8range(n, n + 1)) FROM nextval('licence_seat') AS n)
                      ELSE '{[0,)}'::int8multirange - coalesce((SELECT range_agg(s) FROM licence l, unnest(l.seat) AS s WHERE l.licence_id = ANY ($13::bigint[]) AND l.exclusivity = 'non-exclusive'), '{}') END,
                 $5, $6, $7, $8, $9, $12, $14, $15, $10, $16, CASE WHEN $17 THEN $16::timestamptz END, CASE WHEN $18 THEN now() END)`,
        [id, workId, parentId, exclusivity, ...dimensions(of), sublicensing, subjectTo, by, holes, to, sealed, at, accepted, recovered],
      );
      return id;
    } catch (error) {
      return (error as { driverError: { code: string } }).driverError.code;
    }
  }
}
