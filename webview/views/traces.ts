// Owns the trace editor: the examples of one file in a list, the chosen one to read beside it, and what can be done with them.
// The page holds what is on screen; all else stays with the process that reads files.
import { html, nothing, type TemplateResult } from 'lit';
import { query as element, state } from 'lit/decorators.js';
import {
  type ExampleQuery,
  type ExampleReading,
  type ExampleRow,
  isWholeFile,
  mostChosen,
  wholeFile,
} from '../../engine/domain/traceList';
import { count } from '../../engine/report/numbers';
import type { TraceFileState, TraceIntent, ViewState } from '../protocol';
import type { Choosing, RowList } from '../ui/rowList';
import '../ui/rowList';
import { plural, t } from '../ui/t';
import { ViewElement, type ViewSetup } from '../ui/viewElement';
import { tracesFilters } from './tracesFilters';
import { type SearchState, searches } from './tracesQuery';
import { tracesReading } from './tracesReading';
import { tracesRow } from './tracesRow';
import { changedNote, factsLine, failedPanel, problemList } from './tracesStates';

/** What is kept while the editor is hidden. */
type Saved = { readonly query?: ExampleQuery; readonly current?: number };

const choosing: Choosing<ExampleRow> = { numberOf: ({ index }) => index, most: mostChosen };

export class TracesView extends ViewElement {
  @state() private file: TraceFileState | null = null;
  @state() private query: ExampleQuery = wholeFile;
  @state() private search: SearchState | null = null;
  @state() private current = 0;
  @state() private chosen: ReadonlySet<number> = new Set();
  @state() private reading: ExampleReading | null = null;
  @state() private showsProblems = false;
  @state() private announcement = '';
  /** Counts how often the rows of the same query became others. */
  @state() private revision = 0;
  @element('cot-rows') private list!: RowList<ExampleRow> | null;
  @element('.reading') private pane!: HTMLElement | null;
  private asked: { readonly index: number; readonly whole: boolean } | null = null;
  private fetching = new AbortController();
  private readonly searching;
  private readonly onKey = (event: KeyboardEvent): void => this.handleKey(event);

