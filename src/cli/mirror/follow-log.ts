import { equalBytes } from '../../lib/bytes/index.js';
import { parseVerifierKey } from '../../lib/note/index.js';
import {
  downloadTree, type ForkProof, type KeyChange, type LogSource, NoteVerifier, parseKeyChange, proveFork, removePartials, rootAt, ServedTreeError, type SignedHead,
} from '../../platform/tlog/index.js';
import { CliError } from '../cli-error.js';
import { type MirrorStore, openHead } from './mirror-store.js';

const MAX_CHECKPOINT = 1_000_000;

/** The log said two things that cannot both be true, or serves what it did not sign. Exit code 1. */
export class AuditError extends CliError {
  constructor(message: string) {
    super(message, 1);
  }
}

export interface FollowOptions {
  readonly say: (line: string) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Follows one log into one directory. Every step leaves the directory a valid log, whenever it is cut. */
export class LogFollower {
  private constructor(
    private readonly source: LogSource,
    private readonly store: MirrorStore,
    private readonly verifier: NoteVerifier,
    private readonly options: FollowOptions,
    private head: SignedHead | null,
  ) {}

  /**
   * Pins the log's key, told or (the first time only) the one that the log itself names, and checks the directory against every checkpoint that it has seen.
   * @throws AuditError when the directory contradicts one of them; CliError when there is no key, or another than the pinned one was told.
   */
  static async open(source: LogSource, store: MirrorStore, toldKeys: readonly string[], options: FollowOptions): Promise<LogFollower> {
    const verifier = new NoteVerifier(await pinKeys(source, store, toldKeys, options.say));
    const head = await store.head(verifier);
    const follower = new LogFollower(source, store, verifier, options, head);
    await store.mendSeen();
    await follower.checkSeen();
    return follower;
  }

  /** The newest checkpoint whose tree is here. */
  get current(): SignedHead | null {
    return this.head;
  }

  /** Fetches the newest checkpoint and everything that it adds. @returns whether the mirror has grown. @throws AuditError. */
  async step(): Promise<boolean> {
    const note = (await this.source.get('checkpoint', MAX_CHECKPOINT))?.toString('utf8');
    if (note === undefined) throw new CliError(`${this.source.name} has no checkpoint`, 1);
    const fresh = await this.openFresh(note);
    if (fresh.treeSize <= (this.head?.treeSize ?? 0)) {
      await this.assertPrefix(fresh);
      return false;
    }
    const changes: KeyChange[] = [];
    const before = this.head?.treeSize ?? 0;
    let wrongTiles: string[];
    try {
      wrongTiles = await downloadTree({
        source: this.source, store: this.store, from: before, to: fresh,
        onEntry: (_, entry) => {
          const change = parseKeyChange(entry);
          if (change) changes.push(change);
        },
        onProgress: (done) => this.options.onProgress?.(done, fresh.treeSize),
      });
    } catch (error) {
      if (!(error instanceof Error && (error instanceof ServedTreeError || error.name === 'VerificationError'))) throw error;
      throw await this.accuse(fresh, error);
    }
    await this.store.put('checkpoint', note);
    await this.store.addSeen(note);
    await removePartials(this.store, before, fresh.treeSize);
    this.head = fresh;
    await this.trustNewKeys(changes);
    if (wrongTiles.length > 0) {
      throw new AuditError(`the entries are as signed, but ${wrongTiles.length} tiles that ${this.source.name} serves are missing or wrong, the first: ${wrongTiles[0]}. The mirror has the right ones.`);
    }
    return true;
  }

  private async openFresh(note: string): Promise<SignedHead> {
    try {
      const fresh = openHead(note, this.verifier);
      if (!this.verifier.vkeys.some((vkey) => parseVerifierKey(vkey).name === fresh.origin)) throw new Error(`its origin is «${fresh.origin}»`);
      return fresh;
    } catch (error) {
      throw new AuditError(`the checkpoint of ${this.source.name} is not signed by a key that this mirror trusts: ${(error as Error).message}. If the log has a new key and you know it to be genuine: --log-key VKEY`);
    }
  }

