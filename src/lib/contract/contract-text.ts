import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, encodeUtf8 } from '../bytes/index.js';
import type { ContractDocument } from './document.js';
import { linesOf } from './free-text.js';

/** The first line of every text. Any change of any word is another form. */
export const CONTRACT_FORM = 'zhengben-contract/1';
/** Only a heading begins a line so. */
const HEADING = '§';
/** Every line of free text, an empty one too. */
const QUOTE = '    > ';

/**
 * The canonical text, whose SHA-256 over UTF-8 the parties accept (docs/spec/contract-document.md). Lines end with LF. What a party wrote begins on every
 * line with {@link QUOTE}: no line of it can pass for a heading or a clause.
 */
export function contractText({ title, sections }: ContractDocument): string {
  const lines = [CONTRACT_FORM, title.zh, title.en];
  for (const [i, { heading, paragraphs }] of sections.entries()) {
    lines.push('', `${HEADING} ${i + 1} ${heading.zh} / ${heading.en}`);
    for (const { zh, en, quoted } of paragraphs) {
      lines.push(zh, en);
      if (quoted !== undefined) lines.push(...linesOf(quoted).map((line) => QUOTE + line));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** What an acceptance names: SHA-256 of the UTF-8 of the text, lower-case hex. */
export function contractDigest(text: string): string {
  return bytesToHex(sha256(encodeUtf8(text)));
}
