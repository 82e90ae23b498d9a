// Owns comma-separated values (RFC 4180): full precision, an empty cell where there is no number.

export type CsvCell = string | number | boolean | null | undefined;

/** Header and rows, each line ended. A text that a spreadsheet would take for a formula is led by an apostrophe. */
export function csvOf(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: CsvCell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
