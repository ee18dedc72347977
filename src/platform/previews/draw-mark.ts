/** Letters of 5 × 7 pixels: a base-32 digit a row, the leftmost pixel its highest bit. Drawn here, since text set by libvips would bring fonts, their configuration and a parser for both into the process. */
const LETTERS: Readonly<Record<string, string>> = {
  ' ': '0000000', '-': '000v000', 0: 'ehjlphe', 1: '4c4444e', 2: 'eh1248v', 3: 'v2421he', 4: '26aiv22', 5: 'vgu11he', 6: '68guhhe', 7: 'v124888', 8: 'ehhehhe', 9: 'ehhf12c',
  A: 'ehhhvhh', B: 'uhhuhhu', C: 'ehggghe', D: 'sihhhis', E: 'vgguggv', F: 'vgguggg', G: 'ehgnhhf', H: 'hhhvhhh', I: 'e44444e', J: '72222ic', K: 'hikokih', L: 'ggggggv', M: 'hrllhhh',
  N: 'hhpljhh', O: 'ehhhhhe', P: 'uhhuggg', Q: 'ehhhlid', R: 'uhhukih', S: 'fgge11u', T: 'v444444', U: 'hhhhhhe', V: 'hhhhha4', W: 'hhhllla', X: 'hha4ahh', Y: 'hhha444', Z: 'v1248gv',
};
const LETTER_ROWS = 7;
const BLANK = '0'.repeat(5);

/** What may stand in a mark: it becomes part of a file's name as well. */
export const MARK = /^[A-Z0-9-]{1,40}$/;

/** The words that are drawn across a preview, as rows of `0` and `1`, all of one length. @param mark such as a number; upper-case letters, digits and `-`. */
export function drawMark(mark: string): readonly string[] {
  const lines = ['PREVIEW', mark];
  const letters = Math.max(...lines.map((line) => line.length));
  return lines.flatMap((line, i) => [...(i === 0 ? [] : blankRows(letters)), ...drawLine(line.padStart(Math.ceil((letters + line.length) / 2)).padEnd(letters))]);
}

function drawLine(line: string): string[] {
  return Array.from({ length: LETTER_ROWS }, (_, row) => [...line].map((letter) => `${Number.parseInt(LETTERS[letter]?.[row] ?? '0', 32).toString(2).padStart(5, '0')}0`).join(''));
}

function blankRows(letters: number): string[] {
  return Array.from({ length: 3 }, () => `${BLANK}0`.repeat(letters));
}
