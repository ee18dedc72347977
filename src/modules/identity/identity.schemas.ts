import { z } from 'zod';
import { API_KEY_SCOPES } from './api-key-scopes.js';

// Control characters and bidirectional overrides make one name look like another.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const visibleText = (most: number) =>
  z.string().trim().min(1).max(most).refine((text) => !INVISIBLE.test(text), 'must not hold control or invisible characters');

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email()).meta({ description: 'Compared without case' });

/** Length only (NIST SP 800-63B, section 3.1.1.2): rules of composition make passwords worse. */
export const newPassword = z.string().min(10).max(200).meta({ format: 'password' });

/** Whatever was allowed once can be tried. */
const givenPassword = z.string().min(1).max(200).meta({ format: 'password' });

const locale = z.enum(['zh', 'en']).meta({ description: 'Language of mails; by default that of Accept-Language' });

export const createAccountBody = z.strictObject({ email, password: newPassword, displayName: visibleText(100), locale: locale.optional() });
export type CreateAccountBody = z.infer<typeof createAccountBody>;

export const changeAccountBody = z.strictObject({ locale: locale.optional(), noticeMails: z.boolean().optional().meta({ description: 'Whether notices that should not be missed are mailed as well, to a verified address' }) })
  .refine((change) => Object.keys(change).length > 0, 'says what is to change');
export type ChangeAccountBody = z.infer<typeof changeAccountBody>;

export const createAccountAnswer = z.object({ email: z.string(), displayName: z.string(), emailVerified: z.literal(false) });

export const signInBody = z.strictObject({ email, password: givenPassword });
export type SignInBody = z.infer<typeof signInBody>;

const time = z.iso.datetime();

export const accountAnswer = z.object({
  id: z.uuid(), email: z.string(), displayName: z.string(), emailVerified: z.boolean(), locale: z.enum(['zh', 'en']), noticeMails: z.boolean(), createdAt: time,
});
export type AccountAnswer = z.infer<typeof accountAnswer>;

export const sessionAnswer = z.object({ account: accountAnswer, expiresAt: time });
export type SessionAnswer = z.infer<typeof sessionAnswer>;

export const createApiKeyBody = z.strictObject({
  name: visibleText(100),
  scopes: z.array(z.enum(API_KEY_SCOPES)).min(1).max(API_KEY_SCOPES.length).transform((scopes) => [...new Set(scopes)].toSorted()),
});
export type CreateApiKeyBody = z.output<typeof createApiKeyBody>;

export const createdApiKeyAnswer = z.object({
  id: z.uuid(), key: z.string().meta({ description: 'Shown this once' }), name: z.string(), scopes: z.array(z.string()), createdAt: time,
});
export type CreatedApiKeyAnswer = z.infer<typeof createdApiKeyAnswer>;

export const apiKeyAnswer = z.object({ id: z.uuid(), name: z.string(), scopes: z.array(z.string()), createdAt: time, lastUsedAt: time.nullable() });
export type ApiKeyAnswer = z.infer<typeof apiKeyAnswer>;

export const uuidParameter = z.uuid();
export const resetRequestBody = z.strictObject({ email });
const token = z.string().min(20).max(100);
export const resetPasswordBody = z.strictObject({ token, password: newPassword });
export const verifyEmailBody = z.strictObject({ token });
