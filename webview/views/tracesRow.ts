// Owns how one example looks in the trace editor's list. Model text is text, never markup.
import { html, nothing, type TemplateResult } from 'lit';
import type { ExampleRow } from '../../engine/domain/traceList';
import { count } from '../../engine/report/numbers';

export type TracesRowProps = {
  /** `undefined` while it is being fetched. */
  readonly row: ExampleRow | undefined;
  /** Its place in the list that is shown, from 0. */
  readonly position: number;
  readonly total: number;
  readonly isCurrent: boolean;
  readonly isChosen: boolean;
  readonly style: string;
  readonly onClick: (event: MouseEvent) => void;
};

export function tracesRow(props: TracesRowProps): TemplateResult {
  const { row, position, total, isCurrent, isChosen, style, onClick } = props;
  const classes = `row${isCurrent ? ' current' : ''}${isChosen ? ' chosen' : ''}`;
  return html`<div class=${classes} role="option" id=${`example-${position}`} aria-selected=${isChosen || isCurrent}
    aria-posinset=${position + 1} aria-setsize=${total} .style=${style} @click=${onClick}>
    ${row ? content(row, isChosen) : html`<span class="quiet">…</span>`}
  </div>`;
}

function content(row: ExampleRow, isChosen: boolean): TemplateResult {
  const { index, title, answer, opaque, reasoningChars } = row;
  return html`<span class="tick" aria-hidden="true">${isChosen ? '✓' : nothing}</span>
    <span class="ordinal">#${count(index + 1)}</span>
    <span class="title" dir="auto" title=${title}>${title}</span>
    ${opaque === null && reasoningChars > 0 ? nothing : flaw(opaque === null ? 'empty' : 'opaque', opaque ?? 'The reasoning is empty.')}
    ${answer === null ? flaw('no answer', 'No answer could be read.') : html`<b class="recorded" dir="auto">${answer}</b>`}`;
}

const flaw = (word: string, title: string): TemplateResult => html`<span class="flaw" title=${title}>${word}</span>`;
