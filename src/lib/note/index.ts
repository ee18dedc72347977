/** Signed notes (C2SP signed-note, Ed25519) and the two texts the log signs: checkpoints and receipts. */
export { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.js';
export {
  createEd25519Signer, type Ed25519Signer, equalKeys, formatSignerKey, formatVerifierKey, type NoteSigner, parseSignerKey, parseVerifierKey,
  type VerifierKey, verifyEd25519,
} from './keys.js';
export { joinNote, type NoteSignature, type OpenedNote, openNote, signNote, splitNote } from './note.js';
export { formatReceipt, parseReceipt, type Receipt } from './receipt.js';
