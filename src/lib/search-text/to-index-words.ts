import { splitText, toWord } from './split-text.js';

/** `A`: what a thing is called; `B`: by whom it is. What is found in a title comes before what is found in a name. */
export interface SearchField {
  readonly text: string;
  readonly weight: 'A' | 'B';
}

/** A title and fifty names of ordinary length have a quarter of it. */
const MOST_WORDS = 2_000;
/** Further apart than {@link toQueryWords} asks for: nothing is found across a blank, or from one field into the next. */
const GAP = 3;

/**
 * The literal of a `tsvector`: words of scripts with blanks as they are; of the others every two neighbouring signs, and the last one alone, so that any part of a text is found, down to
 * one sign, without a dictionary. Words hold letters, digits and marks only: nothing in them needs quoting.
 */
export function toIndexWords(fields: readonly SearchField[]): string {
  const words: string[] = [];
  let position = 1;
  for (const { text, weight } of fields) {
    for (const run of splitText(text)) {
      const signs = run.isUnspaced ? [...run.text] : [];
      const parts = run.isUnspaced ? signs.map((sign, i) => sign + (signs[i + 1] ?? '')) : [toWord(run.text)];
      for (const part of parts) words.push(`${part}:${position++}${weight}`);
      position += GAP - 1;
    }
  }
  return words.slice(0, MOST_WORDS).join(' ');
}
