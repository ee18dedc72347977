/**
 * What an API key may be given. Routes name what they need by `@Scopes`; a test holds the two together. `rights:write` is apart from `works:write`: a key that
 * deposits, in a camera or a pipeline, cannot license or assign away what it deposited; and neither spends what its account has (`money:write`).
 */
export const API_KEY_SCOPES = ['account:read', 'works:read', 'works:write', 'rights:write', 'money:read', 'money:write'] as const;

export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];
