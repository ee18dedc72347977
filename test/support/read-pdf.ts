import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface ReadPdf {
  readonly pages: string[];
  readonly info: Record<string, unknown>;
  readonly links: string[];
  readonly size: number[];
  readonly scripts: unknown;
}

/** What another library reads in a PDF; in a process of its own, as an ECMAScript module. */
export function readPdf(file: Uint8Array): ReadPdf {
  return JSON.parse(execFileSync(process.execPath, [join(__dirname, 'read-pdf.mjs')], { input: file, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] })) as ReadPdf;
}

/** Where a reader puts spaces between glyphs is its own guess. */
export function squeeze(text: string): string {
  return text.replaceAll(/\s/g, '');
}
