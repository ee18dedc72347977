import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ERROR_STATUS } from '../../../src/lib/errors/index.js';

const SOURCE = join(__dirname, '../../../web/src');
const LOCALES = join(SOURCE, 'locales');

type Words = { [key: string]: string | Words };

function keysOf(words: Words, prefix = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`)));
}

async function wordsOf(language: string, file: string): Promise<Words> {
  return JSON.parse(await readFile(join(LOCALES, language, file), 'utf8')) as Words;
}

/** Without the form of its number: languages have different ones. */
const base = (key: string): string => key.replace(/_(?:zero|one|two|few|many|other)$/, '');

test('each language has the same words, and each plural form that it needs', async () => {
  const files = await readdir(join(LOCALES, 'zh'));
  expect(files.length).toBeGreaterThan(2);
  expect(await readdir(join(LOCALES, 'en'))).toEqual(files);
  for (const file of files) {
    const [zh, en] = [keysOf(await wordsOf('zh', file)), keysOf(await wordsOf('en', file))];
    expect([...new Set(en.map(base))].toSorted()).toEqual([...new Set(zh.map(base))].toSorted());
    for (const [language, keys] of [['zh-CN', zh], ['en', en]] as const) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const counted = keys.filter((key) => base(key) !== key).map(base);
      for (const key of new Set(counted)) expect([file, key, forms.filter((form) => !keys.includes(`${key}_${form}`))]).toEqual([file, key, []]);
    }
  }
});

test('what stands in braces is the same in each language', async () => {
  const variables = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].toSorted();
  for (const file of await readdir(join(LOCALES, 'zh'))) {
    const flat = (words: Words): Map<string, string> => new Map(keysOf(words).map((key) => [base(key), key.split('.').reduce<string | Words>((at, part) => (at as Words)[part] as string | Words, words) as string]));
    const [zh, en] = [flat(await wordsOf('zh', file)), flat(await wordsOf('en', file))];
    for (const [key, text] of zh) expect([file, key, variables(en.get(key) ?? '')]).toEqual([file, key, variables(text)]);
  }
});

test('of every code that the service answers, each language says what to do', async () => {
  for (const language of ['zh', 'en']) expect(keysOf(await wordsOf(language, 'problems.json')).toSorted()).toEqual(Object.keys(ERROR_STATUS).toSorted());
});

test('no words stand in the code', async () => {
  const entries = await readdir(SOURCE, { withFileTypes: true, recursive: true });
  const sources = entries.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== 'schema.ts');
  expect(sources.length).toBeGreaterThan(20);
  for (const { parentPath, name } of sources) {
    const code = (await readFile(join(parentPath, name), 'utf8')).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    expect([name, code.match(/\p{Script=Han}/gu)]).toEqual([name, null]);
    // Between the tags of JSX: names of algorithms and of the product are no words.
    const literals = name.endsWith('.tsx') ? [...code.matchAll(/<\/?[a-z][^<>]*>([^<>{}=;()]*[A-Za-z]{3}[^<>{}=;()]*)</g)].map(([, text]) => text?.trim()) : [];
    expect([name, literals.filter((text) => !/^(?:SHA-256|SM3|Zhengben)$/.test(text ?? ''))]).toEqual([name, []]);
  }
});
