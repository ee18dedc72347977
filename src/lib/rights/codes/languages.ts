import type { CodeTable } from './code-table.js';

/**
 * Languages by their BCP 47 tags, in canonical case. The list only grows at its end: a tag's place is its code. `zxx` is a version without words.
 */
const LANGUAGES = [
  'zh-Hans', 'zh-Hant', 'yue', 'wuu', 'nan', 'hak', 'en', 'ja', 'ko', 'fr', 'de', 'es', 'pt', 'it', 'ru', 'ar', 'hi', 'bn', 'ur', 'ta', 'id', 'ms', 'th', 'vi', 'lo', 'km', 'my', 'fil', 'mn', 'bo',
  'ug', 'za', 'kk', 'ky', 'uz', 'tr', 'fa', 'he', 'nl', 'sv', 'nb', 'da', 'fi', 'is', 'pl', 'cs', 'sk', 'hu', 'ro', 'bg', 'el', 'uk', 'sr', 'hr', 'sl', 'et', 'lv', 'lt', 'sw', 'am', 'zxx',
] as const;

export const LANGUAGE_CODES: CodeTable = new Map(LANGUAGES.map((tag, code) => [tag, code]));
