import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { base64ToBytes } from '../../lib/bytes/index.js';
import { type Hash, type TreeSize } from '../../lib/merkle/index.js';
import { formatCheckpoint, formatReceipt, formatVerifierKey, joinNote, type NoteSigner, parseSignerKey, signNote } from '../../lib/note/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { SigningThread } from './signing-thread.js';

/** DER of a PKCS #8 Ed25519 private key up to its 32-byte seed (RFC 8410, section 7). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

interface NativeSigner extends NoteSigner {
  readonly vkey: string;
  readonly key: KeyObject;
}

/** The same key as `parseSignerKey` reads, signing in native code: a receipt is signed for every registration. */
function createNativeSigner(signerKey: string): NativeSigner {
  const { name, keyId, verifierKey } = parseSignerKey(signerKey);
  // Base64 may itself hold «+»: the key is what stands after the fourth one, `PRIVATE+KEY+name+id+`; its first byte is the algorithm.
  const seed = base64ToBytes(signerKey.split('+').slice(4).join('+')).slice(1);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  return { name, keyId, key, vkey: formatVerifierKey(verifierKey), sign: (message) => sign(null, message, key) };
}

/** The log's own keys: what signs checkpoints and receipts. Between two keys of a rotation both sign checkpoints. */
@Injectable()
export class LogKeys implements OnModuleDestroy {
  readonly origin: string;
  /** The verifier key to publish. */
  readonly vkey: string;
  /** All that sign checkpoints now, the current first. */
  readonly vkeys: readonly string[];
  private readonly current: NativeSigner;
  private readonly thread: SigningThread;
  private readonly signers: readonly NoteSigner[];
  private readonly mergeDelayMs: number;

  constructor(@Inject(CONFIG) config: Pick<Config, 'log'>) {
    const current = createNativeSigner(config.log.signerKey);
    if (current.name !== config.log.origin) throw new Error(`LOG_KEY_FILE holds a key named «${current.name}», LOG_ORIGIN is «${config.log.origin}»: they must be the same`);
    const previous = config.log.previousSignerKey === null ? [] : [createNativeSigner(config.log.previousSignerKey)];
    this.origin = config.log.origin;
    this.vkey = current.vkey;
    this.vkeys = [current, ...previous].map((signer) => signer.vkey);
    this.current = current;
    this.thread = new SigningThread(current.key);
    this.signers = [current, ...previous];
    this.mergeDelayMs = config.log.mergeDelaySeconds * 1000;
  }

  /** A signed C2SP tlog-checkpoint. */
  signCheckpoint(treeSize: TreeSize, rootHash: Hash): string {
    return signNote(formatCheckpoint({ origin: this.origin, treeSize, rootHash }), this.signers);
  }

  /**
   * The promise to merge a statement until {@link Config.log.mergeDelaySeconds} after it was given.
   * @param promisedAt when that is: the moment of acceptance, but for a receipt that takes the place of a lost one.
   */
  signReceipt(leafHash: Hash, acceptedAt: Date, promisedAt: Date = acceptedAt): string {
    return signNote(this.formatReceipt(leafHash, acceptedAt, promisedAt), [this.current]);
  }

  /** The same receipt, signed while this thread goes on: for whoever has to wait anyhow. */
  async signReceiptAside(leafHash: Hash, acceptedAt: Date): Promise<string> {
    const text = this.formatReceipt(leafHash, acceptedAt, acceptedAt);
    const { name, keyId } = this.current;
    return joinNote(text, [{ name, keyId, signature: await this.thread.sign(text) }]);
  }

  /** Any other note of the log's, such as a verdict. @param text as it is signed, each line with its newline. */
  signNote(text: string): string {
    return signNote(text, [this.current]);
  }

  async onModuleDestroy(): Promise<void> {
    await this.thread.stop();
  }

  private formatReceipt(leafHash: Hash, acceptedAt: Date, promisedAt: Date): string {
    const mergeBy = new Date(promisedAt.getTime() + this.mergeDelayMs);
    return formatReceipt({ origin: this.origin, leafHash, acceptedAt: acceptedAt.toISOString(), mergeBy: mergeBy.toISOString() });
  }
}
