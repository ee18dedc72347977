/** What ends a line anywhere: in a terminal, an editor or a PDF. */
const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
/** Controls and direction overrides: they are refused where text comes in; were one to get by, it is seen here instead of acting. */
const INVISIBLE = /(?!\t)[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

function reveal(text: string): string {
  return text.replace(INVISIBLE, (character) => `[U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`);
}

/** The lines of a free text. */
export function linesOf(text: string): string[] {
  return text.split(LINE_BREAK).map(reveal);
}

/** A value that stands inside of a clause, such as an account: on one line whatever it is. */
export function inline(value: string): string {
  return linesOf(value).join(' ');
}
