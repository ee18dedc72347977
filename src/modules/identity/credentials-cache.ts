import type { Caller } from '../../platform/http/index.js';

/** How long another process may go on accepting what was revoked here. */
const LIFE_MS = 5_000;
const MOST_ENTRIES = 20_000;

interface Entry {
  readonly caller: Caller;
  /** The API key or null for a session. */
  readonly apiKeyId: string | null;
  readonly goodUntil: number;
}

export interface Found {
  readonly caller: Caller;
  readonly apiKeyId: string | null;
  /** The session ends by then; null when the credential has no end. */
  readonly expiresAt: Date | null;
}

/**
 * Callers by their credential, for a few seconds, so that the hot path asks the database once in 5 s for each of them.
 * Requests that come while the database is asked share the answer. What is revoked in this process is forgotten at once.
 */
export class CredentialsCache {
  private readonly entries = new Map<string, Entry>();
  private readonly lookups = new Map<string, Promise<Found | null>>();
  /** Grows with every revocation: what was looked up before one is not kept after it. */
  private revocations = 0;

  recall(credential: string): Caller | undefined {
    const entry = this.entries.get(credential);
    if (!entry) return undefined;
    if (entry.goodUntil > Date.now()) return entry.caller;
    this.entries.delete(credential);
    return undefined;
  }

  async lookUp(credential: string, find: () => Promise<Found | null>): Promise<Caller | null> {
    let lookup = this.lookups.get(credential);
    if (!lookup) {
      const revocations = this.revocations;
      lookup = find()
        .then((found) => {
          if (found && revocations === this.revocations) this.keep(credential, found);
          return found;
        })
        .finally(() => {
          if (this.lookups.get(credential) === lookup) this.lookups.delete(credential);
        });
      this.lookups.set(credential, lookup);
    }
    return (await lookup)?.caller ?? null;
  }

  forgetCredential(credential: string): void {
    this.forget((_, key) => key === credential);
  }

  forgetApiKey(apiKeyId: string): void {
    this.forget((entry) => entry.apiKeyId === apiKeyId);
  }

  /** All sessions of an account; its API keys stay. */
  forgetSessions(accountId: string): void {
    this.forget((entry) => entry.caller.accountId === accountId && entry.apiKeyId === null);
  }

  private forget(matches: (entry: Entry, credential: string) => boolean): void {
    this.revocations++;
    this.lookups.clear();
    for (const [credential, entry] of this.entries) if (matches(entry, credential)) this.entries.delete(credential);
  }

  private keep(credential: string, { caller, apiKeyId, expiresAt }: Found): void {
    if (this.entries.size >= MOST_ENTRIES) {
      const oldest = this.entries.keys().next().value;
      if (oldest !== undefined) this.entries.delete(oldest);
    }
    this.entries.set(credential, { caller, apiKeyId, goodUntil: Math.min(Date.now() + LIFE_MS, expiresAt?.getTime() ?? Infinity) });
  }
}
