// Owns tables as HTML: caption, row and column headers, a frame that scrolls and can be reached by keyboard, notes below.
import { escapeHtml } from './htmlEscape';
import type { Note, Table } from './table';

export type HtmlTableOptions = {
  /** Address of what a column's head links to; `undefined` for a head that links to nothing. */
  readonly linkOf?: (column: string) => string | undefined;
  /** The same for the name of a row. */
  readonly rowLinkOf?: (name: string) => string | undefined;
};

/** `id` must be unique in its page. */
export function htmlTable(
  { caption, columns, rows, notes }: Table,
  id: string,
  { linkOf = () => undefined, rowLinkOf = () => undefined }: HtmlTableOptions = {},
): string {
  const classOf = (index: number): string => (columns[index]?.align === 'right' ? ' class="number"' : '');
  const head = columns.map(({ id: column, title }, index) => {
    return `<th scope="col"${classOf(index)}>${linked(title, linkOf(column))}</th>`;
  });
  const body = rows.map(([name = '', ...cells]) => {
    const rest = cells.map((cell, index) => `<td${classOf(index + 1)}>${escapeHtml(cell)}</td>`).join('');
    return `<tr><th scope="row">${linked(name, rowLinkOf(name))}</th>${rest}</tr>`;
  });
  return `<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0"><table>
<caption id="${id}">${escapeHtml(caption)}</caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody>
</table></div>${notesList(notes)}`;
}

const linked = (text: string, link: string | undefined): string =>
  link === undefined ? escapeHtml(text) : `<a href="${escapeHtml(link)}">${escapeHtml(text)}</a>`;

function notesList(notes: readonly Note[]): string {
  if (notes.length === 0) return '';
  const items = notes.map(({ mark, text }) => {
    const sign = mark === '' ? '' : `<b class="mark">${escapeHtml(mark)}</b> `;
    return `<li>${sign}${escapeHtml(text)}</li>`;
  });
  return `\n<ul class="notes">${items.join('')}</ul>`;
}
