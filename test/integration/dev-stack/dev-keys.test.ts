import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeAddress } from 'ethers';
import { ensureDevKeys } from '../../../src/dev-stack/index.js';
import { openNote, parseSignerKey, signNote } from '../../../src/lib/note/index.js';

const origin = 'localhost/zhengben-test';

describe('ensureDevKeys', () => {
  let dataDir: string;
  beforeEach(async () => { dataDir = await mkdtemp(join(tmpdir(), 'zhengben-keys-')); });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('makes each key once, however many ask at the same time, readable by its owner only', async () => {
    const [files] = await Promise.all(Array.from({ length: 5 }, () => ensureDevKeys({ dataDir, origin })));
    if (files === undefined) throw new Error('no files');
    const read = () => Promise.all([files.logKeyFile, files.anchorKeyFile].map((path) => readFile(path, 'utf8')));
    const [logKey, anchorKey] = await read();
    await ensureDevKeys({ dataDir, origin });
    await expect(read()).resolves.toEqual([logKey, anchorKey]);

    const signer = parseSignerKey(String(logKey).trimEnd());
    expect(signer.name).toBe(origin);
    expect(openNote(signNote('text\n', [signer]), [signer.verifierKey]).text).toBe('text\n');
    expect(computeAddress(String(anchorKey).trimEnd())).toMatch(/^0x[0-9a-fA-F]{40}$/);
    for (const path of [files.logKeyFile, files.anchorKeyFile]) expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readdir(join(dataDir, 'keys'))).toSorted()).toEqual(['anchor.key', 'log.key']);
  });

  it('refuses another origin, a damaged key, and a key that others can read', async () => {
    const { logKeyFile, anchorKeyFile } = await ensureDevKeys({ dataDir, origin });
    const bad = { code: 'DEV_STACK.BAD_KEY_FILE' };
    await expect(ensureDevKeys({ dataDir, origin: 'elsewhere/log' })).rejects.toMatchObject(bad);
    await chmod(anchorKeyFile, 0o644);
    await expect(ensureDevKeys({ dataDir, origin })).rejects.toMatchObject(bad);
    await chmod(anchorKeyFile, 0o600);
    await writeFile(anchorKeyFile, `0x${'00'.repeat(32)}\n`);
    await expect(ensureDevKeys({ dataDir, origin })).rejects.toMatchObject(bad);
    await writeFile(logKeyFile, 'PRIVATE+KEY+half\n');
    await expect(ensureDevKeys({ dataDir, origin })).rejects.toMatchObject(bad);
  });
});
