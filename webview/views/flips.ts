// Owns the flip-rate panel: which run is shown, its table, and the examples behind the selected condition. It streams while the run goes on.
import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { GroupFilter, OutcomeOrder, RunGroups } from '../../engine/domain/comparison';
import { isSwapped } from '../../engine/domain/condition';
import type { ConditionEffect, OutcomeRow, RunSummary } from '../../engine/domain/effect';
import type { ConditionId, RunId } from '../../engine/domain/ids';
import type { Definition } from '../../engine/report/definitions/definition';
import { figures } from '../../engine/report/figures';
import { count } from '../../engine/report/numbers';
import type { Intent, RunListEntry, ViewState } from '../protocol';
import { promptEditWords, traceEditTitle, traceEditWords } from '../ui/conditionWords';
import { plural, t } from '../ui/t';
import { type Pace, timeLeft } from '../ui/timeLeft';
import { ViewElement, type ViewSetup } from '../ui/viewElement';
import type { ExampleList, Show } from './exampleList';
import './exampleList';
import './comparePane';
import { definitionNote } from './definitionNote';
import { emptyPanel } from './emptyPanel';
import { figurePane } from './figurePane';
import { ratesGrid, type Selection } from './ratesGrid';
import { type RateView, runBar } from './runBar';
import { followRuns } from './runFollower';

/** What is kept while the panel is hidden; decoded leniently, because an older page may have written it. */
type Saved = {
  readonly run?: RunId;
  readonly condition?: ConditionId;
  readonly shown?: Show;
  readonly sort?: OutcomeOrder;
  readonly view?: string;
  readonly groupBy?: string;
  readonly group?: string;
};

/** What figures are called where there is little room. */
const figureTitles = (): Readonly<Record<string, string>> => ({
  'kept-rates': t('Figure'),
  'dose-response': t('Curve'),
});

export class FlipsView extends ViewElement {
  @state() private runs: readonly RunListEntry[] | null = null;
  @state() private run: RunId | null = null;
  @state() private summary: RunSummary | null = null;
  @state() private condition: ConditionId | null = null;
  @state() private shown: Show = 'flipped';
  @state() private sort: OutcomeOrder = 'ordinal';
  @state() private view = 'table';
  @state() private groupBy: string | null = null;
  @state() private group: string | null = null;
  @state() private groups: RunGroups | null = null;
  @state() private defined: Definition | null = null;
  /** Where the run stood when the page began to look. */
  private began: Pace | null = null;
  /** The run that was shown was deleted meanwhile. */
  @state() private isGone = false;
  private isGrouping = false;
  private definedFrom: Element | null = null;
  /** Counts what changed beside the run's log (labels), so that rows are fetched again. */
  @state() private revision = 0;
  /** The same object as long as it is the same group, so that the list knows. */
  private filtered: GroupFilter | null = null;
  private readonly follower;

  constructor(setup: ViewSetup) {
    super(setup);
    const onSummary = (summary: RunSummary): void => {
      this.takeSummary(summary);
    };
    this.follower = followRuns(this.page, onSummary, (error) => void this.attempt(() => Promise.reject(error)));
    const saved = (this.page.saved() ?? {}) as Saved;
    this.run = saved.run ?? null;
    this.condition = saved.condition ?? null;
    this.shown = saved.shown ?? 'flipped';
    this.sort = saved.sort ?? 'ordinal';
    this.view = saved.view ?? 'table';
    this.groupBy = saved.groupBy ?? null;
    this.group = saved.group ?? null;
  }

  override show(state: ViewState): void {
    if (state.view !== 'flips') return;
    void this.attempt(async () => {
      this.runs = await this.page.ask('runs', null);
      const wanted = state.run ?? this.run;
      const run = this.runs.find((one) => one.run === wanted) ?? (this.isGone ? undefined : this.runs[0]);
      if (run) await this.openRun(run.run);
    });
  }

  override runsChanged(): void {
    this.revision += 1;
    void this.attempt(async () => {
      this.runs = await this.page.ask('runs', null);
      // A deletion is told more than once; the sentence about it stays until another run is chosen.
      const wanted = this.run ?? (this.isGone ? undefined : this.runs[0]?.run);
      if (wanted === undefined) return;
      if (this.summary !== null && !this.runs.some(({ run }) => run === wanted)) this.leaveRun();
      else await this.openRun(wanted);
    });
  }

