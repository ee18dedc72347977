import { Injectable } from '@nestjs/common';
import { AnchorReader, type AnchorView } from '../anchoring/index.js';
import type { ChainEntry } from '../log/index.js';

export type WorkStatus = 'accepted' | 'logged' | 'anchored' | 'final';

export interface Progress {
  readonly status: WorkStatus;
  readonly timeline: { readonly acceptedAt: string; readonly loggedAt: string | null; readonly anchoredAt: string | null; readonly finalAt: string | null };
  readonly leafIndex: number | null;
  readonly anchor: AnchorView | null;
}

/** How far a statement has come: `accepted → logged → anchored → final`. */
@Injectable()
export class ReadProgress {
  constructor(private readonly anchors: AnchorReader) {}

  async execute(entry: ChainEntry): Promise<Progress> {
    const anchor = entry.leafIndex === null ? null : await this.anchors.covering(entry.leafIndex);
    return {
      status: anchor?.status ?? (entry.leafIndex === null ? 'accepted' : 'logged'),
      timeline: {
        acceptedAt: entry.acceptedAt.toISOString(),
        loggedAt: entry.leafIndex === null ? null : (entry.loggedAt?.toISOString() ?? null),
        anchoredAt: anchor?.anchoredAt ?? null,
        finalAt: anchor?.finalAt ?? null,
      },
      leafIndex: entry.leafIndex,
      anchor,
    };
  }
}
