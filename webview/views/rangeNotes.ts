// Owns the list of what was said of single words of an example, below its texts.
import { html, nothing, type TemplateResult } from 'lit';
import type { Annotation } from '../../engine/domain/annotation';
import { t } from '../ui/t';
import type { Mark } from './markedSegments';

export type RangeNotesProps = {
  readonly marks: readonly Mark[];
  readonly author: string;
  readonly onShow: (mark: Mark) => void;
  readonly onRemove: (annotation: Annotation) => void;
};

export function rangeNotes({ marks, author, onShow, onRemove }: RangeNotesProps): TemplateResult | typeof nothing {
  if (marks.length === 0) return nothing;
  return html`<ul class="range-notes" aria-label=${t('Annotated words')}>${marks.map((mark) => {
    const { annotation } = mark;
    const words = shortened(annotation.target.range?.quote ?? '');
    return html`<li>
      <button class="choice quote" title=${t('Show these words')} @click=${() => onShow(mark)}>“${words}”</button>
      ${annotation.label === null ? nothing : html`<span class="label-chip">${annotation.label}</span>`}
      ${annotation.note === '' ? nothing : html`<span class="model-text">${annotation.note}</span>`}
      <span class="quiet">${annotation.author}</span>
      ${annotation.author === author ? html`<button class="choice" aria-label=${t('Remove the annotation of “{0}”', words)} @click=${() => onRemove(annotation)}>${t('Remove')}</button>` : nothing}
    </li>`;
  })}</ul>`;
}

const mostChars = 60;
export const shortened = (words: string): string =>
  words.length > mostChars ? `${words.slice(0, mostChars).trimEnd()}…` : words;

/** What a mark says when somebody points at it. */
export const markTitle = ({ annotation: { label, note, author } }: Mark): string =>
  [label, note, author].filter((part) => part !== null && part !== '').join(' · ');