  /** A checkpoint that is not newer must be a prefix of what is here. */
  private async assertPrefix(other: SignedHead): Promise<void> {
    if (!this.head || other.treeSize === 0) return;
    const own = this.ownTiles();
    if (equalBytes(await rootAt(own, other.treeSize, this.head.treeSize), other.rootHash)) {
      if (other.note !== this.head.note && other.treeSize < this.head.treeSize) this.options.say(`${this.source.name} serves an older checkpoint, of size ${other.treeSize}; it is consistent`);
      return;
    }
    const proof = await proveFork(own, other, this.head);
    if (proof) throw await this.publishFork(proof);
    throw new Error(`the tiles in ${this.store.root} do not belong to its checkpoint: delete the directory and mirror again`);
  }

  private async accuse(fresh: SignedHead, error: Error): Promise<AuditError> {
    const proof = this.head === null ? null : await proveFork(this.source, this.head, fresh).catch(() => null);
    if (proof) return this.publishFork(proof);
    const path = await this.store.keepEvidence('not-served', { checkpoint: fresh.note, source: this.source.name, problem: error.message });
    return new AuditError(`${error.message}. That alone proves no fork: whoever answers may be broken. The checkpoint is kept in ${path}; nothing else was taken over.`);
  }

  private async publishFork(proof: ForkProof): Promise<AuditError> {
    const path = await this.store.keepEvidence('misconduct', { found: 'two signed checkpoints of one log contradict each other', source: this.source.name, logKeys: this.verifier.vkeys, ...proof });
    return new AuditError(`PROOF OF MISCONDUCT: the log signed two checkpoints that cannot both be true.\n\n${proof.older}\n${proof.newer}\nKept with the consistency proof in ${path}. The mirror stays as it was.`);
  }

  /** What was seen before must still be true of what is here; a mirror mended by hand, or half restored, is not. */
  private async checkSeen(): Promise<void> {
    let headIsSeen = this.head === null;
    const own = this.ownTiles();
    for await (const note of this.store.seen()) {
      const seen = openHead(note, this.verifier);
      headIsSeen ||= seen.note === this.head?.note;
      if (seen.treeSize === 0) continue;
      if (!this.head || seen.treeSize > this.head.treeSize) throw new AuditError(`${this.store.root} has seen a checkpoint of size ${seen.treeSize}, but holds only ${this.head?.treeSize ?? 0} entries: it was restored from an older copy. Delete all of it but .mirror and mirror again.`);
      if (!equalBytes(await rootAt(own, seen.treeSize, this.head.treeSize), seen.rootHash)) {
        const proof = await proveFork(own, seen, this.head);
        throw proof ? await this.publishFork(proof) : new AuditError(`the tiles in ${this.store.root} are damaged: delete all of it but .mirror and mirror again`);
      }
    }
    if (!headIsSeen && this.head) await this.store.addSeen(this.head.note);
  }

  private async trustNewKeys(changes: readonly KeyChange[]): Promise<void> {
    for (const { from, to } of changes) {
      if (!this.verifier.vkeys.includes(from) || this.verifier.vkeys.includes(to)) continue;
      this.verifier.add(to);
      await this.store.keepKeys(this.verifier.vkeys);
      this.options.say(`the log has logged that its key changes; trusting ${to} from now on as well`);
    }
  }

  private ownTiles(): LogSource {
    return { name: this.store.root, get: (path) => this.store.get(path) };
  }
}

async function pinKeys(source: LogSource, store: MirrorStore, told: readonly string[], say: (line: string) => void): Promise<readonly string[]> {
  const pinned = await store.keys();
  if (pinned.length > 0) {
    const added = told.filter((vkey) => !pinned.includes(vkey));
    if (added.length === 0) return pinned;
    const all = [...pinned, ...added];
    if (new Set(all.map((vkey) => parseVerifierKey(vkey).name)).size > 1) throw new CliError(`${store.root} mirrors the log of ${pinned[0]}; that key names another log. Use another directory.`);
    await store.keepKeys(all);
    say(`trusting ${added.join(', ')} from now on as well`);
    return all;
  }
  const keys = told.length > 0 ? told : await askLog(source);
  await store.keepKeys(keys);
  if (told.length === 0) say(`TRUST ON FIRST USE: no --log-key was given; this mirror trusts from now on what ${source.name} says its key is:\n  ${keys.join('\n  ')}\nCompare it with one that you learnt from somewhere else.`);
  return keys;
}

async function askLog(source: LogSource): Promise<string[]> {
  const text = await source.get('vkey', 10_000);
  if (text === null) throw new CliError(`${source.name} does not say its key: give it with --log-key VKEY`);
  const keys = text.toString('utf8').split('\n').filter((line) => line !== '');
  for (const key of keys) parseVerifierKey(key);
  return keys.toReversed();
}
