// Owns the flip-rate table: one row a condition, grouped by what was done to the prompt. Must not know where the numbers come from.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { RunGroup } from '../../engine/domain/comparison';
import { isSwapped } from '../../engine/domain/condition';
import type { ConditionEffect } from '../../engine/domain/effect';
import type { ConditionId } from '../../engine/domain/ids';
import { canonicalJson } from '../../engine/domain/ids';
import { count, missing, percent, percentRange, pValue } from '../../engine/report/numbers';
import { promptEditKind, promptEditWords, traceEditTitle, traceEditWords } from '../ui/conditionWords';
import { icon } from '../ui/icons';
import { rateAxis, rateMark } from '../ui/rateMark';
import { plural, t } from '../ui/t';
import type { Show } from './exampleList';

export type RatesGridProps = {
  readonly effects: readonly ConditionEffect[];
  /** Empty: the examples are not grouped. */
  readonly groups: readonly RunGroup[];
  readonly selected: { readonly condition: ConditionId | null; readonly group: string | null };
  readonly onSelect: (selection: Selection) => void;
  /** The definition of a column is wanted. */
  readonly onDefine: (column: string) => void;
};

/** What of the table a person chose. */
export type Selection = {
  readonly condition: ConditionId;
  readonly group: string | null;
  /** Chosen by a count: those examples. */
  readonly show: Show | null;
  /** By Enter or a double click, which also goes to the examples. */
  readonly open: boolean;
};

const columns = 'minmax(106px, 1.1fr) minmax(84px, 2fr) 56px 84px 50px 48px 58px 58px 52px 36px';

type Heading = {
  readonly text: string;
  readonly title: string;
  readonly numeric?: true;
  /** As the report's tables call it: its definition. */
  readonly column: string;
  /** The examples behind its number. */
  readonly show?: Show;
};

const headings = (): readonly Heading[] => [
  {
    text: t('Condition'),
    title: t('How much of the reasoning is kept, and whether it is closed'),
    column: 'condition',
  },
  {
    text: t('Kept, %'),
    title: t('Share of readable answers equal to the recorded one: dot and interval; the ring is the control'),
    column: 'keptRate',
  },
  { text: t('Kept'), title: t('kept / (kept + flipped)'), numeric: true, column: 'keptRate' },
  {
    text: t('95% interval'),
    title: t('Its method is named in each cell’s tooltip'),
    numeric: true,
    column: 'interval',
  },
  { text: t('Kept n'), title: t('Examples that kept their answer'), numeric: true, column: 'kept', show: 'kept' },
  { text: t('Flip n'), title: t('Examples whose answer changed'), numeric: true, column: 'flipped', show: 'flipped' },
  {
    text: t('Unread'),
    title: t('Examples whose new answer could not be read'),
    numeric: true,
    column: 'unreadable',
    show: 'unreadable',
  },
  {
    text: t('Control'),
    title: t('Kept rate of the same trace edit with the prompt unchanged'),
    numeric: true,
    column: 'control',
  },
  { text: t('Noise'), title: t('Disagreement when the same condition is drawn again'), numeric: true, column: 'noise' },
  { text: '', title: t('Reasons to read the row with care'), column: 'notes' },
];

export function ratesGrid(props: RatesGridProps): TemplateResult {
  return html`<vscode-data-grid class="rates" generate-header="none" grid-template-columns=${columns} aria-label=${t('Kept rates by condition')}
    @keydown=${(event: KeyboardEvent) => actByKey(event, props)}>
    <vscode-data-grid-row row-type="header">
      ${headings().map(
        (
          { text, title, numeric, column },
          index,
        ) => html`<vscode-data-grid-cell cell-type="columnheader" grid-column=${index + 1}
          class=${numeric ? 'number' : ''} title=${t('{0}. Click or Enter: its definition', title)} data-column=${column}
          @click=${() => props.onDefine(column)}>${index === 1 ? rateAxis() : text || html`<span class="hidden">${t('Caveats')}</span>`}</vscode-data-grid-cell>`,
      )}
    </vscode-data-grid-row>
    ${
      props.groups.length === 0
        ? promptGroups(props.effects, null, props)
        : props.groups.map(({ value, examples, effects }) => [
            titleRow(`${value} · ${plural('{0} example', '{0} examples', examples)}`, 'value-group'),
            ...promptGroups(effects, value, props),
          ])
    }
  </vscode-data-grid>`;
}

