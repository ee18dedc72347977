import type { DataSource } from 'typeorm';
import { bytesToHex, equalBytes } from '../../lib/bytes/index.js';
import { type Ed25519Signer, parseCheckpoint } from '../../lib/note/index.js';
import { transact } from '../../platform/database/index.js';
import { hashEntry, type LogSource, NoteVerifier, readEntriesOf, TileTree, walkEntries } from '../../platform/tlog/index.js';
import { AppendStatement, type AppendedStatement } from './append-statement.js';
import type { LogKeys } from './log-keys.js';
import { signLogAct } from './rotate-key.js';

export interface Succession {
  /** A mirror of the log that ends. */
  readonly source: LogSource;
  /** Its verifier keys. */
  readonly vkeys: readonly string[];
  /** Its last good size; that of the mirror's checkpoint when null. */
  readonly treeSize: number | null;
  /** The contract that anchored it, 0x and 40 hex digits. */
  readonly chainId: number;
  readonly contract: string;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Predecessor {
  readonly origin: string;
  readonly treeSize: number;
  /** Hex. */
  readonly rootHash: string;
}

/** The old log's last good head, from its entries. @throws VerificationError when its checkpoint is not signed; RangeError when it does not hold that. */
export async function readPredecessor({ source, vkeys, treeSize, onProgress }: Succession): Promise<Predecessor> {
  const note = await source.get('checkpoint', 1_000_000);
  if (note === null) throw new RangeError(`${source.name} holds no checkpoint`);
  const head = parseCheckpoint(new NoteVerifier(vkeys).open(note.toString('utf8')).text);
  const size = treeSize ?? head.treeSize;
  if (size < 1 || size > head.treeSize) throw new RangeError(`${source.name} ends at tree size ${head.treeSize}: ${size} is not in it`);
  const tree = new TileTree();
  let rootHash = '';
  for await (const { start, entries } of walkEntries(0, head.treeSize, (index, width) => readEntriesOf(source, index, width))) {
    for (const entry of entries) {
      tree.append(hashEntry(entry));
      if (tree.size === size) rootHash = bytesToHex(tree.root());
    }
    onProgress?.(start + entries.length, head.treeSize);
  }
  if (!equalBytes(tree.root(), head.rootHash)) throw new RangeError(`the entries of ${source.name} do not give the root of its checkpoint: use another mirror`);
  return { origin: head.origin, treeSize: size, rootHash };
}

/**
 * Begins a log that takes the place of another: its first statement, `log.succeeds`, names the other's last good head and contract.
 * @throws RangeError when this log has begun already, or has the other's name.
 */
export async function succeedLog(dataSource: DataSource, keys: LogKeys, signer: Ed25519Signer, predecessor: Predecessor, contract: Pick<Succession, 'chainId' | 'contract'>, now = new Date()): Promise<AppendedStatement> {
  if (predecessor.origin === keys.origin) throw new RangeError(`both logs are named «${keys.origin}»: a successor has a name and a key of its own`);
  return transact(dataSource, async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('zhengben.sequencer'))`);
    const [begun]: { exists: boolean }[] = await tx.query('SELECT EXISTS (SELECT 1 FROM statement) OR (SELECT tree_size > 0 FROM log_head) AS exists');
    if (begun?.exists !== false) throw new RangeError('this log has begun already: a succession is the first statement of a new, empty database');
    const body = { origin: predecessor.origin, treeSize: predecessor.treeSize, rootHash: predecessor.rootHash, chainId: contract.chainId, contract: contract.contract.toLowerCase() };
    return new AppendStatement(keys).execute(tx, signLogAct(keys.origin, 'log.succeeds', body, [signer], now), [], now);
  });
}

