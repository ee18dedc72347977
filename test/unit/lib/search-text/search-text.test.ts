import * as fc from 'fast-check';
import { foldText, toIndexWords, toQueryWords } from '../../../../src/lib/search-text/index.js';

const indexed = (text: string): string => toIndexWords([{ text, weight: 'A' }]);
const seed = Number(process.env['SEARCH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const numRuns = process.env['DEEP'] === '1' ? 50_000 : 500;
beforeAll(() => console.log(`SEARCH_SEED=${seed}`));

describe('what is indexed', () => {
  test.each([
    ['珠江夜航', '珠江:1A 江夜:2A 夜航:3A 航:4A'],
    ['夜', '夜:1A'],
    // Further apart than a query asks for: 江夜 is not found across the blank.
    ['珠江 夜航', '珠江:1A 江:2A 夜航:5A 航:6A'],
    ['Night on the Pearl River', 'night:1A on:4A the:7A pearl:10A river:13A'],
    ['iPhone拍摄', 'iphone:1A 拍摄:4A 摄:5A'],
    ['「夜航」、no. 7', '夜航:1A 航:2A no:5A 7:8A'],
    ['𠮷野家', '𠮷野:1A 野家:2A 家:3A'],
    ['！？…', ''],
    ['', ''],
  ])('%s', (text, words) => expect(indexed(text)).toBe(words));

  test('titles and names: each with its weight, and nothing across them', () => {
    expect(toIndexWords([{ text: '夜', weight: 'A' }, { text: '航', weight: 'B' }])).toBe('夜:1A 航:4B');
  });

  test('what is the same to whoever searches is the same here', () => {
    for (const [one, other] of [
      ['ＺＨＥＮＧＢＥＮ　１２', 'zhengben 12'], ['ｶﾞﾗｽ', 'ガラス'], ['Straße', 'STRASSE'], ['Dürer', 'durer'], ['Du\u0308rer', 'DÜRER'], ['ﬁlm', 'film'], ['İstanbul', 'istanbul'], ['co\u00adoperate', 'cooperate'], ['葛\u{e0100}飾', '葛飾'], ['ΟΔΟΣ', 'οδος'],
    ] as const) expect([one, indexed(one)]).toEqual([one, indexed(other)]);
    // A voiced kana is another letter, not an accent.
    expect(indexed('が')).not.toBe(indexed('か'));
  });

  test('English plurals are their singulars, and other words what they are', () => {
    for (const [plural, singular] of [['landscapes', 'landscape'], ['studies', 'study'], ['Views', 'view'], ['houses', 'house']] as const) expect(indexed(plural)).toBe(indexed(singular));
    for (const word of ['glass', 'corpus', 'gas', 'is', 'shoes7', 'été', 'os']) expect(indexed(word)).toBe(`${foldText(word)}:1A`);
  });

  test('hostile texts: no word that PostgreSQL refuses, and not more of them than it should keep', () => {
    expect(indexed('\ufdfa'.repeat(500)).split(' ').every((word) => Buffer.byteLength(word) < 1_024)).toBe(true);
    expect(indexed('珠 '.repeat(50_000)).split(' ').length).toBeLessThanOrEqual(2_000);
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(indexed(text)).toMatch(/^(?:(?:^| )[\p{L}\p{N}\p{M}]{1,130}:\d+A)*$/u);
      expect(toQueryWords(text) ?? '').toMatch(/^(?:(?:^| & | <[12]> )[\p{L}\p{N}\p{M}]{1,130}(?::\*)?)*$/u);
    }), { seed, numRuns });
  });
});

describe('what is asked for', () => {
  test.each([
    ['夜航', '夜航'],
    ['珠江夜', '珠江 <1> 江夜'],
    ['珠江夜航', '珠江 <2> 夜航'],
    ['珠江夜航图', '珠江 <2> 夜航 <1> 航图'],
    ['夜', '夜:*'],
    ['Pearl 珠江', 'pearl & 珠江'],
    ['Pearl pearls PEARL', 'pearl'],
    ["'; DROP & | ! <-> :*", 'drop'],
  ])('%s', (text, query) => expect(toQueryWords(text)).toBe(query));

  test('nothing that is a word: nothing is asked for', () => {
    for (const text of ['', ' ', '！？', '\u0301', '🎨']) expect(toQueryWords(text)).toBeNull();
  });
});
