import type { JsonValue } from '../canonical-json/index.js';
import { VerificationError } from '../errors/index.js';
import { applyDisclosures, DisclosureError } from '../statement/index.js';
import type { ReadBundle, ReadEntry } from './entries.js';
import { type CheckOutcome, fail, pass, skipped } from './report.js';

export interface OpenedBodies {
  readonly outcome: CheckOutcome;
  /** Bodies with their disclosures in place; an entry whose disclosures do not fit is absent. */
  readonly bodies: ReadonlyMap<ReadEntry, JsonValue>;
}

/** That every disclosure opens a digest of its own statement, at a place of its own that is not open already. */
export function checkDisclosures({ entries }: ReadBundle): OpenedBodies {
  const bodies = new Map<ReadEntry, JsonValue>();
  const faults: string[] = [];
  let count = 0;
  for (const read of entries) {
    const { statement, entry, place } = read;
    count += entry.disclosures.length;
    if (statement === null) {
      if (entry.disclosures.length > 0) faults.push(`${place} has disclosures and no statement`);
      continue;
    }
    try {
      bodies.set(read, applyDisclosures(statement.body, statement.sealed, entry.disclosures));
    } catch (error) {
      if (!(error instanceof DisclosureError || error instanceof VerificationError)) throw error;
      faults.push(`${place}/disclosures: ${error.message}`);
    }
  }
  const [fault] = faults;
  if (fault !== undefined) return { outcome: fail(fault), bodies };
  return { outcome: count === 0 ? skipped('nothing is disclosed') : pass(`${count} disclosure(s) belong to their statements`), bodies };
}
