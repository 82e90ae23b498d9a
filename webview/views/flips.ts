// Owns the flip-rate panel: which run is shown, its table, and the examples behind the selected condition. It streams while the run goes on.
import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { isSwapped } from '../../engine/domain/condition';
import type { ConditionEffect, OutcomeRow, RunSummary } from '../../engine/domain/effect';
import type { ConditionId, RunId } from '../../engine/domain/ids';
import { forestPlot } from '../../engine/report/figures/forestPlot';
import { count } from '../../engine/report/numbers';
import type { Intent, RunListEntry, ViewState } from '../protocol';
import { promptEditWords, traceEditTitle, traceEditWords } from '../ui/conditionWords';
import { figure } from '../ui/figure';
import { ViewElement, type ViewSetup } from '../ui/viewElement';
import type { ExampleList, Show, Sort } from './exampleList';
import './exampleList';
import { emptyPanel } from './emptyPanel';
import { ratesGrid } from './ratesGrid';
import { runBar } from './runBar';
import { followRuns } from './runFollower';

/** What is kept while the panel is hidden; decoded leniently, because an older page may have written it. */
type Saved = {
  readonly run?: RunId;
  readonly condition?: ConditionId;
  readonly shown?: Show;
  readonly sort?: Sort;
  readonly asFigure?: boolean;
};

export class FlipsView extends ViewElement {
  @state() private runs: readonly RunListEntry[] | null = null;
  @state() private run: RunId | null = null;
  @state() private summary: RunSummary | null = null;
  @state() private condition: ConditionId | null = null;
  @state() private shown: Show = 'flipped';
  @state() private sort: Sort = 'ordinal';
  @state() private asFigure = false;
  /** Counts what changed beside the run's log (labels), so that rows are fetched again. */
  @state() private revision = 0;
  private readonly follower;

  constructor(setup: ViewSetup) {
    super(setup);
    const onSummary = (summary: RunSummary): void => {
      this.summary = summary;
    };
    this.follower = followRuns(this.page, onSummary, (error) => void this.attempt(() => Promise.reject(error)));
    const saved = (this.page.saved() ?? {}) as Saved;
    this.run = saved.run ?? null;
    this.condition = saved.condition ?? null;
    this.shown = saved.shown ?? 'flipped';
    this.sort = saved.sort ?? 'ordinal';
    this.asFigure = saved.asFigure ?? false;
  }

  override show(state: ViewState): void {
    if (state.view !== 'flips') return;
    void this.attempt(async () => {
      this.runs = await this.page.ask('runs', null);
      const wanted = state.run ?? this.run;
      const run = this.runs.find((one) => one.run === wanted) ?? this.runs[0];
      if (run) await this.openRun(run.run);
    });
  }

  override runsChanged(): void {
    this.revision += 1;
    void this.attempt(async () => {
      this.runs = await this.page.ask('runs', null);
      const wanted = this.run ?? this.runs[0]?.run;
      if (wanted !== undefined) await this.openRun(wanted);
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
      asFigure: this.asFigure,
      onFigure: (asFigure) => {
        this.asFigure = asFigure;
        this.remember();
      },
    });
    return html`${bar}${this.failureNote()}${summary ? this.tables(summary) : html`<p class="quiet">Loading…</p>`}`;
  }

  private tables(summary: RunSummary): TemplateResult {
    const effect = this.selectedEffect(summary);
    return html`<div class="tables">
      <section class="rates-pane" aria-label="Rates">
        ${
          this.asFigure
            ? figure(forestPlot(summary.effects), 'Forest plot; the table holds the same numbers')
            : ratesGrid({
                effects: summary.effects,
                selected: effect?.condition.id ?? null,
                onSelect: (condition, open) => this.select(condition, open),
              })
        }
        ${caveatList(summary, effect)}
      </section>
      ${effect ? this.examples(summary.run, effect) : nothing}
    </div>`;
  }

  private examples(run: RunId, effect: ConditionEffect): TemplateResult {
    const { condition } = effect;
    const prompt = isSwapped(condition) ? promptEditWords(condition) : 'prompt unchanged';
    return html`<section class="examples-pane" aria-label="Examples of the selected condition">
      <div class="examples-head">
        <h2>${traceEditTitle(condition.traceEdit)} <small>${traceEditWords(condition.traceEdit)} · ${prompt}</small></h2>
        <button class="choice" title="How the examples are sorted" @click=${() => this.changeSort()}>
          ${this.sort === 'ordinal' ? 'File order' : 'Largest drop first'}</button>
      </div>
      <cot-example-list .page=${this.page} .run=${run} .effect=${effect} .shown=${this.shown} .sort=${this.sort} .revision=${this.revision}
        .open=${(row: OutcomeRow) => this.perform({ do: 'openDiff', run, example: row.example, condition: row.condition })}
        @filter=${({ detail }: CustomEvent<Show>) => this.filter(detail)}></cot-example-list>
    </section>`;
  }

  /** What the person selected, else the first swapped condition with a flip, which is what one comes for. */
  private selectedEffect({ effects }: RunSummary): ConditionEffect | undefined {
    const own = effects.find(({ condition }) => condition.id === this.condition);
    const frozenSwap = effects.find(
      ({ condition: { traceEdit }, condition }) => isSwapped(condition) && traceEdit.id === 'frozen',
    );
    return own ?? frozenSwap ?? effects.find(({ condition }) => isSwapped(condition)) ?? effects[0];
  }

  private select(condition: ConditionId, goToExamples: boolean): void {
    this.condition = condition;
    this.remember();
    if (goToExamples) void this.updateComplete.then(() => this.querySelector<HTMLElement>('.rows')?.focus());
  }

  private filter(shown: Show): void {
    this.shown = shown;
    this.remember();
  }

  private changeSort(): void {
    this.sort = this.sort === 'ordinal' ? 'recordedProbability' : 'ordinal';
    this.remember();
  }

  private async openRun(run: RunId): Promise<void> {
    if (this.run !== run) this.summary = null;
    this.run = run;
    this.remember();
    await this.follower.open(run);
  }

  private perform(intent: Intent): void {
    void this.attempt(() => this.page.ask('perform', intent));
  }

  private remember(): void {
    const { run, condition, shown, sort, asFigure } = this;
    this.page.save({ ...(run && { run }), ...(condition && { condition }), shown, sort, asFigure } satisfies Saved);
  }
}

/** The run's own caveats, then those of the selected condition, and what could not take part. */
function caveatList(
  { caveats, skipped }: RunSummary,
  effect: ConditionEffect | undefined,
): TemplateResult | typeof nothing {
  const own = effect?.caveats ?? [];
  const left = skipped.map(({ reason, count: n }) => `${count(n)} left out: ${reason}`);
  const lines = [...own.map(({ message }) => message), ...caveats.map(({ message }) => message), ...left];
  if (lines.length === 0) return nothing;
  return html`<ul class="caveats" aria-label="Caveats">${[...new Set(lines)].map((line) => html`<li>${line}</li>`)}</ul>`;
}

customElements.define('cot-flips', FlipsView);

declare global {
  interface HTMLElementTagNameMap {
    'cot-flips': FlipsView;
    'cot-example-list': ExampleList;
  }
}
