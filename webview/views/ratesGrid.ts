// Owns the flip-rate table: one row a condition, grouped by what was done to the prompt. Must not know where the numbers come from.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isSwapped } from '../../engine/domain/condition';
import type { ConditionEffect } from '../../engine/domain/effect';
import type { ConditionId } from '../../engine/domain/ids';
import { canonicalJson } from '../../engine/domain/ids';
import { count, missing, percent, percentRange, pValue } from '../../engine/report/numbers';
import { promptEditKind, promptEditWords, traceEditTitle, traceEditWords } from '../ui/conditionWords';
import { icon } from '../ui/icons';
import { rateAxis, rateMark } from '../ui/rateMark';

export type RatesGridProps = {
  readonly effects: readonly ConditionEffect[];
  readonly selected: ConditionId | null;
  /** `open`: by Enter or a double click, which also goes to the examples. */
  readonly onSelect: (condition: ConditionId, open: boolean) => void;
};

const columns = 'minmax(98px, 1.1fr) minmax(84px, 2fr) 56px 84px 50px 48px 36px 58px 52px 40px';

const headings: readonly { readonly text: string; readonly title: string; readonly numeric?: true }[] = [
  { text: 'Trace edit', title: 'How much of the reasoning is kept, and whether it is closed' },
  {
    text: 'Kept, %',
    title: 'Share of readable answers equal to the recorded one: dot and interval; the ring is the control',
  },
  { text: 'Kept', title: 'kept / (kept + flipped)', numeric: true },
  { text: '95% interval', title: 'Its method is named in each cell’s tooltip', numeric: true },
  { text: 'Kept n', title: 'Examples that kept their answer', numeric: true },
  { text: 'Flip n', title: 'Examples whose answer changed', numeric: true },
  { text: '? n', title: 'Examples whose new answer could not be read', numeric: true },
  { text: 'Control', title: 'Kept rate of the same trace edit with the prompt unchanged', numeric: true },
  { text: 'Noise', title: 'Disagreement when the same condition is drawn again', numeric: true },
  { text: '', title: 'Reasons to read the row with care' },
];

export function ratesGrid(props: RatesGridProps): TemplateResult {
  const unswapped = props.effects.filter(({ condition }) => !isSwapped(condition));
  const groups = [
    ...byPromptEdit(props.effects.filter(({ condition }) => isSwapped(condition))),
    { title: 'Prompt unchanged (control)', effects: unswapped },
  ].filter(({ effects }) => effects.length > 0);
  return html`<vscode-data-grid class="rates" generate-header="none" grid-template-columns=${columns} aria-label="Kept rates by condition"
    @keydown=${(event: KeyboardEvent) => selectByKey(event, props)}>
    <vscode-data-grid-row row-type="header">
      ${headings.map(
        (
          { text, title, numeric },
          index,
        ) => html`<vscode-data-grid-cell cell-type="columnheader" grid-column=${index + 1}
          class=${numeric ? 'number' : ''} title=${title}>${index === 1 ? rateAxis() : text || html`<span class="hidden">Caveats</span>`}</vscode-data-grid-cell>`,
      )}
    </vscode-data-grid-row>
    ${groups.map(({ title, effects }) => [
      html`<vscode-data-grid-row class="group">
        <vscode-data-grid-cell grid-column="1 / -1">${title}</vscode-data-grid-cell>
      </vscode-data-grid-row>`,
      repeat(
        effects,
        ({ condition }) => condition.id,
        (effect) => effectRow(effect, props),
      ),
    ])}
  </vscode-data-grid>`;
}

type Group = { readonly title: string; readonly effects: readonly ConditionEffect[] };

/** A group for each edit of the prompt, in the order of the run. */
function byPromptEdit(effects: readonly ConditionEffect[]): readonly Group[] {
  const groups = new Map<string, ConditionEffect[]>();
  for (const effect of effects) {
    const key = canonicalJson(effect.condition.promptEdit);
    groups.set(key, [...(groups.get(key) ?? []), effect]);
  }
  return [...groups.values()].map((own) => ({ title: promptGroupTitle(own), effects: own }));
}

function promptGroupTitle([first]: readonly ConditionEffect[]): string {
  if (!first) return '';
  const { condition } = first;
  return `${promptEditKind(condition.promptEdit)} · ${promptEditWords(condition)}`;
}

function effectRow(effect: ConditionEffect, { selected, onSelect }: RatesGridProps): TemplateResult {
  const { condition, keptRate, kept, flipped, unreadable, control, noise, bounds } = effect;
  const isSelected = condition.id === selected;
  const method = `${keptRate.method}; if all unreadable had flipped or been kept: ${percentRange(bounds)}`;
  const cells: readonly { readonly content: unknown; readonly title?: string }[] = [
    {
      content: traceEditTitle(condition.traceEdit),
      title: `${traceEditWords(condition.traceEdit)} (${condition.alias})`,
    },
    { content: rateMark(effect) },
    { content: percent(keptRate.rate) },
    { content: percentRange(keptRate.interval), title: method },
    { content: count(kept) },
    { content: count(flipped) },
    { content: count(unreadable) },
    { content: control ? percent(control.rate) : missing, title: testWords(effect) },
    { content: noise ? percent(noise.rate) : missing, title: noise ? `${noise.n} examples drawn again` : '' },
    { content: caveatMark(effect) },
  ];
  return html`<vscode-data-grid-row data-condition=${condition.id}
    class=${`${isSelected ? 'selected' : ''} ${isSwapped(condition) ? 'swapped' : 'unswapped'}`} aria-selected=${isSelected}
    @click=${() => onSelect(condition.id, false)} @dblclick=${() => onSelect(condition.id, true)}>
    ${cells.map(
      ({ content, title }, index) => html`<vscode-data-grid-cell grid-column=${index + 1} title=${title ?? nothing}
        cell-type=${index === 0 ? 'rowheader' : 'default'} class=${headings[index]?.numeric ? 'number' : ''}>${content}</vscode-data-grid-cell>`,
    )}
  </vscode-data-grid-row>`;
}

/** The panel is for looking around, so the adjustment for that stands beside the strict one. */
function testWords({ paired }: ConditionEffect): string {
  if (!paired) return '';
  const { adjustedP, falseDiscoveryP, tests, method } = paired;
  const many = tests === 1 ? '' : ` (Holm over ${tests} tests; q ${pValue(falseDiscoveryP)} by Benjamini and Hochberg)`;
  return `Against the control: p ${pValue(adjustedP)}${many}, ${method}`;
}

function caveatMark({ caveats }: ConditionEffect): TemplateResult | typeof nothing {
  if (caveats.length === 0) return nothing;
  const words = caveats.map(({ message }) => message).join('\n');
  return html`<span class="caveat-mark" title=${words} aria-label=${`${caveats.length} caveats`}>${icon('warning')} ${caveats.length}</span>`;
}

/** Enter on a row goes to its examples, space selects it; the grid itself has the arrow keys. */
function selectByKey(event: KeyboardEvent, { onSelect }: RatesGridProps): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  const row = (event.target as Element).closest<HTMLElement>('[data-condition]');
  const condition = row?.dataset.condition;
  if (condition === undefined) return;
  event.preventDefault();
  onSelect(condition as ConditionId, event.key === 'Enter');
}
