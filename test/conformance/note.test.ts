import { base64ToBytes, bytesToBase64, decodeUtf8 } from '../../src/lib/bytes/index.js';
import { formatCheckpoint, formatVerifierKey, type OpenedNote, openNote, parseCheckpoint, parseVerifierKey } from '../../src/lib/note/index.js';
import { codeOf } from '../unit/lib/code-of.js';
import { describeConformance, readVectors } from './vectors.js';

interface Vectors {
  vkeys: { good: string[]; bad: string[] };
  notes: {
    id: string;
    noteB64: string;
    vkeys: string[];
    want: 'ok' | 'malformed' | 'invalid-signature';
    verified?: string[];
    checkpoint?: { origin: string; size: number; rootB64: string };
  }[];
  checkpointBodies: { id: string; body: string; valid: boolean }[];
}

const CODES = { ok: 'ok', malformed: 'NOTE.MALFORMED', 'invalid-signature': 'NOTE.INVALID_SIGNATURE' } as const;

describeConformance('signed-note', () => {
  const vectors = readVectors<Vectors>('signed-note', 'vectors.json');

  test('counts: the file is whole', () => {
    expect([vectors.vkeys.good.length, vectors.vkeys.bad.length, vectors.checkpointBodies.length]).toEqual([4, 41, 11]);
  });

  test.each(vectors.vkeys.good)('good key %s', (vkey) => {
    expect(formatVerifierKey(parseVerifierKey(vkey))).toBe(vkey);
  });

  test.each(vectors.vkeys.bad)('bad key %s', (vkey) => {
    expect(codeOf(() => parseVerifierKey(vkey))).toBe('NOTE.INVALID_KEY');
  });

  test.each(vectors.notes.map((v) => [v.id, v] as const))('note %s', (_id, v) => {
    let opened: OpenedNote | undefined;
    const code = codeOf(() => {
      opened = openNote(decodeUtf8(base64ToBytes(v.noteB64)), v.vkeys.map(parseVerifierKey));
    });
    expect([code, opened?.verified.map((key) => key.name)]).toEqual([CODES[v.want], v.verified]);
    const checkpoint = v.checkpoint === undefined ? undefined : parseCheckpoint(opened?.text ?? '');
    expect(checkpoint && { origin: checkpoint.origin, size: checkpoint.treeSize, rootB64: bytesToBase64(checkpoint.rootHash) }).toEqual(v.checkpoint);
  });

  test.each(vectors.checkpointBodies.map((v) => [v.id, v] as const))('checkpoint %s', (_id, v) => {
    let written: string | undefined;
    const code = codeOf(() => {
      written = formatCheckpoint(parseCheckpoint(v.body));
    });
    expect([code, written]).toEqual(v.valid ? ['ok', v.body] : ['NOTE.INVALID_CHECKPOINT', undefined]);
  });
});
