import type { WorkForm } from '../../lib/api-schema/index.js';
import type { Statement } from '../../lib/statement/index.js';
import type { linksOf } from './work-links.js';
import type { Progress } from './work-status.js';

/** What stands in a form, as far as the caller may see it: any member may be sealed. */
type Shown<T> = T extends readonly (infer Item)[] ? readonly Shown<Item>[] : T extends object ? { readonly [Member in keyof T]?: Shown<T[Member]> } : T;

export interface ContentView {
  /** Sealed of a confidential work, erased, or never given. */
  readonly name?: string;
  readonly mediaType: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly sm3?: string;
  /** `held`: the service hashed the file itself; `declared`: its owner sent the digest. */
  readonly deposit: 'held' | 'declared';
  readonly role?: string;
}

/** The deposit, with what amendments replaced. */
export type WorkBody = Shown<Omit<WorkForm, 'claim'>> & { readonly contents?: readonly ContentView[]; readonly claim?: 'rival' };

/** Where a statement stands: of which work, in which block. */
export interface StatementReference {
  readonly id: string;
  readonly leafHash: string;
}

/** A work as its statements leave it, as the caller may see it. */
export interface WorkView extends WorkBody, Progress {
  readonly number: string;
  readonly withdrawnAt: string | null;
  /** Of the deposit. */
  readonly statement: StatementReference;
  readonly receipt: string;
  /** Whether the caller deposited it. */
  readonly isOwner: boolean;
  readonly links: ReturnType<typeof linksOf>;
}

/** One statement of a chain, and how far it has come. */
export interface HistoryItem extends Progress {
  readonly seq: number;
  readonly type: string;
  readonly leafHash: string;
  readonly receipt: string;
  readonly statement: Statement;
  /** Those that the caller may see. */
  readonly disclosures: readonly string[];
}

export interface WorkHistory {
  readonly items: readonly HistoryItem[];
}

export interface RegisteredWork {
  readonly number: string;
  readonly status: 'accepted';
  readonly statement: StatementReference;
  readonly receipt: string;
  readonly links: ReturnType<typeof linksOf>;
}
