import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { createEd25519Signer, formatSignerKey, formatVerifierKey } from '../../../../src/lib/note/index.js';
import { AppendStatement } from '../../../../src/modules/log/append-statement.js';
import { LogKeys } from '../../../../src/modules/log/log-keys.js';
import { LogReader } from '../../../../src/modules/log/log-reader.js';
import { PublishTree } from '../../../../src/modules/log/publish-tree.js';
import { SequenceBatch } from '../../../../src/modules/log/sequence-batch.js';
import { TileStore } from '../../../../src/modules/log/tile-store.js';
import { DepositWork } from '../../../../src/modules/works/deposit-work.js';
import { dataSourceOptions, transact } from '../../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../../support/index.js';
import { contentOf, parsedForm } from '../../../support/work-forms.js';

export const ORIGIN = 'test.example/log';

export interface Key { readonly signerKey: string; readonly vkey: string }

export function makeKey(origin = ORIGIN): Key {
  const seed = randomBytes(32);
  return { signerKey: formatSignerKey(origin, seed), vkey: formatVerifierKey(createEd25519Signer(origin, seed).verifierKey) };
}

/** The log of one service without its HTTP side: deposits, amendments, batches and publications happen when a test says so. */
export class LogRig {
  readonly keys: LogKeys;
  readonly tiles: TileStore;
  readonly reader: LogReader;
  readonly append: AppendStatement;
  readonly batch: SequenceBatch;
  readonly publication: PublishTree;
  private readonly deposits: DepositWork;

  private constructor(readonly database: TestDatabase, readonly dataSource: DataSource, readonly dataDir: string, readonly key: Key, previous: Key | null) {
    const origin = key.vkey.split('+')[0] as string;
    this.keys = new LogKeys({ log: { origin, signerKey: key.signerKey, previousSignerKey: previous?.signerKey ?? null, mergeDelaySeconds: 86_400, sequenceIntervalMs: 50 } });
    this.tiles = new TileStore({ dataDir });
    this.reader = new LogReader(dataSource);
    this.append = new AppendStatement(this.keys);
    this.batch = new SequenceBatch(dataSource, this.keys);
    this.publication = new PublishTree(dataSource, this.tiles);
    this.deposits = new DepositWork(dataSource, this.keys, this.reader, new Registry());
  }

  static async start({ key = makeKey(), previous = null, migrated = true }: { key?: Key; previous?: Key | null; migrated?: boolean } = {}): Promise<LogRig> {
    const database = await createTestDatabase({ migrated });
    const dataDir = await mkdtemp(join(tmpdir(), 'zhengben-log-'));
    await writeFile(join(dataDir, 'log.key'), key.signerKey);
    return LogRig.on(database, dataDir, key, previous);
  }

  /** Another process on the same data. */
  static async on(database: TestDatabase, dataDir: string, key: Key, previous: Key | null = null): Promise<LogRig> {
    return new LogRig(database, await new DataSource(dataSourceOptions(database.serviceUrl, 4, () => undefined)).initialize(), dataDir, key, previous);
  }

  get logDir(): string {
    return this.tiles.root;
  }

  /** What configures a command on this log. */
  get environment(): Record<string, string> {
    return { DATABASE_URL: this.database.serviceUrl, DATABASE_MIGRATION_URL: this.database.ownerUrl, DATA_DIR: this.dataDir, LOG_KEY_FILE: join(this.dataDir, 'log.key') };
  }

  async deposit({ accountId = randomUUID(), form = {}, seed = randomUUID() }: { accountId?: string; form?: Record<string, unknown>; seed?: string } = {}): Promise<string> {
    return (await this.deposits.execute({ accountId, form: parsedForm(form), contents: [contentOf(seed)], idempotencyKey: null })).number;
  }

  /** A bare statement in the chain of `subject`. */
  async say(subject: string, body: Record<string, string> = {}, type = 'test.said'): Promise<void> {
    await transact(this.dataSource, (tx) => this.append.execute(tx, { type, subject, actor: 'test', body, sealed: [] }, []));
  }

  /** Many statements of as many subjects, quickly. */
  async sayMany(count: number): Promise<void> {
    await transact(this.dataSource, async (tx) => {
      for (let i = 0; i < count; i++) await this.append.execute(tx, { type: 'test.said', subject: `test-${randomUUID()}`, actor: 'test', body: { i }, sealed: [] }, []);
    });
  }

  /** @returns the tree size. */
  async sequence(limit = 4_096): Promise<number> {
    return (await this.batch.execute(limit))?.treeSize ?? -1;
  }

  async publish(): Promise<number> {
    await this.sequence();
    return this.publication.execute();
  }

  async stop({ keepData = false } = {}): Promise<void> {
    await this.dataSource.destroy();
    if (keepData) return;
    await this.database.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
