// Owns how one example looks in the trace editor's list. Model text is text, never markup.
import { html, nothing, type TemplateResult } from 'lit';
import type { ExampleRow } from '../../engine/domain/traceList';
import { count } from '../../engine/report/numbers';
import { t } from '../ui/t';

/** What stands in the row of an example. */
export function tracesRow(row: ExampleRow, isChosen: boolean): TemplateResult {
  const { index, title, answer, opaque, reasoningChars } = row;
  return html`<span class="tick" aria-hidden="true">${isChosen ? '✓' : nothing}</span>
    <span class="ordinal">#${count(index + 1)}</span>
    <span class="title" dir="auto" title=${title}>${title}</span>
    ${opaque === null && reasoningChars > 0 ? nothing : flaw(opaque === null ? t('empty') : t('opaque'), opaque ?? t('The reasoning is empty.'))}
    ${answer === null ? flaw(t('no answer'), t('No answer could be read.')) : html`<b class="recorded" dir="auto">${answer}</b>`}`;
}

const flaw = (word: string, title: string): TemplateResult => html`<span class="flaw" title=${title}>${word}</span>`;
