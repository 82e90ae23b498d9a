// Owns the line above a diff: where one is among the flips, the sibling conditions as tabs, and the samples.
import { html, nothing, type TemplateResult } from 'lit';
import type { ConditionId } from '../../engine/domain/ids';
import { count } from '../../engine/report/numbers';
import type { DiffData } from '../protocol';

export type DiffToolbarProps = {
  readonly data: DiffData;
  readonly condition: ConditionId | null;
  readonly sample: number;
  readonly onSample: (sample: number) => void;
  readonly onCondition: (condition: ConditionId) => void;
  readonly onFlip: (direction: 'previous' | 'next') => void;
  readonly onSource: () => void;
};

export function diffToolbar(props: DiffToolbarProps): TemplateResult {
  const { data, onFlip, onSource } = props;
  const { flips, ordinal, title } = data;
  return html`<header class="diff-bar">
    <div class="diff-where">
      <h1 title=${title}><span class="ordinal">#${ordinal + 1}</span> ${title}</h1>
      <span class="grow"></span>
      <span class="quiet">${flips.index === null ? `${count(flips.count)} flips` : `flip ${flips.index + 1} of ${count(flips.count)}`}</span>
      <button class="step" ?disabled=${flips.previous === null} aria-keyshortcuts="p" @click=${() => onFlip('previous')}>‹ Previous flip <kbd>p</kbd></button>
      <button class="step" ?disabled=${flips.next === null} aria-keyshortcuts="n" @click=${() => onFlip('next')}>Next flip › <kbd>n</kbd></button>
      <button class="step" @click=${onSource}>Record</button>
    </div>
    ${conditionTabs(props)} ${data.results.length > 1 ? sampleTabs(props) : nothing}
  </header>`;
}

function conditionTabs({ data, condition, onCondition }: DiffToolbarProps): TemplateResult {
  const { siblings, recorded } = data;
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const at = siblings.findIndex((one) => one.condition === condition);
    const next = siblings[(at + step + siblings.length) % siblings.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    onCondition(next.condition);
  };
  return html`<div class="tabs" role="tablist" aria-label="Conditions" @keydown=${move}>
    ${siblings.map(({ condition: id, alias, outcome }) => {
      const own = id === condition;
      const verdict = outcome === null ? 'unreadable' : outcome === recorded ? 'kept' : 'flipped';
      return html`<button role="tab" class=${`tab ${verdict}`} aria-selected=${own} tabindex=${own ? 0 : -1} title=${`${alias}: ${verdict}`}
        @click=${() => onCondition(id)}><span class="tab-name">${alias}</span> <span class="tab-outcome">${outcome ?? '?'}</span></button>`;
    })}
  </div>`;
}

function sampleTabs({ data, sample, onSample }: DiffToolbarProps): TemplateResult {
  return html`<div class="samples" role="group" aria-label="Samples">
    ${data.results.map(
      (
        { outcome },
        index,
      ) => html`<button class="choice" aria-pressed=${index === sample} @click=${() => onSample(index)}>
        ${index + 1}: ${outcome.kind === 'option' ? outcome.option : 'unreadable'}</button>`,
    )}
  </div>`;
}