  override render(): TemplateResult {
    if (this.runs !== null && this.runs.length === 0) {
      return html`${this.failureNote()}${emptyPanel(() => this.perform({ do: 'startRun' }))}`;
    }
    const { summary } = this;
    const bar = runBar({
      runs: this.runs ?? [],
      run: this.run,
      summary,
      onRun: (run) => void this.attempt(() => this.openRun(run)),
      perform: (intent) => this.perform(intent),
      views: this.views(summary),
      view: this.shownView(summary),
      onView: (view) => {
        this.view = view;
        this.defined = null;
        this.remember();
      },
      groupings: this.shownView(summary) === 'table' ? (this.groups?.choices ?? []) : [],
      groupBy: this.groupBy,
      onGroupBy: (by) => this.changeGrouping(by),
      left: summary && this.began ? timeLeft(this.began, paceOf(summary), summary.planned) : '',
    });
    return html`${bar}${this.failureNote()}${summary ? this.tables(summary) : this.isGone ? html`<p class="failure" role="status">${t('This run was deleted. Choose another one above.')}</p>` : html`<p class="quiet">${t('Loading…')}</p>`}`;
  }

  /** The toolkit's control remembers its choice by number, and a newer run is put before the others: it is told again which one is shown. */
  protected override updated(): void {
    requestAnimationFrame(() => {
      const control = this.querySelector<HTMLSelectElement>('.run-bar vscode-dropdown');
      if (control && this.run !== null && control.value !== this.run) control.value = this.run;
    });
  }

  private tables(summary: RunSummary): TemplateResult {
    const effect = this.selectedEffect(summary);
    return html`<div class="tables">
      <section class="rates-pane" aria-label=${t('Rates')}>
        ${this.definition()} ${this.rates(summary, effect)} ${caveatList(summary, effect)}
      </section>
      ${effect ? this.examples(summary.run, effect) : nothing}
    </div>`;
  }

  private rates(summary: RunSummary, effect: ConditionEffect | undefined): TemplateResult {
    const view = this.shownView(summary);
    const onDefine = (column: string): void => void this.attempt(() => this.define(column));
    if (view === 'compare') {
      return html`<cot-compare .page=${this.page} .run=${summary.run} .runs=${this.runs ?? []} .define=${onDefine}
        .revision=${this.revision}></cot-compare>`;
    }
    const figure = figures.find(({ id }) => id === view);
    if (figure) return figurePane({ figure, summary, perform: (intent) => this.perform(intent) });
    const { groups = [], left = 0 } = this.groupBy === null ? {} : (this.groups ?? {});
    return html`${ratesGrid({
      effects: summary.effects,
      groups,
      selected: { condition: effect?.condition.id ?? null, group: this.groupFilter()?.value ?? null },
      onSelect: (selection) => this.select(selection),
      onDefine,
    })}
    ${
      groups.length === 0
        ? nothing
        : html`<p class="quiet">${left > 0 ? plural('{0} smaller group is not shown.', '{0} smaller groups are not shown.', left) : ''}
        ${t('Groups are for looking around: nothing is tested within them.')}</p>`
    }`;
  }

  private definition(): TemplateResult | typeof nothing {
    return this.defined ? definitionNote(this.defined, () => void this.define(null)) : nothing;
  }

  /** Shows a column's definition and gives it the focus; closed, the focus goes back. */
  private async define(column: string | null): Promise<void> {
    if (column !== null && this.defined === null) this.definedFrom = document.activeElement;
    // Their words are long, and most people look at most at one: a chunk of its own.
    const { definitionOfColumn } = await import('../../engine/report/definitions/definitions');
    this.defined = (column !== null && definitionOfColumn(column)) || null;
    const next = (): HTMLElement | null =>
      column === null ? (this.definedFrom as HTMLElement | null) : this.querySelector<HTMLElement>('.definition');
    void this.updateComplete.then(() => next()?.focus());
  }

  private views(summary: RunSummary | null): readonly RateView[] {
    const drawn = summary ? figures.filter(({ has }) => has(summary)) : [];
    return [
      { id: 'table', title: t('Table') },
      ...drawn.map(({ id, title }) => ({ id, title: figureTitles()[id] ?? title })),
      ...((this.runs?.length ?? 0) > 1 ? [{ id: 'compare', title: t('Compare') }] : []),
    ];
  }

  /** The view that was chosen, where this run has it. */
  private shownView(summary: RunSummary | null): string {
    return this.views(summary).some(({ id }) => id === this.view) ? this.view : 'table';
  }

