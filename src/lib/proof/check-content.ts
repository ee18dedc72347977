import { z } from 'zod';
import type { JsonValue } from '../canonical-json/index.js';
import type { ReadBundle, ReadEntry } from './entries.js';
import { type CheckOutcome, fail, pass, skipped } from './report.js';
import type { FileDigest } from './trust.js';

/** Looser than the schema of a deposit: later types of statements may say more of a content, never less. */
const contentsSchema = z.looseObject({
  contents: z.array(z.looseObject({ byteLength: z.int(), sha256: z.string(), sm3: z.string().optional() })),
});

interface KnownContent {
  readonly place: string;
  readonly subject: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly sm3: string | undefined;
}

/**
 * That every given file is one of those that the statements name. A file that is none of them fails. When the bundle shows no contents at all (a
 * confidential work whose holder disclosed none) there is nothing to compare: skipped, and the verdict cannot be «verified».
 */
export function checkContent(read: ReadBundle, bodies: ReadonlyMap<ReadEntry, JsonValue>, files: readonly FileDigest[]): CheckOutcome {
  if (files.length === 0) return skipped('no files were given');
  const known = collectContents(read, bodies);
  if (known.length === 0) return skipped('the bundle discloses no contents to compare the files with');
  const subjects = new Set<string>();
  for (const file of files) {
    const content = known.find((candidate) => candidate.sha256 === file.sha256 && candidate.byteLength === file.byteLength);
    const name = file.name ?? file.sha256;
    if (content === undefined) return fail(`${name} is none of the files that the statements name`);
    // Two digests of one file must agree, or one of them was made for another file.
    if (content.sm3 !== undefined && file.sm3 !== undefined && content.sm3 !== file.sm3) return fail(`${name} has the SHA-256 of ${content.place} and another SM3`);
    subjects.add(content.subject);
  }
  return pass(`${files.length} file(s) are contents of ${[...subjects].join(', ')}`);
}

/** Contents of the subject, or of the works that its statements name: a licence's bundle proves the licensed file. Other chains do not count. */
function collectContents({ bundle, chains }: ReadBundle, bodies: ReadonlyMap<ReadEntry, JsonValue>): KnownContent[] {
  const subjects = new Set([bundle.subject, ...(chains[0]?.entries.flatMap((entry) => entry.statement?.about ?? []) ?? [])]);
  return chains
    .filter((chain) => subjects.has(chain.subject))
    .flatMap((chain) => chain.entries.flatMap((entry) => {
      const parsed = contentsSchema.safeParse(bodies.get(entry));
      if (!parsed.success) return [];
      return parsed.data.contents.map(({ byteLength, sha256, sm3 }) => ({ place: entry.place, subject: chain.subject, byteLength, sha256, sm3 }));
    }));
}
