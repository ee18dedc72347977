import type { Movement, MovementKind, MovementState } from './movement.js';

/** A top-up or payout as its owner sees it. */
export interface MovementView {
  readonly id: string;
  readonly kind: MovementKind;
  readonly state: MovementState;
  readonly currency: string;
  readonly amountMinor: string;
  readonly note: string | null;
  readonly destination?: string | null;
  readonly bankReference: string | null;
  /** How many operators have to confirm it. */
  readonly operatorsNeeded: number;
  /** Why it was rejected. */
  readonly reason: string | null;
  readonly requestedAt: string;
  readonly endedAt: string | null;
  /** For operators only: whose it is, and who did what. */
  readonly account?: string;
  readonly takenUpBy?: string | null;
  readonly firstConfirmedBy?: string | null;
  readonly confirmedBy?: string | null;
  readonly rejectedBy?: string | null;
}

export function toOwnerView({ id, kind, state, currency, amountMinor, note, destination, bankReference, operators, reason, requestedAt, endedAt }: Movement): MovementView {
  return {
    id, kind, state, currency, amountMinor: amountMinor.toString(), note, ...(kind === 'payout' ? { destination } : {}), bankReference: state === 'confirmed' ? bankReference : null, operatorsNeeded: operators, reason,
    requestedAt: requestedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null,
  };
}

export function toOperatorView(movement: Movement): MovementView {
  const { accountId: account, bankReference, takenUpBy, firstBy: firstConfirmedBy, confirmedBy, rejectedBy } = movement;
  return { ...toOwnerView(movement), bankReference, account, takenUpBy, firstConfirmedBy, confirmedBy, rejectedBy };
}