const titleRow = (title: string, kind: string): TemplateResult => html`<vscode-data-grid-row class=${`group ${kind}`}>
  <vscode-data-grid-cell grid-column="1 / -1">${title}</vscode-data-grid-cell>
</vscode-data-grid-row>`;

/** The rows of the whole run or of one group of its examples, under what was done to the prompt. */
function promptGroups(
  effects: readonly ConditionEffect[],
  group: string | null,
  props: RatesGridProps,
): readonly unknown[] {
  const unswapped = effects.filter(({ condition }) => !isSwapped(condition));
  const groups = [
    ...byPromptEdit(effects.filter(({ condition }) => isSwapped(condition))),
    { title: t('Prompt unchanged (control)'), effects: unswapped },
  ].filter((one) => one.effects.length > 0);
  return groups.map(({ title, effects: own }) => [
    titleRow(title, ''),
    repeat(
      own,
      ({ condition }) => condition.id,
      (effect) => effectRow(effect, group, props),
    ),
  ]);
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

function effectRow(
  effect: ConditionEffect,
  group: string | null,
  { selected, onSelect }: RatesGridProps,
): TemplateResult {
  const { condition, keptRate, kept, flipped, unreadable, control, noise, bounds } = effect;
  const isSelected = condition.id === selected.condition && group === selected.group;
  const choose = (event: Event, open: boolean): void =>
    onSelect({ condition: condition.id, group, show: showOf(event), open });
  const method = t('{0}; if all unreadable had flipped or been kept: {1}', keptRate.method, percentRange(bounds));
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
    {
      content: noise ? percent(noise.rate) : missing,
      title: noise ? plural('{0} example drawn again', '{0} examples drawn again', noise.n) : '',
    },
    { content: caveatMark(effect) },
  ];
  const columnsOf = headings();
  return html`<vscode-data-grid-row data-condition=${condition.id} data-group=${group ?? nothing}
    class=${`${isSelected ? 'selected' : ''} ${isSwapped(condition) ? 'swapped' : 'unswapped'}`} aria-selected=${isSelected}
    @click=${(event: Event) => choose(event, false)} @dblclick=${(event: Event) => choose(event, true)}>
    ${cells.map(
      ({ content, title }, index) => html`<vscode-data-grid-cell grid-column=${index + 1} title=${title ?? nothing}
        data-show=${columnsOf[index]?.show ?? nothing} cell-type=${index === 0 ? 'rowheader' : 'default'} class=${columnsOf[index]?.numeric ? 'number' : ''}>${content}</vscode-data-grid-cell>`,
    )}
  </vscode-data-grid-row>`;
}

/** The panel is for looking around, so the adjustment for that stands beside the strict one. */
function testWords({ paired }: ConditionEffect): string {
  if (!paired) return '';
  const { adjustedP, falseDiscoveryP, tests, method } = paired;
  const p = pValue(adjustedP);
  if (tests === 1) return t('Against the control: p {0}, {1}', p, method);
  const q = pValue(falseDiscoveryP);
  return t(
    'Against the control: p {0} (Holm over {1} tests; q {2} by Benjamini and Hochberg), {3}',
    p,
    tests,
    q,
    method,
  );
}

function caveatMark({ caveats }: ConditionEffect): TemplateResult | typeof nothing {
  if (caveats.length === 0) return nothing;
  const words = caveats.map(({ message }) => message).join('\n');
  return html`<span class="caveat-mark" title=${words} aria-label=${plural('{0} caveat', '{0} caveats', caveats.length)}>${icon('warning')} ${caveats.length}</span>`;
}

/** The examples of the count that an event came from; `null` from elsewhere in the row. */
const showOf = ({ target }: Event): Show | null =>
  ((target as Element).closest<HTMLElement>('[data-show]')?.dataset.show as Show | undefined) ?? null;

/** Enter on a row goes to its examples, space selects it, on a heading they open its definition; the grid itself has the arrow keys. */
function actByKey(event: KeyboardEvent, { onSelect, onDefine }: RatesGridProps): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  const target = event.target as Element;
  const column = target.closest<HTMLElement>('[data-column]')?.dataset.column;
  const { condition, group = null } = target.closest<HTMLElement>('[data-condition]')?.dataset ?? {};
  if (column !== undefined) onDefine(column);
  else if (condition !== undefined)
    onSelect({ condition: condition as ConditionId, group, show: showOf(event), open: event.key === 'Enter' });
  else return;
  event.preventDefault();
}
