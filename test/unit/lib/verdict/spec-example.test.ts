import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openNote, parseVerifierKey } from '../../../../src/lib/note/index.js';
import { composeVerdictNote, parseVerdict, VERDICT_CHECKS, verifyVerdict } from '../../../../src/lib/verdict/index.js';
import { buildVerdict } from './build-verdict.js';

// docs/spec/verdict.md: its example is what the specification's other makers make, and says what it says.

const SPEC = join(__dirname, '../../../../docs/spec');
const read = (document: string): string => readFileSync(join(SPEC, document), 'utf8');

function example(document: string, language: string): string {
  const block = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(read(document))?.[1];
  if (block === undefined) throw new Error(`${document} has no example in ${language}`);
  return block;
}

test('the example is the one made independently, and verifies with the key of note.md', async () => {
  const text = example('verdict.md', 'json');
  expect(JSON.parse(text)).toEqual(buildVerdict().verdict);
  const report = await verifyVerdict(parseVerdict(text), { logKeys: [example('note.md', 'vkey').trim()] });
  expect([report.verdict, report.answer, report.checks.map(({ result }) => result)]).toEqual(['verified', 'permitted', ['pass', 'pass', 'pass', 'pass', 'pass', 'skipped']]);
});

test('the note shown by itself is the example’s', () => {
  const { note, ...unsigned } = parseVerdict(example('verdict.md', 'json'));
  expect(example('verdict.md', 'note')).toBe(note);
  expect(openNote(note, [parseVerifierKey(example('note.md', 'vkey').trim())]).text).toBe(composeVerdictNote('log.example/zhengben', unsigned));
});

test('every check has its line', () => {
  const document = read('verdict.md');
  expect(VERDICT_CHECKS.filter((check) => !document.includes(`| \`${check}\` |`))).toEqual([]);
});
