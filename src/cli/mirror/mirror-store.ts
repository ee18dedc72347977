import { createReadStream } from 'node:fs';
import { mkdir, open, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { parseCheckpoint } from '../../lib/note/index.js';
import { FileStore } from '../../platform/blobs/file-store.js';
import type { NoteVerifier, SignedHead } from '../../platform/tlog/index.js';

const KEYS = '.mirror/log-keys';
const SEEN = '.mirror/checkpoints.jsonl';

/**
 * A mirror's directory: a log as C2SP tlog-tiles that any web server may serve, and beside it, in `.mirror`, whom the auditor trusts and every checkpoint
 * that it has seen. Evidence of misconduct stands in `evidence`.
 */
export class MirrorStore extends FileStore {
  /** The vkeys that this mirror trusts; empty at first. */
  async keys(): Promise<string[]> {
    const text = await this.get(KEYS);
    return text === null ? [] : text.toString('utf8').split('\n').filter((line) => line !== '');
  }

  async keepKeys(vkeys: readonly string[]): Promise<void> {
    await this.put(KEYS, vkeys.map((vkey) => `${vkey}\n`).join(''));
    await this.put('vkey', vkeys.toReversed().map((vkey) => `${vkey}\n`).join(''));
  }

  /** The checkpoint that the files here belong to; null before the first. @throws VerificationError when it is not signed by a trusted key. */
  async head(verifier: NoteVerifier): Promise<SignedHead | null> {
    const note = await this.get('checkpoint');
    return note === null ? null : openHead(note.toString('utf8'), verifier);
  }

  /** Every checkpoint that was seen, in the order of seeing. */
  async *seen(): AsyncGenerator<string> {
    if ((await this.get(SEEN)) === null) return;
    for await (const line of createInterface({ input: createReadStream(this.pathOf(SEEN)), crlfDelay: Infinity })) {
      if (line !== '') yield (JSON.parse(line) as { note: string }).note;
    }
  }

  /** Cuts off what an interrupted append has left. */
  async mendSeen(): Promise<void> {
    const bytes = await this.get(SEEN);
    if (bytes && bytes.length > 0 && bytes.at(-1) !== 0x0a) await truncate(this.pathOf(SEEN), bytes.lastIndexOf(0x0a) + 1);
  }

  async addSeen(note: string): Promise<void> {
    await mkdir(dirname(this.pathOf(SEEN)), { recursive: true });
    const file = await open(this.pathOf(SEEN), 'a');
    try {
      await file.appendFile(`${JSON.stringify({ seenAt: new Date().toISOString(), note })}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** @returns the path of the file, for people. */
  async keepEvidence(name: string, content: unknown): Promise<string> {
    const path = `evidence/${new Date().toISOString().replaceAll(':', '-')}-${name}.json`;
    await this.put(path, `${JSON.stringify(content, null, 2)}\n`);
    return this.pathOf(path);
  }
}

/** @throws VerificationError when it is no checkpoint of that key's log, or not signed by a trusted key. */
export function openHead(note: string, verifier: NoteVerifier): SignedHead & { readonly origin: string } {
  const { text } = verifier.open(note);
  return { ...parseCheckpoint(text), note };
}
