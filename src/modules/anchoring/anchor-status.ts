/**
 * What can become of an anchor. `prepared`: signed and stored; `broadcast`: a node took it; `anchored`: the contract itself says so in a mined
 * block; `final`: that block is not undone any more; `reopened`: it was undone, or its whole chain came back; `reverted`: mined and refused by the
 * contract; `superseded`: the contract got past it another way, and its nonce is used up; `chain-lost`: its chain is not the one in use.
 */
export type AnchorStatus = 'prepared' | 'broadcast' | 'anchored' | 'final' | 'reopened' | 'reverted' | 'superseded' | 'chain-lost';

/** The same table stands in the database (`anchor_transition`), where a trigger keeps to it. The first key is an anchor's beginning. */
export const ANCHOR_TRANSITIONS = {
  '': ['anchored', 'prepared'],
  prepared: ['anchored', 'broadcast', 'chain-lost', 'reverted', 'superseded'],
  broadcast: ['anchored', 'chain-lost', 'reverted', 'superseded'],
  anchored: ['chain-lost', 'final', 'reopened'],
  final: ['chain-lost', 'reopened'],
  reopened: ['anchored', 'broadcast', 'chain-lost', 'reverted', 'superseded'],
  reverted: ['chain-lost', 'reopened'],
  superseded: ['chain-lost', 'reopened'],
  'chain-lost': ['reopened'],
} as const satisfies Record<AnchorStatus | '', readonly AnchorStatus[]>;

/** Waiting for the chain: nothing else is anchored meanwhile. */
export const IN_FLIGHT = ['prepared', 'broadcast', 'reopened'] as const satisfies readonly AnchorStatus[];