  constructor(setup: ViewSetup) {
    super(setup);
    const saved = (this.page.saved() ?? {}) as Saved;
    this.query = saved.query ?? wholeFile;
    this.current = saved.current ?? 0;
    this.searching = searches(this.page, (news, error) => this.onSearch(news, error));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.onKey);
    this.searching.cancel();
  }

  override show(state: ViewState): void {
    if (state.view !== 'traces' || this.file) return;
    void this.attempt(() => this.page.ask('fileState', null, { onEvent: (news) => this.onFile(news) }));
    void this.searching.begin(this.query, 0);
  }

  override runsChanged(): void {}

  override render(): TemplateResult {
    const { file } = this;
    if (!file) return html`${this.failureNote()}<p class="quiet">${t('Loading…')}</p>`;
    const act = (intent: TraceIntent): void => this.act(intent);
    return html`<p class="hidden" aria-live="polite">${this.announcement}</p>
      <header class="trace-bar">
        ${file.failure ? nothing : html`${factsLine(file)}<span class="grow"></span>${this.problemsButton(file)} ${this.fileButtons(file)}`}
      </header>
      ${changedNote(file, act)} ${this.failureNote()} ${file.failure ? failedPanel(file, act) : this.body(file)}`;
  }

  private body(file: TraceFileState): TemplateResult {
    if (this.showsProblems && file.facts) return problemList(file.facts, (intent) => this.act(intent));
    return html`<div class="traces">
      <div class="list-pane">
        ${tracesFilters({
          query: this.query,
          facts: file.facts,
          onQuery: (query) => this.ask(query),
          onLeave: () => this.list?.focus(),
        })}
        ${this.searchLine()}
        <cot-rows class="traces-list" .load=${(offset: number, limit: number) => this.page.ask('examples', { query: this.query, offset, limit })}
          .draw=${tracesRow} .choosing=${choosing} .key=${JSON.stringify(this.query)} .total=${this.total(file)} .revision=${this.revision} .chosen=${this.chosen} .current=${this.current}
          @current=${({ detail }: CustomEvent<number>) => this.goTo(detail)} @open=${() => this.pane?.focus()}
          @choose=${({ detail }: CustomEvent<readonly number[]>) => this.choose(detail)}
          @failed=${({ detail }: CustomEvent<unknown>) => void this.attempt(() => Promise.reject(detail))}></cot-rows>
      </div>
      <section class="reading" tabindex="0" aria-label=${t('The chosen example')}>${this.readingPane(file)}</section>
    </div>`;
  }

  private readingPane(file: TraceFileState): TemplateResult {
    const { reading } = this;
    if (!reading) return html`<p class="quiet">${this.total(file) === 0 ? this.emptyWords(file) : t('Loading…')}</p>`;
    const { row } = reading;
    const many = this.chosen.size > 1 ? count(this.chosen.size) : null;
    const blocked = !file.isTrusted || (row.opaque !== null && this.chosen.size < 2);
    const why = file.isTrusted ? (row.opaque ?? '') : t('Models run only in a trusted workspace.');
    return html`<div class="reading-bar">
        <h2 dir="auto">#${count(row.index + 1)} <small class="quiet">${reading.place}</small></h2><span class="grow"></span>
        <button class="step" ?disabled=${blocked} title=${blocked ? why : ''} aria-keyshortcuts="r" @click=${() => this.rerun()}>${many === null ? t('Re-run from here') : t('Re-run {0} from here', many)} <kbd>r</kbd></button>
        <button class="step" aria-keyshortcuts="c" @click=${() => this.copy()}>${many === null ? t('Copy as JSON') : t('Copy {0} as JSON', many)} <kbd>c</kbd></button>
        <button class="step" aria-keyshortcuts="d" @click=${() => this.openReadable()}>${t('Decision curves')} <kbd>d</kbd></button>
        <button class="step" aria-keyshortcuts="o" @click=${() => this.openRaw()}>${t('Raw record')} <kbd>o</kbd></button>
      </div>
      ${tracesReading({ reading, words: this.query.words, showWhole: () => this.read(row.index, true) })}`;
  }

  private searchLine(): TemplateResult | typeof nothing {
    const { search } = this;
    if (!search) return nothing;
    const { found, bytes, totalBytes } = search.progress;
    const percent = totalBytes > 0 ? Math.floor((100 * bytes) / totalBytes) : 0;
    const clear = html`<button class="choice" @click=${() => this.ask(wholeFile)}>${t('Clear')}</button>`;
    if (search.isDone) return html`<p class="search-line">${t('{0} found', count(found))} ${clear}</p>`;
    return html`<p class="search-line">${t('{0} found, {1}% looked through', count(found), percent)}
      <button class="choice" @click=${() => this.stop()}>${t('Stop')}</button></p>`;
  }

  private problemsButton({ facts }: TraceFileState): TemplateResult | typeof nothing {
    if (!facts || facts.problemCount === 0) return nothing;
    return html`<button class="choice" aria-pressed=${this.showsProblems} @click=${() => {
      this.showsProblems = !this.showsProblems;
    }}>${plural('{0} bad record', '{0} bad records', facts.problemCount)}</button>`;
  }

  private fileButtons({ isMapped, isTrusted, status }: TraceFileState): TemplateResult {
    return html`${isMapped ? html`<button class="choice" @click=${() => this.act({ do: 'chooseFields' })}>${t('Fields: your mapping…')}</button>` : nothing}
      <button class="choice" ?disabled=${!isTrusted || status !== 'ready'} title=${isTrusted ? '' : t('Models run only in a trusted workspace.')}
        @click=${() => this.act({ do: 'rerunFile' })}>${t('Re-run all examples')}</button>
      <button class="choice" ?disabled=${status !== 'ready'} aria-keyshortcuts="e" @click=${() => this.export()}>
        ${this.chosen.size > 0 ? t('Export {0}…', count(this.chosen.size)) : t('Export all…')} <kbd>e</kbd></button>`;
  }

  private emptyWords({ status }: TraceFileState): string {
    if (this.search) return this.search.isDone ? t('No example is so.') : t('Searching…');
    return status === 'ready' ? t('There are no examples.') : t('Reading…');
  }

  private total({ facts, progress }: TraceFileState): number {
    if (!isWholeFile(this.query)) return this.search?.progress.found ?? 0;
    return facts?.examples ?? progress.examples;
  }

  private onFile(news: TraceFileState): void {
    const before = this.file;
    this.file = news;
    const isAnew = before !== null && news.status === 'reading' && before.status !== 'reading';
    if (isAnew) this.forget();
    // The first rows were read while fewer examples were known to guess from how answers are read.
    if (news.status === 'ready' && before?.status !== 'ready') this.revision += 1;
    if (news.status === 'ready' && before?.status === 'reading')
      this.announcement = t('All of {0} was read: {1}', news.name, examplesWords(news.progress.examples));
    if (before === null)
      void this.updateComplete.then(() => document.activeElement === document.body && this.list?.focus());
  }

  private onSearch(news: SearchState | null, error?: unknown): void {
    this.search = news;
    if (error !== undefined) void this.attempt(() => Promise.reject(error));
    if (!news?.isDone) return;
    if (this.query.order.by !== 'file' || this.query.order.descending) this.revision += 1;
    this.announcement = plural('{0} example found', '{0} examples found', news.progress.found);
  }

  private forget(): void {
    this.failure = null;
    this.reading = null;
    this.asked = null;
    this.chosen = new Set();
    this.revision += 1;
    this.showsProblems = false;
    if (!isWholeFile(this.query)) void this.searching.begin(this.query, 0);
  }

  private ask(query: ExampleQuery): void {
    this.query = query;
    this.failure = null;
    this.current = 0;
    this.chosen = new Set();
    this.reading = null;
    this.asked = null;
    this.remember();
    void this.searching.begin(query);
  }

  /** What was found so far stays. */
  private stop(): void {
    this.searching.cancel();
    if (this.search) this.search = { ...this.search, isDone: true };
  }

  private goTo(position: number): void {
    this.current = position;
    this.remember();
    const row = this.list?.rowAt(position);
    if (row) this.read(row.index, false);
  }

  private read(index: number, whole: boolean): void {
    if (this.asked?.index === index && this.asked.whole === whole && this.reading) return;
    const asked = { index, whole };
    this.asked = asked;
    this.fetching.abort();
    this.fetching = new AbortController();
    const { signal } = this.fetching;
    void this.attempt(async () => {
      const reading = await this.page.ask('reading', asked, { signal });
      if (this.asked !== asked) return;
      const isOther = this.reading?.row.index !== index;
      this.reading = reading;
      await this.updateComplete;
      if (isOther && this.pane) this.pane.scrollTop = 0;
    });
  }

  private choose(indexes: readonly number[]): void {
    this.chosen = new Set(indexes.slice(0, mostChosen));
    if (indexes.length > 0) this.announcement = plural('{0} example chosen', '{0} examples chosen', this.chosen.size);
  }

  /** The chosen ones, or the one that is read. */
  private indexes(): readonly number[] {
    if (this.chosen.size > 0) return [...this.chosen].sort((a, b) => a - b);
    return this.reading ? [this.reading.row.index] : [];
  }

  private rerun(): void {
    const indexes = this.indexes();
    const isOpaque = this.chosen.size < 2 && this.reading?.row.opaque !== null;
    if (indexes.length > 0 && this.file?.isTrusted && !isOpaque) this.act({ do: 'rerunExamples', indexes });
  }

  private copy(): void {
    const indexes = this.indexes();
    if (indexes.length === 0) return;
    void this.attempt(async () => {
      await this.page.ask('act', { do: 'copyExamples', indexes });
      this.announcement = plural('{0} example copied as JSON', '{0} examples copied as JSON', indexes.length);
    });
  }

  /** The chosen ones, or all. */
  private export(): void {
    const indexes = this.chosen.size > 0 ? this.indexes() : null;
    if (this.file?.status === 'ready') this.act({ do: 'exportExamples', indexes });
  }

  private openRaw(): void {
    if (this.reading) this.act({ do: 'openRaw', at: { index: this.reading.row.index } });
  }

  private openReadable(): void {
    if (this.reading) this.act({ do: 'openReadable', index: this.reading.row.index });
  }

  private handleKey(event: KeyboardEvent): void {
    const typing = event
      .composedPath()
      .some((at) => at instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
    if (typing || event.ctrlKey || event.metaKey || event.altKey || this.file?.failure) return;
    const actions: Readonly<Record<string, () => void>> = {
      '/': () => this.querySelector<HTMLElement>('input.words')?.focus(),
      r: () => this.rerun(),
      c: () => this.copy(),
      e: () => this.export(),
      d: () => this.openReadable(),
      o: () => this.openRaw(),
      n: () => this.list?.goTo(this.current + 1),
      p: () => this.list?.goTo(this.current - 1),
      Escape: () => this.list?.focus(),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  private act(intent: TraceIntent): void {
    void this.attempt(() => this.page.ask('act', intent));
  }

  private remember(): void {
    this.page.save({ query: this.query, current: this.current } satisfies Saved);
  }
}

const examplesWords = (n: number): string => plural('{0} example', '{0} examples', n);

customElements.define('cot-traces', TracesView);

declare global {
  interface HTMLElementTagNameMap {
    'cot-traces': TracesView;
  }
}
