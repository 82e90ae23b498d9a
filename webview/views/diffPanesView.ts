// Owns how the two panes look: kept text dimmed, the cut marked, changed words marked by more than color. Model text is text, never markup.
import { html, nothing, type TemplateResult } from 'lit';
import type { DiffData } from '../protocol';
import { icon } from '../ui/icons';
import { t } from '../ui/t';
import type { DiffPanes, Segment } from './diffModel';

export function diffPanesView({ original, regenerated }: DiffPanes, { cut, traceEdit }: DiffData): TemplateResult {
  const tokens = t('{0} of {1} tokens kept', cut.k, cut.n);
  const closing = traceEdit.close === 'closed' ? t('then closed') : t('left open');
  return html`<section class="panes" aria-label=${t('Reasoning')}>
    ${pane(t('Original'), original, cut.changes ? t('the record') : t('{0}, the record goes on', tokens))}
    ${pane(t('Regenerated'), regenerated, cut.changes ? t('edited, {0}, {1}', tokens, closing) : `${tokens}, ${closing}`)}
    ${cut.note === undefined ? nothing : html`<p class="quiet edit-note">${cut.note}</p>`}
  </section>`;
}

function pane(title: string, segments: readonly Segment[], cutWords: string): TemplateResult {
  const kept = segments.filter(({ kind }) => kind === 'kept');
  const rest = segments.filter(({ kind }) => kind !== 'kept');
  return html`<article class="pane" aria-label=${t('{0} reasoning and answer', title)}>
    ${kept.length > 0 ? html`<div class="model-text kept-text">${withoutFirstBreak(kept)}</div>` : nothing}
    <div class="cut" role="separator" aria-label=${t('cut: {0}', cutWords)}><span>${icon('cut')} ${cutWords}</span></div>
    <div class="model-text">${rest.map(segment)}</div>
  </article>`;
}

function segment({ kind, text }: Segment): TemplateResult {
  if (kind === 'left') return html`<del>${text}</del>`;
  return kind === 'new' ? html`<ins>${text}</ins>` : html`<span>${text}</span>`;
}

/** The break after the opening tag is left out of what is shown, and only there: it would be an empty line above both panes. */
function withoutFirstBreak(kept: readonly Segment[]): string {
  return kept
    .map(({ text }) => text)
    .join('')
    .replace(/^\s*\n/, '');
}
