/**
 * Who someone is: accounts, sessions of the page, API keys of programs. Owns the tables account, session, api_key, one_time_token and throttle.
 *
 * Invariants: secrets are stored as digests only; an answer to a stranger never says whether an address has an account; a revoked
 * credential is refused at once by the process that revoked it, and within 5 seconds by the others; an API key never does what its scopes do not name.
 */
export { API_KEY_SCOPES, type ApiKeyScope } from './api-key-scopes.js';
export { createDemoAccount, type DemoAccount, type DemoIdentity } from './create-demo-account.js';
export { FindAccounts } from './find-accounts.js';
export { type KnownAccount, findAccountByEmail, findKnownAccounts } from './known-accounts.js';
export { findMailRecipient, type MailRecipient } from './mail-recipient.js';
export { IdentityModule } from './identity.module.js';
export { ReadAccount } from './read-account.js';
