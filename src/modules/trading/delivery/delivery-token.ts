import { createHash } from 'node:crypto';
import { drawRandomBytes } from '../../../platform/random/index.js';

const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits as base64url. */
export function drawToken(): string {
  return Buffer.from(drawRandomBytes(TOKEN_BYTES)).toString('base64url');
}

/** What is stored of a token, which is random by itself: a plain digest is enough. Null for what cannot be one. */
export function hashToken(token: string): Buffer | null {
  return TOKEN.test(token) ? createHash('sha256').update(token).digest() : null;
}
