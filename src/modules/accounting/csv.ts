/** What spreadsheets take for the beginning of a formula, also after spaces (OWASP, «CSV injection»). */
const FORMULA = /^\s*[=+\-@\t\r|%]/;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;
const QUOTED = /[",\r\n]/;

/** One record of RFC 4180, with its line end. Text that a spreadsheet would run is led by an apostrophe; plain numbers stay numbers. */
export function toCsvRecord(fields: readonly string[]): string {
  return `${fields.map(toField).join(',')}\r\n`;
}

function toField(value: string): string {
  const safe = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
