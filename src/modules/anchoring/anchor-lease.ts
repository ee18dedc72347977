import type { DataSource } from 'typeorm';
import { sqlState, transact, type Tx } from '../../platform/database/index.js';
import { writePoint } from '../../platform/fault-points/index.js';
import { LeaseLostError } from './anchoring.errors.js';

/** SQLSTATE of a write whose epoch does not hold the lease (migration 0004). */
const NOT_HOLDER = 'ZB041';

/**
 * One process anchors at a time: the holder of the only row of `anchor_lease`, in an epoch that grows with every takeover. All times are
 * PostgreSQL's. A process that was paused finds out at its next write, which the database refuses; what it may still broadcast are stored bytes
 * with a nonce of their own, so that even then nothing is anchored twice.
 */
export class AnchorLease {
  constructor(
    private readonly dataSource: DataSource,
    /** Unique to this process. */
    private readonly holder: string,
    private readonly seconds: number,
  ) {}

  /** @returns the lease, or how long the other holder's still runs. */
  async acquire(): Promise<HeldLease | { readonly heldForMs: number }> {
    const taken = await writePoint('anchor.lease', () =>
      this.dataSource.query<[{ epoch: string }[], number]>(
        `UPDATE anchor_lease SET holder = $1, epoch = CASE WHEN holder = $1 AND expires_at > clock_timestamp() THEN epoch ELSE epoch + 1 END,
                expires_at = clock_timestamp() + make_interval(secs => $2)
          WHERE holder = $1 OR expires_at <= clock_timestamp() RETURNING epoch`,
        [this.holder, this.seconds],
      ),
    );
    const [rows] = taken;
    if (rows[0]) return new HeldLease(this.dataSource, this.holder, rows[0].epoch, this.seconds);
    const [row] = await this.dataSource.query<{ held: string }[]>(
      `SELECT greatest(extract(epoch FROM expires_at - clock_timestamp()) * 1000, 0) AS held FROM anchor_lease`,
    );
    return { heldForMs: Number(row?.held ?? 0) };
  }

  /** Lets another process take over at once. */
  async release(): Promise<void> {
    await writePoint('anchor.release', () =>
      this.dataSource.query(`UPDATE anchor_lease SET expires_at = '-infinity' WHERE holder = $1 AND expires_at > clock_timestamp()`, [this.holder]),
    );
  }
}

/** The lease in one epoch. Whatever the anchorer writes goes through {@link write}. */
export class HeldLease {
  constructor(
    private readonly dataSource: DataSource,
    private readonly holder: string,
    readonly epoch: string,
    private readonly seconds: number,
  ) {}

  /** Prolongs the lease. Called right before a broadcast too, which is given up in half its time. @throws LeaseLostError */
  async renew(): Promise<void> {
    await writePoint('anchor.renew', () => this.#renew(this.dataSource.manager));
  }

  /**
   * Runs `act` in a transaction that holds the lease's row: nobody takes over before it is committed.
   * @param point names the write for fault tests.
   * @throws LeaseLostError when the lease is not held any more; nothing is written then.
   */
  async write<T>(point: string, act: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await writePoint(point, () =>
        transact(this.dataSource, async (tx) => {
          await this.#renew(tx);
          return act(tx);
        }),
      );
    } catch (error) {
      if (sqlState(error) === NOT_HOLDER) throw new LeaseLostError(`epoch ${this.epoch} has ended`, { cause: error });
      throw error;
    }
  }

  async #renew(tx: Tx): Promise<void> {
    const [rows] = await tx.query<[{ epoch: string }[], number]>(
      `UPDATE anchor_lease SET expires_at = clock_timestamp() + make_interval(secs => $3)
        WHERE holder = $1 AND epoch = $2 AND expires_at > clock_timestamp() RETURNING epoch`,
      [this.holder, this.epoch, this.seconds],
    );
    if (!rows[0]) throw new LeaseLostError(`epoch ${this.epoch} has ended`);
  }
}
