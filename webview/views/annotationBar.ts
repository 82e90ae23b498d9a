// Owns the line for a person's judgment of what is shown: one key a label, and a note.
import { html, nothing, type TemplateResult } from 'lit';
import type { Annotation } from '../../engine/domain/annotation';
import { t } from '../ui/t';
import type { Label } from '../ui/viewElement';

export type AnnotationBarProps = {
  readonly labels: readonly Label[];
  /** The words that are judged; `null`: the sample is. */
  readonly words: string | null;
  readonly onUnselect: () => void;
  /** Selects the first sentence; `null`: words cannot be told apart here. */
  readonly onWords: (() => void) | null;
  /** Annotations of exactly these words, or of this sample: this person's, and those of others where they may be seen. */
  readonly own: Annotation | undefined;
  readonly others: readonly Annotation[];
  readonly onAnnotate: (annotation: { readonly label: string | null; readonly note: string }) => void;
};

export function annotationBar(props: AnnotationBarProps): TemplateResult {
  const { labels, own: standing, others, onAnnotate, words, onWords } = props;
  const label = standing?.label ?? null;
  const note = standing?.note ?? '';
  const saveNote = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    if (value !== note) onAnnotate({ label, note: value });
  };
  return html`<footer class="annotation" aria-label=${t('Annotation')}>
    ${words === null ? nothing : selectedWords(words, props)}
    <div class="labels" role="group" aria-label=${t('Label')}>
      ${labels.map(({ id, title, key }) => {
        const own = id === label;
        return html`<button class="choice" aria-pressed=${own} aria-keyshortcuts=${key}
          @click=${() => onAnnotate({ label: own ? null : id, note })}><kbd>${key}</kbd> ${title}</button>`;
      })}
    </div>
    ${onWords === null || words !== null ? nothing : wordsButton(onWords)}
    <vscode-text-field class="note" aria-label=${t('Note')} placeholder=${t('Note (Enter saves)')} .value=${note} @change=${saveNote}></vscode-text-field>
    ${others.length > 0 ? html`<span class="quiet">${others.map(wordsOf).join('; ')}</span>` : nothing}
  </footer>`;
}

const wordsButton = (onWords: () => void): TemplateResult =>
  html`<button class="choice" aria-keyshortcuts="]" title=${t('Selected words are judged by themselves: ] and [ go through the sentences, } and { take one more')} @click=${onWords}>${t('Words')} <kbd>]</kbd></button>`;

const selectedWords = (
  words: string,
  { onUnselect }: AnnotationBarProps,
): TemplateResult => html`<span class="selected-words" role="status">${t('On “{0}”', words)}
  <button class="choice" aria-keyshortcuts="Escape" @click=${onUnselect}>${t('Judge the whole instead')} <kbd>Esc</kbd></button></span>`;

const wordsOf = ({ author, label, note }: Annotation): string => `${author}: ${label ?? note}`;
