// Owns reading a CSV or TSV file as records named by its header row.

import { UserError } from '../domain/failure';
import { byteRecords } from './byteRecords';
import { csvCells, csvSplitter } from './csvSplitter';
import type { Encoding } from './encoding';
import type { RecordFile } from './recordFile';
import type { Splitter } from './splitter';

export type CsvSpec = {
  readonly path: string;
  readonly unpacked: Uint8Array | null;
  readonly encoding: Encoding;
  readonly delimiter: string;
  readonly header: string;
};

export function csvRecords({ path, unpacked, encoding, delimiter, header }: CsvSpec): RecordFile {
  const names = csvCells(header, delimiter);
  return byteRecords({
    path,
    unpacked,
    encoding,
    unit: 'row',
    framing: 'values',
    splitter: () => withoutHeader(csvSplitter(encoding, delimiter)),
    parse(row) {
      const cells = csvCells(row, delimiter);
      if (cells.length !== names.length) {
        throw new UserError(`the row has ${cells.length} cells, the header ${names.length}`);
      }
      return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
    },
  });
}

/** The header row in the head of a file. */
export function csvHeader(head: string, delimiter: string): string {
  const splitter = csvSplitter({ name: 'utf-8', markLength: 0, unit: 1 }, delimiter);
  const [first] = [...splitter.push(Buffer.from(head)), ...splitter.end()];
  return first ? Buffer.from(first.bytes).toString() : '';
}

function withoutHeader(splitter: Splitter): Splitter {
  let skipped = false;
  return {
    ...splitter,
    push(chunk) {
      const rows = splitter.push(chunk);
      if (skipped || rows.length === 0) return rows;
      skipped = true;
      return rows.slice(1);
    },
  };
}