  private examples(run: RunId, effect: ConditionEffect): TemplateResult {
    const { condition } = effect;
    const prompt = isSwapped(condition) ? promptEditWords(condition) : t('prompt unchanged');
    return html`<section class="examples-pane" aria-label=${t('Examples of the selected condition')}>
      <div class="examples-head">
        <h2>${traceEditTitle(condition.traceEdit)} <small>${traceEditWords(condition.traceEdit)} · ${prompt}</small></h2>
      </div>
      <cot-example-list .page=${this.page} .run=${run} .effect=${effect} .shown=${this.shown} .order=${this.sort} .revision=${this.revision}
        .group=${this.groupFilter()} .labels=${this.labels.map(({ id }) => id)}
        .open=${(row: OutcomeRow) => this.perform({ do: 'openDiff', run, example: row.example, condition: row.condition, order: this.sort })}
        @filter=${({ detail }: CustomEvent<Show>) => this.filter(detail)}
        @order=${({ detail }: CustomEvent<OutcomeOrder>) => this.changeOrder(detail)}></cot-example-list>
    </section>`;
  }

  /** What the person selected, else the first swapped condition with a flip, which is what one comes for. */
  private selectedEffect(summary: RunSummary): ConditionEffect | undefined {
    const group = this.groupFilter()?.value;
    const effects = this.groups?.groups.find(({ value }) => value === group)?.effects ?? summary.effects;
    const own = effects.find(({ condition }) => condition.id === this.condition);
    const frozenSwap = effects.find(
      ({ condition: { traceEdit }, condition }) => isSwapped(condition) && traceEdit.id === 'frozen',
    );
    return own ?? frozenSwap ?? effects.find(({ condition }) => isSwapped(condition)) ?? effects[0];
  }

  /** The group whose examples are listed: the chosen one while it exists. */
  private groupFilter(): GroupFilter | null {
    const value = this.groups?.groups.find((one) => one.value === this.group)?.value;
    if (this.groupBy === null || value === undefined) return null;
    if (this.filtered?.by !== this.groupBy || this.filtered.value !== value)
      this.filtered = { by: this.groupBy, value };
    return this.filtered;
  }

  private select({ condition, group, show, open: goToExamples }: Selection): void {
    this.condition = condition;
    this.group = group;
    if (show) this.shown = show;
    this.remember();
    if (goToExamples) void this.updateComplete.then(() => this.querySelector<HTMLElement>('.rows')?.focus());
  }

  private filter(shown: Show): void {
    this.shown = shown;
    this.remember();
  }

  private changeOrder(order: OutcomeOrder): void {
    this.sort = order;
    this.remember();
  }

  private async openRun(run: RunId): Promise<void> {
    this.isGone = false;
    if (this.run !== run) {
      this.summary = null;
      this.groups = null;
      this.began = null;
    }
    this.run = run;
    this.remember();
    await this.follower.open(run);
    await this.loadGroups();
  }

  /** The run that is shown is gone. */
  private leaveRun(): void {
    this.follower.close();
    this.run = null;
    this.summary = null;
    this.isGone = true;
  }

  private takeSummary(summary: RunSummary): void {
    this.summary = summary;
    this.began ??= paceOf(summary);
    if (this.groupBy !== null && !this.isGrouping) void this.attempt(() => this.loadGroups());
  }

  private async loadGroups(): Promise<void> {
    const { run, groupBy: by } = this;
    if (run === null) return;
    this.isGrouping = true;
    try {
      const groups = await this.page.ask('groups', { run, by });
      if (this.run === run && this.groupBy === by) this.groups = groups;
    } finally {
      this.isGrouping = false;
    }
  }

  private changeGrouping(by: string | null): void {
    this.groupBy = by;
    this.group = null;
    this.remember();
    void this.attempt(() => this.loadGroups());
  }

  private perform(intent: Intent): void {
    void this.attempt(() => this.page.ask('perform', intent));
  }

  private remember(): void {
    const { run, condition, shown, sort, view, groupBy, group } = this;
    this.page.save({
      ...(run && { run }),
      ...(condition && { condition }),
      ...(groupBy !== null && { groupBy }),
      ...(group !== null && { group }),
      shown,
      sort,
      view,
    } satisfies Saved);
  }
}

const paceOf = ({ done }: RunSummary): Pace => ({ done, atMs: Date.now() });

/** The run's own caveats, then those of the selected condition, and what could not take part. */
function caveatList(
  { caveats, skipped }: RunSummary,
  effect: ConditionEffect | undefined,
): TemplateResult | typeof nothing {
  const own = effect?.caveats ?? [];
  const left = skipped.map(({ reason, count: n }) => t('{0} left out: {1}', count(n), reason));
  const lines = [...own.map(({ message }) => message), ...caveats.map(({ message }) => message), ...left];
  if (lines.length === 0) return nothing;
  return html`<ul class="caveats" aria-label=${t('Caveats')}>${[...new Set(lines)].map((line) => html`<li>${line}</li>`)}</ul>`;
}

customElements.define('cot-flips', FlipsView);

declare global {
  interface HTMLElementTagNameMap {
    'cot-flips': FlipsView;
    'cot-example-list': ExampleList;
  }
}
