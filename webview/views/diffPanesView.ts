// Owns how the two panes look: kept text dimmed, the cut marked, changed words marked by more than color. Model text is text, never markup.
import { html, nothing, type TemplateResult } from 'lit';
import type { DiffData } from '../protocol';
import { icon } from '../ui/icons';
import { t } from '../ui/t';
import type { DiffPanes, Segment } from './diffModel';
import { type Mark, type MarkedSegment, type PaneName, splitAtMarks } from './markedSegments';
import { markTitle } from './rangeNotes';

export function diffPanesView(
  { original, regenerated }: DiffPanes,
  { cut, traceEdit }: DiffData,
  marks: readonly Mark[],
): TemplateResult {
  const tokens = t('{0} of {1} tokens kept', cut.k, cut.n);
  const closing = traceEdit.close === 'closed' ? t('then closed') : t('left open');
  const goesOn = cut.changes ? t('the record') : t('{0}, the record goes on', tokens);
  const isEdited = cut.changes ? t('edited, {0}, {1}', tokens, closing) : `${tokens}, ${closing}`;
  return html`<section class="panes" aria-label=${t('Reasoning')}>
    ${pane({ name: 'original', title: t('Original'), cutWords: goesOn }, original, marks)}
    ${pane({ name: 'regenerated', title: t('Regenerated'), cutWords: isEdited }, regenerated, marks)}
    ${cut.note === undefined ? nothing : html`<p class="quiet edit-note">${cut.note}</p>`}
  </section>`;
}

type PaneWords = { readonly name: PaneName; readonly title: string; readonly cutWords: string };

function pane({ name, title, cutWords }: PaneWords, segments: readonly Segment[], marks: readonly Mark[]) {
  const own = marks.filter((mark) => mark.pane === name);
  const [first, ...others] = segments;
  const shown = first?.kind === 'kept' ? [withoutFirstBreak(first), ...others] : segments;
  const pieces = shown.flatMap((one) => splitAtMarks(one, own));
  const kept = pieces.filter(({ kind }) => kind === 'kept');
  const rest = pieces.filter(({ kind }) => kind !== 'kept');
  return html`<article class="pane" data-pane=${name} aria-label=${t('{0} reasoning and answer', title)}>
    ${kept.length > 0 ? html`<div class="model-text kept-text">${kept.map(piece)}</div>` : nothing}
    <div class="cut" role="separator" aria-label=${t('cut: {0}', cutWords)}><span>${icon('cut')} ${cutWords}</span></div>
    <div class="model-text">${rest.map(piece)}</div>
  </article>`;
}

function piece(segment: MarkedSegment): TemplateResult {
  const { marks, start, text } = segment;
  if (marks.length > 0) {
    const said = html`<mark data-at=${start} title=${marks.map(markTitle).join('\n')}>${text}</mark>`;
    if (segment.kind === 'left') return html`<del>${said}</del>`;
    return segment.kind === 'new' ? html`<ins>${said}</ins>` : said;
  }
  if (segment.kind === 'left') return html`<del data-at=${start}>${text}</del>`;
  return segment.kind === 'new'
    ? html`<ins data-at=${start}>${text}</ins>`
    : html`<span data-at=${start}>${text}</span>`;
}

/** The break after the opening tag is left out of what is shown, and only there: it would be an empty line above both panes. */
function withoutFirstBreak(kept: Segment): Segment {
  const text = kept.text.replace(/^\s*\n/, '');
  return { ...kept, text, start: kept.start + kept.text.length - text.length };
}
