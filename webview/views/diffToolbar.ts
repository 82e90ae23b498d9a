// Owns the line above a diff: where one is among the flips, the sibling conditions as tabs, and the samples.
import { html, nothing, type TemplateResult } from 'lit';
import { type OutcomeOrder, outcomeOrders } from '../../engine/domain/comparison';
import type { ConditionId } from '../../engine/domain/ids';
import { count, counted } from '../../engine/report/numbers';
import type { DiffData, ReviewPlace } from '../protocol';

export type DiffToolbarProps = {
  readonly data: DiffData;
  readonly condition: ConditionId | null;
  readonly sample: number;
  /** The queue that is worked through; then previous and next are its own. */
  readonly review: ReviewPlace | null;
  readonly onSample: (sample: number) => void;
  readonly onCondition: (condition: ConditionId) => void;
  readonly onFlip: (direction: 'previous' | 'next') => void;
  readonly order: OutcomeOrder;
  readonly onOrder: (order: OutcomeOrder) => void;
  /** The editor's own diff. */
  readonly onNative: () => void;
  readonly onTrace: () => void;
  readonly onSource: () => void;
};

export function diffToolbar(props: DiffToolbarProps): TemplateResult {
  const { data, review, onFlip, onTrace, onSource, onNative } = props;
  const { flips, ordinal, title } = data;
  const { previous, next } = review ?? flips;
  const what = review ? '' : ' flip';
  return html`<header class="diff-bar">
    <div class="diff-where">
      <h1 title=${title}><span class="ordinal">#${ordinal + 1}</span> ${title}</h1>
      <span class="grow"></span>
      <span class="quiet">${placeWords(props)}</span> ${review ? nothing : orderChooser(props)}
      <button class="step" ?disabled=${previous === null} aria-keyshortcuts="p" @click=${() => onFlip('previous')}>‹ Previous${what} <kbd>p</kbd></button>
      <button class="step" ?disabled=${next === null} aria-keyshortcuts="n" @click=${() => onFlip('next')}>Next${what} › <kbd>n</kbd></button>
      ${review?.isBlind ? nothing : html`<button class="step" aria-keyshortcuts="v" title="Open in VS Code’s diff editor" @click=${onNative}>VS Code’s diff <kbd>v</kbd></button>`}
      <button class="step" title="Read it with its decision curves, and re-run from any step" @click=${onTrace}>Trace</button>
      <button class="step" @click=${onSource}>Record</button>
    </div>
    ${review?.isBlind ? nothing : conditionTabs(props)} ${data.results.length > 1 && !review?.isBlind ? sampleTabs(props) : nothing}
  </header>`;
}

function placeWords({ review, data: { flips } }: DiffToolbarProps): string {
  if (review) return `${review.isBlind ? 'blind, ' : ''}${review.index + 1} of ${review.count} to review`;
  return flips.index === null ? counted(flips.count, 'flip') : `flip ${flips.index + 1} of ${count(flips.count)}`;
}

function orderChooser({ order, onOrder }: DiffToolbarProps): TemplateResult {
  const choose = (event: Event): void => onOrder((event.target as HTMLSelectElement).value as OutcomeOrder);
  return html`<select aria-label="Order of the flips" title="Order of the flips" @change=${choose}>
    ${outcomeOrders.map(({ id, title }) => html`<option value=${id} .selected=${id === order}>${title}</option>`)}
  </select>`;
}

/** All conditions of the example: one row of tabs a prompt, arrow keys go through both. */
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
  const rows = [
    { name: 'swapped', tabs: siblings.filter(({ alias }) => isSwappedAlias(alias)) },
    { name: 'unchanged', tabs: siblings.filter(({ alias }) => !isSwappedAlias(alias)) },
  ].filter(({ tabs }) => tabs.length > 0);
  return html`<div class="tabs" role="tablist" aria-label="Conditions" @keydown=${move}>
    ${rows.map(({ name, tabs }) => [
      html`<span class="tabs-name" role="presentation">Prompt ${name}</span>`,
      html`<span class="tabs-row" role="presentation">${tabs.map((tab) => conditionTab(tab, recorded, { own: tab.condition === condition, onCondition }))}</span>`,
    ])}
  </div>`;
}

/** The words after the plus name the prompt edit. */
const isSwappedAlias = (alias: string): boolean => alias.includes('+');

type TabProps = { readonly own: boolean; readonly onCondition: DiffToolbarProps['onCondition'] };

function conditionTab(
  tab: DiffData['siblings'][number],
  recorded: string,
  { own, onCondition }: TabProps,
): TemplateResult {
  const { condition, alias, outcome } = tab;
  const verdict = outcome === null ? 'unreadable' : outcome === recorded ? 'kept' : 'flipped';
  return html`<button role="tab" class=${`tab ${verdict}`} aria-selected=${own} tabindex=${own ? 0 : -1} title=${`${alias}: ${verdict}`}
    @click=${() => onCondition(condition)}>${alias.split('+')[0]} <span class="tab-outcome">${outcome ?? '?'}</span></button>`;
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
