// Owns tables as aligned plain text for a terminal, ruled like a table in a paper.
import { narrowTable } from './narrowTable';
import type { Note, Table } from './table';

const gap = 2;
const narrowestNotes = 72;

/** Lines without a trailing line break. Where it would be wider than `maxWidth` characters, dispensable columns are left out. */
export function textTable(table: Table, maxWidth = Number.POSITIVE_INFINITY): string {
  const { columns, rows, notes, caption } = narrowTable(table, (candidate) => totalWidth(candidate) <= maxWidth);
  const widths = columnWidths({ columns, rows });
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join(' '.repeat(gap))
      .trimEnd();
  const total = totalWidth({ columns, rows });
  const rule = '─'.repeat(total);
  const head = line(columns.map(({ title }) => title));
  const noteWidth = Math.max(narrowestNotes, Math.min(total, maxWidth));
  return [caption, '', head, rule, ...rows.map(line), rule, ...notes.flatMap((note) => wrapNote(note, noteWidth))].join(
    '\n',
  );
}

type Grid = Pick<Table, 'columns' | 'rows'>;

function columnWidths({ columns, rows }: Grid): readonly number[] {
  return columns.map(({ title }, index) => Math.max(...[title, ...rows.map((row) => row[index] ?? '')].map(widthOf)));
}

function totalWidth(grid: Grid): number {
  const widths = columnWidths(grid);
  return widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
}

function pad(cell: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return align === 'left' ? cell + space : space + cell;
}

/** In characters of a terminal, taking each code point as one. */
const widthOf = (text: string): number => [...text].length;

function wrapNote({ mark, text }: Note, width: number): readonly string[] {
  const indent = mark === '' ? '' : `${mark} `;
  const lines: string[] = [];
  let current: string | null = null;
  for (const word of text.split(' ')) {
    if (current !== null && widthOf(current) + 1 + widthOf(word) <= width) current = `${current} ${word}`;
    else {
      if (current !== null) lines.push(current);
      current = (lines.length === 0 ? indent : ' '.repeat(indent.length)) + word;
    }
  }
  return current === null ? lines : [...lines, current];
}
