import { findAttachedBundle, isPdf } from '../../../src/lib/certificate/index.js';
import { parseBundle, type ProofBundle } from '../../../src/lib/proof/index.js';
import { VerificationError } from '../../../src/lib/errors/index.js';

/** As the command line: what is larger is no bundle. */
const MOST_BUNDLE_BYTES = 64 * 1024 * 1024;

export interface Evidence {
  readonly bundle: { readonly name: string; readonly bundle: ProofBundle } | null;
  /** What the bundle is held against. */
  readonly files: readonly File[];
}

/** What was dropped cannot be used as it is; `reason` is a key of the page's words. */
export class UnusableEvidence extends Error {
  override readonly name = 'UnusableEvidence';
  constructor(readonly reason: 'two-bundles' | 'no-bundle', readonly fileName: string, readonly code: string = '') {
    super(`${reason}: ${fileName} ${code}`);
  }
}

/**
 * Tells the proof bundle among what was dropped from the files that it is about: by its name's ending or, whatever its name, by what it says it is; or attached to a
 * certificate. Any other PDF is a file as all others are.
 * @throws UnusableEvidence
 */
export async function readEvidence(dropped: readonly File[]): Promise<Evidence> {
  const files: File[] = [];
  let found: Evidence['bundle'] = null;
  for (const file of dropped) {
    const text = await bundleTextOf(file);
    if (text === null) {
      files.push(file);
      continue;
    }
    if (found !== null) throw new UnusableEvidence('two-bundles', file.name);
    found = { name: file.name, bundle: parse(file.name, text) };
  }
  return { bundle: found, files };
}

async function bundleTextOf(file: File): Promise<string | null> {
  const named = file.name.endsWith('.zbproof.json');
  if (file.size > MOST_BUNDLE_BYTES) {
    if (named) throw new UnusableEvidence('no-bundle', file.name, 'BUNDLE.TOO_LARGE');
    return null;
  }
  if (named) return file.text();
  if (isPdf(new Uint8Array(await file.slice(0, 5).arrayBuffer().catch(() => new ArrayBuffer(0))))) return findAttachedBundle(new Uint8Array(await file.arrayBuffer()), inflate);
  const head = await file.slice(0, 4_096).text().catch(() => '');
  return /^\s*\{/.test(head) && head.includes('"zhengben-proof/1"') ? file.text() : null;
}

async function inflate(deflated: Uint8Array, mostBytes: number): Promise<Uint8Array> {
  const stream = new Blob([deflated as BlobPart]).stream().pipeThrough(new DecompressionStream('deflate'));
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > mostBytes) throw new RangeError('too long');
    chunks.push(part.value);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

function parse(name: string, text: string): ProofBundle {
  try {
    return parseBundle(text);
  } catch (error) {
    throw new UnusableEvidence('no-bundle', name, error instanceof VerificationError ? error.code : '');
  }
}
