import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeUtf8 } from '../../../src/lib/bytes/index.js';
import { canonicalize, parseJson } from '../../../src/lib/canonical-json/index.js';
import { applyDisclosures, assertStatement, bodySchemas, encodeStatement, formatWorkNumber, MAX_WORK_ID, parseStatement, parseWorkNumber } from '../../../src/lib/statement/index.js';
import * as vocabulary from '../../../src/lib/statement/vocabulary.js';

// docs/spec/statement.md says what the code does.

const text = readFileSync(join(__dirname, '../../../docs/spec/statement.md'), 'utf8');

function example(language: string): string {
  const block = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text)?.[1];
  if (block === undefined) throw new Error(`no example in ${language}`);
  return block.trim();
}

test('the example is a statement; its canonical form, leaf hash and disclosure are the ones beside it', () => {
  const statement = assertStatement(parseJson(example('json')));
  expect(parseWorkNumber(statement.subject)?.number).toBe(statement.subject);
  expect(canonicalize(statement as never)).toBe(example('canonical'));
  expect(parseStatement(encodeUtf8(example('canonical')))).toEqual(statement);
  expect(createHash('sha256').update(`\0${example('canonical')}`).digest('hex')).toBe(example('leaf-hash'));
  expect(Buffer.from(encodeStatement(statement).leafHash).toString('hex')).toBe(example('leaf-hash'));
  expect(applyDisclosures(statement.body, statement.sealed, [example('disclosure')])).toEqual({ ...statement.body, title: '珠江夜航' });
});

test('every type and every word of the vocabularies is described', () => {
  const words = [...Object.keys(bodySchemas), ...[vocabulary.CATEGORIES, vocabulary.CREATION_NATURES, vocabulary.SIGNED_AS, vocabulary.OWNER_KINDS, vocabulary.ACQUISITIONS, vocabulary.OWNERSHIPS, vocabulary.NO_RIGHTS_BASES, vocabulary.AI_GENERATED].flat()];
  expect(words.filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
});

test('of a work number one wrong character is always noticed', () => {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  for (const id of [0n, MAX_WORK_ID, 123_456_789_012_345_678n]) {
    const number = formatWorkNumber(id);
    expect(parseWorkNumber(number)?.id).toBe(id);
    for (let at = 3; at < number.length; at++) {
      if (number[at] === '-') continue;
      for (const letter of alphabet) if (letter !== number[at]) expect(parseWorkNumber(`${number.slice(0, at)}${letter}${number.slice(at + 1)}`)).toBeNull();
    }
  }
});
