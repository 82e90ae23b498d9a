// Owns what the panel shows before there is any run: what this is, and how to begin.
import { html, type TemplateResult } from 'lit';
import { parts, t } from '../ui/t';

export function emptyPanel(start: () => void): TemplateResult {
  return html`<section class="empty">
    <h2>${t('Does the answer follow from the reasoning?')}</h2>
    <ol>
      <li>${parts('Right-click a file of reasoning traces and choose {0}.', html`<b>${t('Re-run from here')}</b>`)}</li>
      <li>${t('The trace is held fixed, cut or left open; a word of the prompt is swapped; a local model answers again.')}</li>
      <li>${t('Here you see how often the recommendation is kept, with intervals and controls, and every example behind it.')}</li>
    </ol>
    <vscode-button @click=${start}>${t('Re-run a trace file…')}</vscode-button>
  </section>`;
}
