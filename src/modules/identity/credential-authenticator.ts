import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import type { Authenticator, Caller } from '../../platform/http/index.js';
import { type Credential, credentialOf } from './credentials.js';
import { CredentialsCache, type Found } from './credentials-cache.js';
import { hashSecret } from './secrets.js';

/** API keys and sessions; the hot path reads the cache only. */
@Injectable()
export class CredentialAuthenticator implements Authenticator {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CredentialsCache) private readonly cache: CredentialsCache,
  ) {}

  recall(request: FastifyRequest): Caller | null | undefined {
    const credential = credentialOf(request);
    if (credential === null) return null;
    return credential.kind === 'malformed' ? undefined : this.cache.recall(credential.secret);
  }

  async authenticate(request: FastifyRequest): Promise<Caller | null> {
    const credential: Credential = credentialOf(request);
    if (credential === null || credential.kind === 'malformed') return null;
    const { kind, secret } = credential;
    return this.cache.lookUp(secret, () => (kind === 'api-key' ? this.findApiKey(secret) : this.findSession(secret)));
  }

  private async findApiKey(key: string): Promise<Found | null> {
    const rows: { api_key_id: string; account_id: string; scopes: string[]; stale: boolean }[] = await this.dataSource.query(
      `SELECT api_key_id, account_id, scopes, last_used_at IS NULL OR last_used_at < now() - interval '1 hour' AS stale
         FROM api_key WHERE key_hash = $1 AND revoked_at IS NULL`,
      [hashSecret(key)],
    );
    const row = rows[0];
    if (!row) return null;
    if (row.stale) await this.dataSource.query('UPDATE api_key SET last_used_at = now() WHERE api_key_id = $1', [row.api_key_id]);
    return { caller: { accountId: row.account_id, via: 'api-key', scopes: new Set(row.scopes) }, apiKeyId: row.api_key_id, expiresAt: null };
  }

  private async findSession(token: string): Promise<Found | null> {
    const rows: { account_id: string; expires_at: Date }[] = await this.dataSource.query(
      'SELECT account_id, expires_at FROM session WHERE token_hash = $1 AND expires_at > now()',
      [hashSecret(token)],
    );
    const row = rows[0];
    return row ? { caller: { accountId: row.account_id, via: 'session', scopes: 'all' }, apiKeyId: null, expiresAt: row.expires_at } : null;
  }
}
