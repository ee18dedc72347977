import type { Report } from '../lib/proof/index.js';

/** The report for people: verdict, one line a check, what was proved and what was not. */
export function formatReport(report: Report): string {
  const lines = [
    `${report.subject}: ${report.verdict}`,
    ...report.checks.map(({ check, result, detail }) => `  ${result.padEnd(8)} ${check.padEnd(21)} ${detail}`),
    ...report.notes,
  ];
  return lines.map((line) => `${toPrintable(line)}\n`).join('');
}

/** Names and messages come from the bundle: control and direction characters must not reach the terminal, where they could rewrite the verdict. */
export function toPrintable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
