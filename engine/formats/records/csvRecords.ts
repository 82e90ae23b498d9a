// Owns reading a CSV or TSV file as records named by its header row.

import { UserError } from '../../domain/failure';
import { byteRecords } from './byteRecords';
import type { Content } from './content';
import { csvCells, csvDelimiter, csvSplitter } from './csvSplitter';
import type { Encoding } from './encoding';
import type { RecordFile } from './recordFile';
import type { Slice, Splitter } from './splitter';

export type CsvSpec = {
  readonly path: string;
  readonly content: Content;
  readonly encoding: Encoding;
  readonly delimiter: string;
  readonly header: string;
  /** Rows before the first record: the header, and a line that names the delimiter. */
  readonly skipped: number;
};

export function csvRecords({ delimiter, header, skipped, ...bytes }: CsvSpec): RecordFile {
  const { encoding } = bytes;
  const names = distinct(csvCells(header, delimiter));
  return byteRecords({
    ...bytes,
    unit: 'row',
    framing: 'values',
    splitter: () => skipRows(csvSplitter(encoding, delimiter), skipped),
    parse(row) {
      const cells = csvCells(row, delimiter);
      if (cells.length !== names.length) {
        throw new UserError(`the row has ${cells.length} cells, the header ${names.length}`);
      }
      return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
    },
  });
}

/**
 * How the head of a file says that it is a table: its delimiter and its header row; `null` when it is none.
 * @param whole whether the head is all of the file
 */
export function csvOpening(head: string, whole: boolean): Pick<CsvSpec, 'delimiter' | 'header' | 'skipped'> | null {
  // Spreadsheets name the delimiter in a line of its own.
  const named = /^sep=([^\r\n])\r?\n/i.exec(head);
  const rows = named ? head.slice(named[0].length) : head;
  const delimiter = named?.[1] ?? csvDelimiter(rows, whole);
  if (delimiter === null) return null;
  const splitter = csvSplitter({ name: 'utf-8', markLength: 0, unit: 1 }, delimiter);
  const [first] = [...splitter.push(Buffer.from(rows)), ...splitter.end()];
  return { delimiter, header: first ? Buffer.from(first.bytes).toString() : '', skipped: named ? 2 : 1 };
}

/** Tables may have several columns of one name: later ones get a number. */
function distinct(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

function skipRows(splitter: Splitter, count: number): Splitter {
  let left = count;
  const rest = (rows: readonly Slice[]): readonly Slice[] => {
    const kept = rows.slice(left);
    left = Math.max(0, left - rows.length);
    return kept;
  };
  return { push: (chunk) => rest(splitter.push(chunk)), end: () => rest(splitter.end()) };
}
