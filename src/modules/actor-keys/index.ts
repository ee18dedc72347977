/**
 * Actors' keys: the Ed25519 keys and wallets that accounts sign statements with, beside what the service says of them. Owns the tables account_key and
 * used_nonce. Invariants: a key is added only by who can sign with it; a nonce is taken from a key once, ever; what a revoked key signs is not taken, and what
 * it signed before stays signed; every change is a statement in the account's chain.
 */
export { ActorKeysModule } from './actor-keys.module.js';
export { FindWallets } from './find-wallets.js';
export { recoverActorKeys } from './recover-actor-keys.js';
export { type ActToSign, TakeSignature } from './take-signature.js';
