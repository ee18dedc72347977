import type { CheckOutcome, Report } from '../lib/proof/index.js';

/** What bundles' and verdicts' reports have in common; `answer` stands in a verdict's. */
type AnyReport = Pick<Report, 'verdict' | 'subject' | 'notes'> & { readonly checks: readonly (CheckOutcome & { readonly check: string })[]; readonly answer?: string | null };

/** The report for people: verdict, one line a check, what was proved and what was not. */
export function formatReport(report: AnyReport): string {
  const lines = [
    // That a verdict is verified must not be taken for a permission.
    `${report.subject}: ${report.verdict}${typeof report.answer === 'string' ? `; the answer is: ${report.answer}` : ''}`,
    ...report.checks.map(({ check, result, detail }) => `  ${result.padEnd(8)} ${check.padEnd(21)} ${detail}`),
    ...report.notes,
  ];
  return lines.map((line) => `${toPrintable(line)}\n`).join('');
}

/** Names and messages come from the file: control and direction characters must not reach the terminal, where they could rewrite the verdict. */
export function toPrintable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
