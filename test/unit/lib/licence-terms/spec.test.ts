import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPreset, CONDITIONS, fromOdrl, type LicenceTerms, PRESET_TEMPLATES, LICENCE_PRESETS, PRESETS, toOdrl, toTrainingMining } from '../../../../src/lib/licence-terms/index.js';
import { NEAREST_ACTION } from '../../../../src/lib/licence-terms/odrl/vocabulary.js';

const text = readFileSync(join(__dirname, '../../../../docs/spec/licence-terms.md'), 'utf8');
const example = (language: string): unknown => JSON.parse(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text)?.[1] ?? '');
const terms = applyPreset('ai-training-paid', { from: '2027-01-01', territories: ['CN', 'JP'], price: { amountMinor: '50000', currency: 'CNY', per: 'year' } }).terms as LicenceTerms;

test('docs/spec/licence-terms.md: the terms, the offer and the assertion are those of the preset', () => {
  expect(terms).toEqual(example('json'));
  const { policy } = fromOdrl(example('json odrl'));
  expect(policy?.terms).toEqual(terms);
  expect(policy && toOdrl(policy)).toEqual(example('json odrl'));
  expect(toTrainingMining({ terms: [terms], reservations: [], constraintInfo: 'https://zhengben.example/works/ZB-7K3M-9Q4D-W2XC-V' }, 'c2pa')).toEqual(example('json training-mining'));
});

test('docs/spec/licence-terms.md names every condition, every preset and what it takes, and every right with its action', () => {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const cellsOf = (name: string): string[][] => rows.filter((row) => row.includes(`\`${name}\``)).map((row) => row.split('|').map((cell) => cell.trim()));
  const codes = (cell: string | undefined): string[] => [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code as string);
  expect([...CONDITIONS, ...PRESETS].filter((name) => cellsOf(name).length === 0)).toEqual([]);
  for (const preset of LICENCE_PRESETS) {
    const row = cellsOf(preset).find((cells) => cells.length === 7);
    expect([preset, codes(row?.[4]), codes(row?.[5])]).toEqual([preset, PRESET_TEMPLATES[preset].needs, PRESET_TEMPLATES[preset].takes]);
  }
  for (const [right, action] of Object.entries(NEAREST_ACTION)) {
    const row = cellsOf(right).find((cells) => cells[3] === '' && cells.length === 7);
    const pairs = [[row?.[1], row?.[2]], [row?.[4], row?.[5]]];
    expect([right, codes(pairs.find(([cell]) => codes(cell).includes(right))?.[1])]).toEqual([right, [action]]);
  }
});
