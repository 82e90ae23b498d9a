// Owns what the panel shows before there is any run: what this is, and how to begin.
import { html, type TemplateResult } from 'lit';

export function emptyPanel(start: () => void): TemplateResult {
  return html`<section class="empty">
    <h2>Does the answer follow from the reasoning?</h2>
    <ol>
      <li>Right-click a file of reasoning traces and choose <b>Re-run from here</b>.</li>
      <li>The trace is held fixed, cut or left open; a word of the prompt is swapped; a local model answers again.</li>
      <li>Here you see how often the recommendation is kept, with intervals and controls, and every example behind it.</li>
    </ol>
    <vscode-button @click=${start}>Re-run a trace file…</vscode-button>
  </section>`;
}
