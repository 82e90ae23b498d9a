// Owns tables as Markdown (GitHub's dialect), with everything escaped that Markdown would read as markup.
import type { Table } from './table';

/** Caption, table and notes; ends without a line break. */
export function markdownTable({ caption, columns, rows, notes }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = line(columns.map(({ title }) => escapeMarkdown(title)));
  const ruler = line(columns.map(({ align }) => (align === 'right' ? '---:' : '---')));
  const body = rows.map((row) => line(row.map((cell) => escapeMarkdown(cell))));
  const list = notes.map(({ mark, text }) => `- ${mark === '' ? '' : `**${mark}** `}${escapeMarkdown(text)}`);
  return [`**${escapeMarkdown(caption)}**`, '', head, ruler, ...body, ...(list.length > 0 ? ['', ...list] : [])].join(
    '\n',
  );
}

export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]|#~]/g, '\\$&');
}
