// Owns the line for a person's judgment of what is shown: one key a label, and a note.
import { html, nothing, type TemplateResult } from 'lit';
import type { Annotation } from '../../engine/domain/annotation';
import type { Label } from '../ui/viewElement';

export type AnnotationBarProps = {
  readonly labels: readonly Label[];
  /** Annotations of exactly this sample, by anybody. */
  readonly standing: readonly Annotation[];
  readonly onAnnotate: (annotation: { readonly label: string | null; readonly note: string }) => void;
};

export function annotationBar({ labels, standing, onAnnotate }: AnnotationBarProps): TemplateResult {
  const latest = standing.at(-1);
  const label = latest?.label ?? null;
  const note = latest?.note ?? '';
  const saveNote = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    if (value !== note) onAnnotate({ label, note: value });
  };
  return html`<footer class="annotation" aria-label="Annotation">
    <div class="labels" role="group" aria-label="Label">
      ${labels.map(({ id, title, key }) => {
        const own = id === label;
        return html`<button class="choice" aria-pressed=${own} aria-keyshortcuts=${key}
          @click=${() => onAnnotate({ label: own ? null : id, note })}><kbd>${key}</kbd> ${title}</button>`;
      })}
    </div>
    <vscode-text-field class="note" aria-label="Note" placeholder="Note (Enter saves)" .value=${note} @change=${saveNote}></vscode-text-field>
    ${latest ? html`<span class="quiet">${authors(standing)}</span>` : nothing}
  </footer>`;
}

function authors(standing: readonly Annotation[]): string {
  return [...new Set(standing.map(({ author }) => author))].join(', ');
}
