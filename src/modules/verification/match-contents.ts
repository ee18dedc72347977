import { Injectable } from '@nestjs/common';
import { FindHolders, type Holder } from '../works/index.js';
import type { Evidence } from './evidence.js';

export interface ContentMatch {
  readonly name: string | null;
  readonly byteLength: number | null;
  readonly sha256: string | null;
  readonly sm3: string | null;
  /** The oldest deposit first. */
  readonly works: readonly Holder[];
  /** There are further works: `GET /works?sha256=` lists them all. */
  readonly more: boolean;
}

/** Which works hold what the caller has. */
@Injectable()
export class MatchContents {
  constructor(private readonly findHolders: FindHolders) {}

  /** One content after the other: finding its holders is many questions already. */
  async execute(contents: Evidence['contents'], accountId: string | null): Promise<ContentMatch[]> {
    const matches: ContentMatch[] = [];
    for (const { name = null, byteLength = null, sha256 = null, sm3 = null } of contents) {
      // Of a file both digests are known; SHA-256 is the one that every deposit has.
      const digest = sha256 === null ? { algorithm: 'sm3' as const, hex: sm3 ?? '' } : { algorithm: 'sha256' as const, hex: sha256 };
      matches.push({ name, byteLength, sha256, sm3, ...(await this.findHolders.execute(digest, accountId)) });
    }
    return matches;
  }
}
