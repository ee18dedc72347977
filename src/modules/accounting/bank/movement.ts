import { sqlState, type Tx, violatedConstraint } from '../../../platform/database/index.js';
import { writePoint } from '../../../platform/fault-points/index.js';
import { bankReferenceUsed, movementNotFound, notInThisState } from '../accounting.errors.js';

export type MovementKind = 'top-up' | 'payout';
export const MOVEMENT_STATES = ['requested', 'taken-up', 'half-confirmed', 'confirmed', 'rejected', 'cancelled'] as const;
export type MovementState = (typeof MOVEMENT_STATES)[number];

/**
 * What a state may become; the database holds the same (bank_transition, migration 0013). A payout is taken up before the money is sent: from then on its owner cannot cancel it. From the threshold on
 * the first operator's confirmation is half of it.
 */
export const MOVEMENT_TRANSITIONS: Readonly<Record<MovementKind, Readonly<Record<MovementState, readonly MovementState[]>>>> = {
  'top-up': { requested: ['half-confirmed', 'confirmed', 'rejected', 'cancelled'], 'taken-up': [], 'half-confirmed': ['confirmed', 'rejected'], confirmed: [], rejected: [], cancelled: [] },
  payout: {
    requested: ['taken-up', 'half-confirmed', 'confirmed', 'rejected', 'cancelled'], 'taken-up': ['half-confirmed', 'confirmed', 'rejected'], 'half-confirmed': ['confirmed', 'rejected'], confirmed: [], rejected: [], cancelled: [],
  },
};

/** Money that comes to the bank (top-up) or leaves it (payout). */
export interface Movement {
  readonly id: string;
  readonly ordinal: string;
  readonly kind: MovementKind;
  readonly accountId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly note: string | null;
  readonly destination: string | null;
  readonly operators: 1 | 2;
  readonly state: MovementState;
  readonly holdId: string | null;
  readonly bankReference: string | null;
  readonly takenUpBy: string | null;
  readonly firstBy: string | null;
  readonly confirmedBy: string | null;
  readonly rejectedBy: string | null;
  readonly reason: string | null;
  readonly requestedAt: Date;
  readonly endedAt: Date | null;
}

export const MOVEMENT_COLUMNS = `movement_id AS id, ordinal, kind, account_id AS "accountId", currency, amount AS "amountMinor", note, destination, operators, state, hold_id AS "holdId", bank_reference AS "bankReference",
  taken_up_by AS "takenUpBy", first_by AS "firstBy", confirmed_by AS "confirmedBy", rejected_by AS "rejectedBy", reason, requested_at AS "requestedAt", ended_at AS "endedAt"`;

export type MovementRow = Omit<Movement, 'amountMinor'> & { readonly amountMinor: string };

export function fromRow(row: MovementRow): Movement {
  return { ...row, amountMinor: BigInt(row.amountMinor) };
}

/** Of two who decide on one at once, the second waits here for the first. @throws DomainError `ACCOUNTING.NOT_FOUND`. */
export async function lockMovement(tx: Tx, kind: MovementKind, id: string): Promise<Movement> {
  const [row] = await tx.query<MovementRow[]>(`SELECT ${MOVEMENT_COLUMNS} FROM bank_movement WHERE movement_id = $1 AND kind = $2 FOR UPDATE`, [id, kind]);
  if (!row) throw movementNotFound();
  return fromRow(row);
}

/** @throws DomainError `ACCOUNTING.NOT_IN_THIS_STATE`. */
export function assertMayBecome({ kind, state }: Movement, next: MovementState): void {
  if (!MOVEMENT_TRANSITIONS[kind][state].includes(next)) throw notInThisState(kind, state);
}

const CHANGES = {
  bankReference: 'bank_reference', takenUpBy: 'taken_up_by', firstBy: 'first_by', confirmedBy: 'confirmed_by', rejectedBy: 'rejected_by', reason: 'reason', transferId: 'transfer_id',
} as const;
export type MovementChange = { readonly [name in keyof typeof CHANGES]?: string };

/** @returns it as it is now. @throws DomainError `ACCOUNTING.BANK_REFERENCE_USED`. */
export async function moveTo(tx: Tx, { id }: Pick<Movement, 'id'>, state: MovementState, change: MovementChange): Promise<Movement> {
  const given = Object.entries(change) as [keyof typeof CHANGES, string][];
  const endedAt = state === 'confirmed' || state === 'rejected' || state === 'cancelled' ? 'now()' : 'NULL';
  try {
    const [[row]]: [MovementRow[], number] = await writePoint('accounting.move', () =>
      tx.query(`UPDATE bank_movement SET state = $2, ended_at = ${endedAt}${given.map(([name], i) => `, ${CHANGES[name]} = $${i + 3}`).join('')} WHERE movement_id = $1 RETURNING ${MOVEMENT_COLUMNS}`, [id, state, ...given.map(([, value]) => value)]));
    return fromRow(row as MovementRow);
  } catch (error) {
    throw sqlState(error) === '23505' && violatedConstraint(error) === 'bank_movement_reference' ? bankReferenceUsed() : error;
  }
}
