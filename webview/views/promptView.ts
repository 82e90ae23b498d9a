// Owns how the prompt is shown in a diff: the edited messages with what was replaced, the others folded away.
import { html, nothing, type TemplateResult } from 'lit';
import type { Message } from '../../engine/domain/example';
import type { DiffData } from '../protocol';
import { type MarkedPart, markReplacements } from '../ui/markedText';
import { t } from '../ui/t';

export function promptView({ example, promptReplacements, swapped }: DiffData): TemplateResult {
  const edited = new Set(promptReplacements.map(({ message }) => message));
  const open = example.messages.map((message, index) => ({ message, index })).filter(({ index }) => edited.has(index));
  const words = swapped && edited.size === 0 ? t('The swap touches nothing in this prompt.') : null;
  return html`<section class="prompt" aria-label=${t('Prompt')}>
    ${words ? html`<p class="failure">${words}</p>` : nothing}
    ${open.map(({ message, index }) => messageView(message, markReplacements(message.content, of(promptReplacements, index))))}
    <details>
      <summary>${edited.size > 0 ? t('Whole prompt') : t('Prompt (unchanged)')}</summary>
      ${example.messages.map((message) => messageView(message, [{ kind: 'text', text: message.content }]))}
    </details>
  </section>`;
}

function of(replacements: DiffData['promptReplacements'], index: number): DiffData['promptReplacements'] {
  return replacements.filter(({ message }) => message === index);
}

function messageView({ role }: Message, parts: readonly MarkedPart[]): TemplateResult {
  return html`<div class="message"><span class="role">${role}</span><p class="model-text">${parts.map((part) =>
    part.kind === 'text' ? part.text : html`<del>${part.was}</del><ins>${part.is}</ins>`,
  )}</p></div>`;
}
