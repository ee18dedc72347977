/** A stretch of text without blanks or signs, folded. */
export interface Run {
  readonly text: string;
  /** Whether its script sets no blanks between words, so that nobody but a dictionary knows where one ends. */
  readonly isUnspaced: boolean;
}

const UNSPACED = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Thai', 'Lao', 'Khmer', 'Myanmar'].map((script) => String.raw`\p{scx=${script}}`).join('');
/** The extended scripts hold signs such as 「 as well, which belong to no word: they are left out first. */
const STRETCHES = /[\p{L}\p{N}\p{M}]+/gu;
const RUNS = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, 'gu');
const BEGINS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');

/**
 * What is the same to whoever searches: width, case, ligatures and compatibility forms (NFKC), accents of Latin, Greek and Cyrillic letters; what is not seen
 * (soft hyphens, joiners, variation selectors) is left out. Simplified and traditional forms stay what they are.
 */
export function foldText(text: string): string {
  const bare = text.normalize('NFKD').replace(/[\u0300-\u036f]|\p{Default_Ignorable_Code_Point}/gu, '');
  // Upper case first: it knows that ß is SS, which lower case does not.
  return bare.toUpperCase().toLowerCase().normalize('NFKC');
}

/** The runs of a text in their order. */
export function splitText(text: string): Run[] {
  return (foldText(text).match(STRETCHES) ?? []).flatMap((stretch) => (/^[a-z0-9]+$/.test(stretch) ? [{ text: stretch, isUnspaced: false }] : splitStretch(stretch)));
}

function splitStretch(stretch: string): Run[] {
  return (stretch.match(RUNS) ?? []).flatMap((run) => {
    const isUnspaced = BEGINS_UNSPACED.test(run);
    // A mark that stands on nothing is no word.
    const text = isUnspaced ? run : run.replace(/^\p{M}+/u, '');
    return text === '' ? [] : [{ text, isUnspaced }];
  });
}

/** In code points: no sign is cut in two, and no word is longer than PostgreSQL takes (2,046 bytes). */
const LONGEST_WORD = 64;

/** The word of a spaced run as it is indexed and asked for: English plurals are their singulars (Harman 1991, the «S» stemmer). */
export function toWord(run: string): string {
  const word = run.length > LONGEST_WORD ? [...run].slice(0, LONGEST_WORD).join('') : run;
  if (!/^[a-z]{4,}$/.test(word)) return word;
  if (/(?<![ea])ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?<![aeo])es$/.test(word)) return word.slice(0, -1);
  return /[^us]s$/.test(word) ? word.slice(0, -1) : word;
}
