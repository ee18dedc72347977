/** What an API key may be given. Routes name what they need by `@Scopes`; a test holds the two together. */
export const API_KEY_SCOPES = ['account:read', 'works:read', 'works:write'] as const;

export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];
