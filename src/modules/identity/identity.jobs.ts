import { z } from 'zod';
import { defineJob } from '../../platform/jobs/index.js';

// Payloads name addresses, never tokens: the job makes the token, so that only its digest is ever stored.

/** After a sign-up, or a repeated request: a link that verifies the address. */
export const sendVerification = defineJob('identity.send-verification', z.object({ email: z.string() }));

/** Someone signed up with an address that has an account: its holder is told, the one who signed up is not. */
export const sendAlreadyRegistered = defineJob('identity.send-already-registered', z.object({ email: z.string() }));

/** A link that sets a new password, if there is such an account. */
export const sendPasswordReset = defineJob('identity.send-password-reset', z.object({ email: z.string() }));
