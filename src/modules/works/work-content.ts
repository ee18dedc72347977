import type { FILE_ROLES } from '../../lib/statement/index.js';

/** One file of a work as it will be logged. Digests are lower-case hex. */
export interface WorkContent {
  readonly name: string;
  readonly mediaType: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly sm3?: string | undefined;
  /** `held`: the service hashed the file itself; `declared`: a digest sent by its owner. */
  readonly deposit: 'held' | 'declared';
  readonly role?: (typeof FILE_ROLES)[number] | undefined;
}
