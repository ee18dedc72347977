import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalize, parseJson } from '../../../src/lib/canonical-json/index.js';
import { openNote, parseCheckpoint, parseReceipt, parseVerifierKey } from '../../../src/lib/note/index.js';
import { parseBundle, verifyBundle } from '../../../src/lib/proof/index.js';

// The examples of the specifications are what they say they are.

function example(document: string, language: string): string {
  const text = readFileSync(join(__dirname, '../../../docs/spec', document), 'utf8');
  const block = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text)?.[1];
  if (block === undefined) throw new Error(`${document} has no example in ${language}`);
  return block;
}

test('note.md: the checkpoint and the receipt open with the key', () => {
  const key = parseVerifierKey(example('note.md', 'vkey').trim());
  const checkpoint = parseCheckpoint(openNote(example('note.md', 'checkpoint'), [key]).text);
  expect([checkpoint.origin, checkpoint.treeSize]).toEqual([key.name, 3]);
  expect(parseReceipt(openNote(example('note.md', 'receipt'), [key]).text).origin).toBe(key.name);
});

test('canonical-json.md: one is the canonical form of the other', () => {
  expect(canonicalize(parseJson(example('canonical-json.md', 'json')))).toBe(example('canonical-json.md', 'canonical').trim());
});

test('proof-bundle.md: the bundle holds together', async () => {
  const key = example('note.md', 'vkey').trim();
  const report = await verifyBundle(parseBundle(example('proof-bundle.md', 'json')), { trust: { logKeys: [key] } });
  expect([report.verdict, report.checks.map(({ result }) => result)]).toEqual(['unconfirmed', ['skipped', 'pass', 'pass', 'pass', 'pass', 'skipped', 'pass', 'skipped']]);
});
