import * as fc from 'fast-check';
import { hexToBytes } from '../../../../src/lib/bytes/index.js';
import { hashLeaf, toTreeSize } from '../../../../src/lib/merkle/index.js';
import {
  createEd25519Signer, formatCheckpoint, formatReceipt, formatSignerKey, formatVerifierKey, openNote, parseCheckpoint, parseReceipt, parseSignerKey,
  parseVerifierKey, signNote,
} from '../../../../src/lib/note/index.js';
import { codeOf } from '../code-of.js';

const log = createEd25519Signer('log.example/one', hexToBytes('11'.repeat(32)));
const witness = createEd25519Signer('witness.example', hexToBytes('22'.repeat(32)));
const text = 'log.example/one\n7\nIrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=\n';

test('keys come back', () => {
  expect(parseVerifierKey(formatVerifierKey(log.verifierKey))).toEqual(log.verifierKey);
  const again = parseSignerKey(formatSignerKey('log.example/one', hexToBytes('11'.repeat(32))));
  expect([again.name, again.keyId, signNote(text, [again])]).toEqual([log.name, log.keyId, signNote(text, [log])]);
});

test.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\u2003b', 'a\nb', 'a\u0000', '\ud800'])('no key is named %j', (name) => {
  expect(codeOf(() => createEd25519Signer(name, new Uint8Array(32)))).toBe('NOTE.INVALID_KEY');
});

test('a private key is refused as a public one, and its text is in no message', () => {
  const secret = formatSignerKey('a', hexToBytes('33'.repeat(32)));
  expect(codeOf(() => parseVerifierKey(secret))).toBe('NOTE.INVALID_KEY');
  expect(codeOf(() => parseSignerKey(formatVerifierKey(log.verifierKey)))).toBe('NOTE.INVALID_KEY');
  expect(() => parseSignerKey(`${secret.slice(0, -4)}AAA=`)).toThrow(expect.objectContaining({ message: expect.not.stringContaining(secret.slice(-40, -4)) }));
});

test('unknown signatures are counted and ignored, known ones must stand', () => {
  const note = signNote(text, [log, witness]);
  expect(openNote(note, [log.verifierKey])).toEqual({ text, verified: [log.verifierKey], unknown: 1 });
  expect(openNote(note, [log.verifierKey, witness.verifierKey]).verified).toHaveLength(2);
  expect(codeOf(() => openNote(note, []))).toBe('NOTE.NO_KNOWN_SIGNATURE');
  const forged = signNote(text, [log, { name: witness.name, keyId: witness.keyId, sign: () => new Uint8Array(64) }]);
  expect(openNote(forged, [log.verifierKey]).unknown).toBe(1);
  expect(codeOf(() => openNote(forged, [log.verifierKey, witness.verifierKey]))).toBe('NOTE.INVALID_SIGNATURE');
});

test('a key of the same name and another id is unknown', () => {
  const impostor = createEd25519Signer('log.example/one', hexToBytes('44'.repeat(32)));
  expect(codeOf(() => openNote(signNote(text, [impostor]), [log.verifierKey]))).toBe('NOTE.NO_KNOWN_SIGNATURE');
});

test('every changed character of the text or of a known signature fails', () => {
  const note = signNote(text, [log]);
  fc.assert(fc.property(fc.nat(note.length - 1), fc.constantFrom('A', 'b', '7', '\n', ' ', 'é', '='), (at, character) => {
    fc.pre(note[at] !== character);
    const changed = note.slice(0, at) + character + note.slice(at + 1);
    expect(codeOf(() => openNote(changed, [log.verifierKey]))).not.toBe('ok');
  }), { numRuns: 300 });
});

test('a text that holds blank lines is split at the last one', () => {
  const odd = 'one\n\n\u2014 two\n';
  expect(openNote(signNote(odd, [log]), [log.verifierKey]).text).toBe(odd);
});

test.each(['no newline', 'tab\there\n', 'nul\u0000\n', '\ud800\n'])('nobody signs %j', (bad) => {
  expect(codeOf(() => signNote(bad, [log]))).toBe('NOTE.MALFORMED');
});

test('checkpoints come back; extension lines and strange sizes are refused', () => {
  const checkpoint = parseCheckpoint(text);
  expect(formatCheckpoint(checkpoint)).toBe(text);
  expect(codeOf(() => parseCheckpoint(`${text}extension\n`))).toBe('NOTE.INVALID_CHECKPOINT');
  expect(codeOf(() => parseCheckpoint(text.replace('\n7\n', '\n9007199254740992\n')))).toBe('NOTE.INVALID_CHECKPOINT');
  expect(parseCheckpoint(text.replace('\n7\n', '\n9007199254740991\n')).treeSize).toBe(Number.MAX_SAFE_INTEGER);
  expect(codeOf(() => formatCheckpoint({ ...checkpoint, origin: 'two\nlines', treeSize: toTreeSize(1) }))).toBe('NOTE.INVALID_CHECKPOINT');
});

test('receipts come back; deadlines before the acceptance and loose times are refused', () => {
  const receipt = { origin: 'log.example/one', leafHash: hashLeaf(Uint8Array.of(1)), acceptedAt: '2026-11-20T12:00:00.000Z', mergeBy: '2026-11-21T12:00:00.000Z' };
  const written = formatReceipt(receipt);
  expect(written.split('\n')).toEqual(['log.example/one/receipt', expect.any(String), receipt.acceptedAt, receipt.mergeBy, '']);
  expect(parseReceipt(written)).toEqual(receipt);
  const bad = [
    written.replace('/receipt', ''), written.replace('.000Z', 'Z'), written.replace('2026-11-21', '2026-02-30'), written.replace('2026-11-21', '2025-11-21'),
    written.slice(0, -1), `${written}x\n`, written.replace('log.example/one/receipt', '/receipt'),
  ];
  expect(bad.map((form) => codeOf(() => parseReceipt(form)))).toEqual(bad.map(() => 'NOTE.INVALID_RECEIPT'));
});
