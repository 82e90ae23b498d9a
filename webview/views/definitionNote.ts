// Owns the definition of a number as the panel shows it: what it is, its formula and source, what to beware of and what to do.
import { html, nothing, type TemplateResult } from 'lit';
import type { Definition } from '../../engine/report/definitions/definition';
import { t } from '../ui/t';

export function definitionNote(definition: Definition, onClose: () => void): TemplateResult {
  const { title, about, formula, source, pitfalls, advice } = definition;
  const closeByKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
  };
  return html`<section class="definition" tabindex="-1" aria-label=${t('Definition of {0}', title)} @keydown=${closeByKey}>
    <button class="choice close" aria-keyshortcuts="Escape" @click=${onClose}>${t('Close')}</button>
    <h3>${title}</h3>
    <p>${about}</p>
    <p class="formula">${formula}</p>
    <p class="quiet">${t('Source: {0}', source)}</p>
    ${list(t('Beware'), pitfalls)} ${list(t('Advice'), advice)}
  </section>`;
}

function list(title: string, lines: readonly string[]): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<h4>${title}</h4><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}
