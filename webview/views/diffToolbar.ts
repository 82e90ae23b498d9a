// Owns the line above a diff: where one is among the flips, the sibling conditions as tabs, and the samples.
import { html, nothing, type TemplateResult } from 'lit';
import { type OutcomeOrder, outcomeOrders } from '../../engine/domain/comparison';
import type { ConditionId } from '../../engine/domain/ids';
import { count } from '../../engine/report/numbers';
import type { DiffData, ReviewPlace } from '../protocol';
import { verdictWord } from '../ui/icons';
import { orderTitle } from '../ui/orderTitle';
import { plural, t } from '../ui/t';

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
  const [back, on] = review ? [t('Previous'), t('Next')] : [t('Previous flip'), t('Next flip')];
  return html`<header class="diff-bar">
    <div class="diff-where">
      <h1 title=${title}><span class="ordinal">#${ordinal + 1}</span> ${title}</h1>
      <span class="grow"></span>
      <span class="quiet">${placeWords(props)}</span> ${review ? nothing : orderChooser(props)}
      <button class="step" ?disabled=${previous === null} aria-keyshortcuts="p" @click=${() => onFlip('previous')}>‹ ${back} <kbd>p</kbd></button>
      <button class="step" ?disabled=${next === null} aria-keyshortcuts="n" @click=${() => onFlip('next')}>${on} › <kbd>n</kbd></button>
      ${review?.isBlind ? nothing : html`<button class="step" aria-keyshortcuts="v" title=${t('Open in VS Code’s diff editor')} @click=${onNative}>${t('VS Code’s diff')} <kbd>v</kbd></button>`}
      ${review?.isBlind ? nothing : placeButtons(onTrace, onSource)}
    </div>
    ${review?.isBlind ? nothing : conditionTabs(props)} ${data.results.length > 1 && !review?.isBlind ? sampleTabs(props) : nothing}
  </header>`;
}

function placeWords({ review, data: { flips } }: DiffToolbarProps): string {
  if (review) {
    const words = t('{0} of {1} to review', review.index + 1, review.count);
    return review.isBlind ? t('blind, {0}', words) : words;
  }
  return flips.index === null
    ? plural('{0} flip', '{0} flips', flips.count)
    : t('flip {0} of {1}', flips.index + 1, count(flips.count));
}

/** Both show the record as it is, so an annotator who must not know which side that is has neither. */
const placeButtons = (
  onTrace: () => void,
  onSource: () => void,
): TemplateResult => html`<button class="step" title=${t('Read it with its decision curves, and re-run from any step')} @click=${onTrace}>${t('Trace')}</button>
  <button class="step" @click=${onSource}>${t('Record')}</button>`;

function orderChooser({ order, onOrder }: DiffToolbarProps): TemplateResult {
  const choose = (event: Event): void => onOrder((event.target as HTMLSelectElement).value as OutcomeOrder);
  return html`<select aria-label=${t('Order of the flips')} title=${t('Order of the flips')} @change=${choose}>
    ${outcomeOrders.map((one) => html`<option value=${one} .selected=${one === order}>${orderTitle(one)}</option>`)}
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
    { name: t('Prompt swapped'), tabs: siblings.filter(({ alias }) => isSwappedAlias(alias)) },
    { name: t('Prompt unchanged'), tabs: siblings.filter(({ alias }) => !isSwappedAlias(alias)) },
  ].filter(({ tabs }) => tabs.length > 0);
  return html`<div class="tabs" role="tablist" aria-label=${t('Conditions')} @keydown=${move}>
    ${rows.map(({ name, tabs }) => [
      html`<span class="tabs-name" role="presentation">${name}</span>`,
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
  return html`<button role="tab" class=${`tab ${verdict}`} aria-selected=${own} tabindex=${own ? 0 : -1} title=${`${alias}: ${verdictWord(verdict)}`}
    @click=${() => onCondition(condition)}>${alias.split('+')[0]} <span class="tab-outcome">${outcome ?? '?'}</span></button>`;
}

function sampleTabs({ data, sample, onSample }: DiffToolbarProps): TemplateResult {
  return html`<div class="samples" role="group" aria-label=${t('Samples')}>
    ${data.results.map(
      (
        { outcome },
        index,
      ) => html`<button class="choice" aria-pressed=${index === sample} @click=${() => onSample(index)}>
        ${index + 1}: ${outcome.kind === 'option' ? outcome.option : t('unreadable')}</button>`,
    )}
  </div>`;
}
