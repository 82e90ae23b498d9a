// Owns a table of the report as a table of the page. Must not know its numbers.
import { html, nothing, type TemplateResult } from 'lit';
import type { Table } from '../../engine/report/table';
import { t } from './t';

/** @param onDefine called with the id of a column whose definition is wanted; `null`: the columns are no measures of their own */
export function reportTable(
  { caption, columns, rows, notes }: Table,
  onDefine: ((column: string) => void) | null,
): TemplateResult {
  return html`<table class="report-table">
      <caption>${caption}</caption>
      <thead><tr>${columns.map(
        ({ id, title, align }) =>
          html`<th scope="col" class=${align}>${
            onDefine
              ? html`<button class="define" title=${t('What “{0}” is', title)} @click=${() => onDefine(id)}>${title}</button>`
              : title
          }</th>`,
      )}</tr></thead>
      <tbody>${rows.map(
        ([name, ...cells]) => html`<tr><th scope="row">${name}</th>
          ${cells.map((cell, index) => html`<td class=${columns[index + 1]?.align ?? 'left'}>${cell}</td>`)}</tr>`,
      )}</tbody>
    </table>
    ${notes.length === 0 ? nothing : html`<ul class="table-notes">${notes.map(({ mark, text }) => html`<li>${mark} ${text}</li>`)}</ul>`}`;
}
