// Owns splitting bytes into rows of a CSV or TSV, whose quoted cells may hold line breaks, and a row into its cells.
// Must not know what columns mean.
import { type Encoding, unitReader } from './encoding';
import { ByteWindow, longestRecord, type Slice, type Splitter, tooLong } from './splitter';

const quote = 34;
const feed = 10;

/** Rows, the header row included. A quote opens a quoted cell only at its start. */
export function csvSplitter(encoding: Encoding, delimiter: string): Splitter {
  const window = new ByteWindow(encoding.markLength);
  const read = unitReader(encoding);
  const delimiterUnit = delimiter.charCodeAt(0);
  let start = encoding.markLength;
  let line = 1;
  let startLine = 1;
  let quoted = false;
  let cellStarts = true;

  const row = (end: number): readonly Slice[] => {
    const here = { start, end, line: startLine };
    if (end - start > longestRecord) return [{ ...here, bytes: new Uint8Array(), problem: tooLong }];
    return end === start ? [] : [{ ...here, bytes: window.slice(start, end), problem: null }];
  };

  return {
    push(chunk) {
      const slices: Slice[] = [];
      const chunkStart = window.end;
      window.append(chunk);
      for (let at = 0; at + encoding.unit <= chunk.length; at += encoding.unit) {
        const unit = read(chunk, at);
        if (unit === feed) line += 1;
        if (unit === quote && (quoted || cellStarts)) quoted = !quoted;
        else if (unit === feed && !quoted) {
          slices.push(...row(chunkStart + at));
          start = chunkStart + at + encoding.unit;
          startLine = line;
        }
        // A doubled quote closes and opens again: inside a cell that began with a quote, the next quote may open.
        cellStarts = !quoted && (unit === delimiterUnit || unit === feed || unit === quote);
      }
      window.drop(window.end - start > longestRecord ? window.end : start);
      return slices;
    },
    end: () => (start < window.end ? row(window.end) : []),
  };
}

const stop = /["\r\n]/;

/** The cells of one row, unquoted. */
export function csvCells(row: string, delimiter: string): readonly string[] {
  const text = row.endsWith('\r') ? row.slice(0, -1) : row;
  if (!stop.test(text)) return text.split(delimiter);
  const cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const [cell, end] = text[at] === '"' ? quotedCell(text, at, delimiter) : plainCell(text, at, delimiter);
    cells.push(cell);
    at = end + 1;
  }
  return cells;
}

function plainCell(text: string, start: number, delimiter: string): readonly [string, number] {
  const end = text.indexOf(delimiter, start);
  return end < 0 ? [text.slice(start), text.length] : [text.slice(start, end), end];
}

function quotedCell(text: string, start: number, delimiter: string): readonly [string, number] {
  const pieces: string[] = [];
  let at = start + 1;
  for (;;) {
    const close = text.indexOf('"', at);
    if (close < 0) return [pieces.join('') + text.slice(at), text.length];
    pieces.push(text.slice(at, close));
    if (text[close + 1] !== '"') {
      const [rest, end] = plainCell(text, close + 1, delimiter);
      return [pieces.join('') + rest, end];
    }
    pieces.push('"');
    at = close + 2;
  }
}

/** Running text is not so regular. */
const mostlyAlike = 0.75;

/**
 * The delimiter under which the first rows have the same number of cells, at least two (of three and more, some rows may be damaged);
 * `null` when none does.
 * @param whole whether the head is all of the file
 */
export function csvDelimiter(head: string, whole: boolean): string | null {
  const encoding: Encoding = { name: 'utf-8', markLength: 0, unit: 1 };
  for (const delimiter of [',', '\t', ';', '|']) {
    const splitter = csvSplitter(encoding, delimiter);
    const pushed = splitter.push(Buffer.from(head));
    const rows = (whole ? [...pushed, ...splitter.end()] : pushed).slice(0, 20);
    const widths = rows.map((row) => csvCells(Buffer.from(row.bytes).toString(), delimiter).length);
    const width = widths[0] ?? 0;
    if (width >= 2 && widths.length >= 2 && widths.every((one) => one === width)) return delimiter;
    const alike = widths.filter((one) => one === width).length;
    if (width >= 3 && alike >= 3 && alike >= mostlyAlike * widths.length) return delimiter;
    // One long first row may fill the head: its header alone must do.
    if (width >= 3 && widths.length === 1 && head.length > 8192) return delimiter;
  }
  return null;
}
