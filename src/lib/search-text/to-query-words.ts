import { splitText, toWord } from './split-text.js';

/** Whoever asks for more words is answered by the first of them. */
const MOST_TERMS = 64;

/**
 * The literal of a `tsquery` that finds what {@link toIndexWords} indexed: everything that is asked for must be there, in any order; a run of a script without blanks as it stands.
 * Null when nothing in the text is a word.
 */
export function toQueryWords(text: string): string | null {
  const terms = new Set(splitText(text).map((run) => (run.isUnspaced ? toPhrase([...run.text]) : toWord(run.text))));
  return terms.size === 0 ? null : [...terms].slice(0, MOST_TERMS).join(' & ');
}

/** Every other pair holds all signs; one sign alone begins a pair, or ends a run. */
function toPhrase(signs: readonly string[]): string {
  if (signs.length === 1) return `${signs[0]}:*`;
  let phrase = '';
  const last = Math.min(signs.length, 2 * MOST_TERMS) - 2;
  for (let at = 0, before = 0; ; before = at, at = Math.min(at + 2, last)) {
    phrase += `${at === 0 ? '' : ` <${at - before}> `}${signs[at]}${signs[at + 1]}`;
    if (at === last) return phrase;
  }
}
