import type { FileDigest } from '../../../src/lib/proof/index.js';
import { answerOf, api, type Schemas } from '../api/client.ts';

export interface FoundHolders {
  readonly file: FileDigest;
  readonly match: Schemas['ContentMatch'];
}

/** Which registered works hold these files: only the digests are sent, never the files. */
export async function holdersOf(files: readonly FileDigest[]): Promise<FoundHolders[]> {
  const found: FoundHolders[] = [];
  for (const file of files) {
    const { contents } = await answerOf(api.POST('/api/v1/verify', { body: { sha256: file.sha256 } as never }));
    const [match] = contents;
    if (match) found.push({ file, match });
  }
  return found;
}
