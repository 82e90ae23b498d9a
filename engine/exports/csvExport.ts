// Owns writing items as CSV (RFC 4180). A cell's text is exact, so a spreadsheet could take what a model wrote for a formula; whoever opens
// the table in one asks for an apostrophe before such cells, which costs them their exactness.
import type { ExportFormat } from './export';
import { type Cell, encodableCells, exportColumns } from './exportRow';
import { writeTextFile } from './textFile';

const formula = /^[=+\-@\t\r]/;

export const csvExport: ExportFormat = {
  id: 'csv',
  title: 'CSV',
  about: 'The columns of the JSON lines; structured ones hold JSON. For spreadsheets ask for guarded cells.',
  extension: '.csv',
  async write({ items, out, forSpreadsheet }) {
    let count = 0;
    const row = (cells: readonly Cell[]): string => `${cells.map((one) => cellOf(one, forSpreadsheet)).join(',')}\r\n`;
    async function* lines(): AsyncGenerator<string> {
      yield row(exportColumns.map(({ name }) => name));
      for await (const item of items) {
        count += 1;
        yield row(encodableCells(item));
      }
    }
    await writeTextFile(out, lines());
    return count;
  },
};

function cellOf(value: Cell, guarded: boolean): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = guarded && formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
