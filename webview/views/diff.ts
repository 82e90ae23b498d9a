// Owns the diff: one example under one condition, original and regenerated side by side, and moving from flip to flip by keyboard.
import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { type AnnotationTarget, targetKey } from '../../engine/domain/annotation';
import type { SampleResult } from '../../engine/domain/run';
import { stepsOf } from '../../engine/domain/steps';
import type { Range } from '../../engine/domain/trace';
import type { DiffData, Intent, ViewState } from '../protocol';
import { t } from '../ui/t';
import { selectIn, selectionIn } from '../ui/textSelection';
import { ViewElement } from '../ui/viewElement';
import { annotationBar } from './annotationBar';
import { blindView } from './blindView';
import { diffHeadline } from './diffHeadline';
import { type DiffPanes, diffPanes } from './diffModel';
import { diffPanesView } from './diffPanesView';
import { diffToolbar } from './diffToolbar';
import { marksOf, type PaneName, paneNames, rangeTarget, sentenceFrom } from './markedSegments';
import { promptView } from './promptView';
import { rangeNotes, shortened } from './rangeNotes';

type DiffState = Extract<ViewState, { view: 'diff' }>;
type Annotate = { readonly label: string | null; readonly note: string };

export class DiffView extends ViewElement {
  @state() private asked: DiffState | null = null;
  @state() private data: DiffData | null = null;
  @state() private sample = 0;
  @state() private announcement = '';
  /** The words that a label or note is about; `null`: the sample. */
  @state() private selected: AnnotationTarget | null = null;
  private panes: { readonly result: SampleResult; readonly panes: DiffPanes } | null = null;
  private readonly onKey = (event: KeyboardEvent): void => this.handleKey(event);
  private readonly onSelection = (): void => this.takeSelection();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    document.addEventListener('selectionchange', this.onSelection);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.onKey);
    document.removeEventListener('selectionchange', this.onSelection);
  }

  override show(state: ViewState): void {
    if (state.view !== 'diff') return;
    const { run, example, condition, order } = state;
    const changed = this.asked?.example !== example || this.asked.condition !== condition;
    this.asked = state;
    this.page.save({ run, example, condition, order });
    void this.attempt(async () => {
      const data = await this.page.ask('diff', { run, example, condition, order });
      if (this.asked !== state) return;
      this.data = data;
      if (!changed) return;
      this.sample = 0;
      this.selected = null;
      window.scrollTo(0, 0);
      this.announcement = this.isBlind()
        ? data.title
        : t('{0}: {1}, now {2}', data.title, data.recorded, outcomeWords(data.results[0]));
    });
  }

  override runsChanged(): void {
    if (this.asked) this.show(this.asked);
  }

  override render(): TemplateResult {
    const { data } = this;
    const live = html`<p class="hidden" aria-live="polite">${this.announcement}</p>`;
    if (!data)
      return html`${live}${this.failureNote()}${this.failure === null ? html`<p class="quiet">${t('Loading…')}</p>` : nothing}`;
    const result = data.results[Math.min(this.sample, data.results.length - 1)];
    return html`${live}
      ${diffToolbar({
        data,
        condition: this.asked?.condition ?? null,
        sample: this.sample,
        review: this.asked?.review ?? null,
        onSample: (sample) => {
          this.sample = sample;
          this.selected = null;
        },
        onCondition: (condition) => this.perform({ ...this.target(), do: 'openDiff', condition }),
        onFlip: (direction) => this.goToFlip(direction),
        order: this.asked?.order ?? 'ordinal',
        onOrder: (order) => this.perform({ ...this.target(), do: 'openDiff', order }),
        onNative: () => this.openNative(),
        onTrace: () => this.perform({ ...this.target(), do: 'openTrace' }),
        onSource: () => this.perform({ ...this.target(), do: 'openSource' }),
      })}
      ${this.failureNote()} ${result ? this.comparison(data, result) : html`<p class="quiet">${t('This example has not been answered yet.')}</p>`}`;
  }

  private comparison(data: DiffData, result: SampleResult): TemplateResult {
    if (this.panes?.result !== result) this.panes = { result, panes: diffPanes(data.example, data.cut, result) };
    const { panes } = this.panes;
    const words = this.selected?.range?.quote;
    return html`${this.isBlind() ? blindView(data, result, panes) : this.openView(data, result, panes)}
      ${keyed(
        targetKey(this.judged()),
        annotationBar({
          labels: this.labels,
          words: words === undefined ? null : shortened(words),
          onUnselect: () => this.unselect(),
          onWords: this.isBlind() ? null : () => this.selectSentence(1, false),
          own: this.own(data),
          others: this.isBlind() ? [] : this.standing(data).filter(({ author }) => author !== data.author),
          onAnnotate: (annotation) => this.annotate(annotation),
        }),
      )}`;
  }

  private openView(data: DiffData, result: SampleResult, panes: DiffPanes): TemplateResult {
    const marks = marksOf(data, panes, { sample: this.sample, condition: this.target().condition });
    const notes = rangeNotes({
      marks,
      author: data.author,
      onShow: ({ pane, range }) => this.select(pane, range),
      onRemove: ({ target }) => this.annotate({ label: null, note: '' }, target),
    });
    return html`${diffHeadline(data, result)} ${promptView(data)} ${diffPanesView(panes, data, marks)} ${notes}`;
  }

  /** What a label or a note is about: the selected words, else the sample. */
  private judged(): AnnotationTarget {
    const { order: _, ...at } = this.target();
    return this.selected?.example === at.example ? this.selected : { ...at, sample: this.sample };
  }

  private standing({ annotations }: DiffData): DiffData['annotations'] {
    // By the example too: a quick person labels the next one while the data of this one is still there.
    const key = targetKey(this.judged());
    return annotations.filter(({ target }) => targetKey(target) === key);
  }

  /** The words that are selected in one of the texts; those that were stay while something else has the focus. */
  private takeSelection(): void {
    const { data, panes } = this;
    const [pane, range] = this.selectedPane() ?? [];
    if (!data || !panes || this.isBlind()) return;
    if (pane === undefined || range === undefined) {
      const isInTexts = document.activeElement === document.body || this.querySelector('.panes:focus-within') !== null;
      if (isInTexts && getSelection()?.isCollapsed) this.selected = null;
      return;
    }
    const { order: _, ...at } = this.target();
    this.selected = rangeTarget({ pane, range }, { data, panes: panes.panes, at: { ...at, sample: this.sample } });
    if (!this.selected)
      this.announcement = t('Only words of the recorded reasoning or newly written ones can be annotated.');
  }

  private selectedPane(): readonly [PaneName, Range] | null {
    for (const name of paneNames) {
      const pane = this.querySelector(`[data-pane="${name}"]`);
      const range = pane && selectionIn(pane);
      if (range) return [name, range];
    }
    return null;
  }

  private select(name: PaneName, range: Range): void {
    const pane = this.querySelector(`[data-pane="${name}"]`);
    if (pane) selectIn(pane, range);
  }

  /** The marks that an annotation brings move the texts apart in which the words were selected. */
  private selectAgain(judged: AnnotationTarget): void {
    const { data, panes, selected } = this;
    if (!data || !panes || !selected || targetKey(selected) !== targetKey(judged)) return;
    const marks = marksOf(data, panes.panes, { sample: this.sample, condition: this.target().condition });
    const own = marks.find(({ annotation }) => targetKey(annotation.target) === targetKey(judged));
    if (own) this.select(own.pane, own.range);
  }

  private unselect(): void {
    getSelection()?.removeAllRanges();
    this.selected = null;
  }

  /** By keys: the next or previous sentence of the recorded reasoning, or one more. */
  private selectSentence(step: 1 | -1, isMore: boolean): void {
    if (!this.data) return;
    const steps = stepsOf(this.data.example.trace.reasoning);
    const range = sentenceFrom(steps, this.selected?.sample === undefined ? this.selected?.range : undefined, {
      step,
      isMore,
    });
    if (range) this.select('original', range);
  }

  private own(data: DiffData): DiffData['annotations'][number] | undefined {
    return this.standing(data).find(({ author }) => author === data.author);
  }

  private isBlind(): boolean {
    return this.asked?.review?.isBlind ?? false;
  }

  private undo(): void {
    void this.attempt(async () => {
      await this.page.ask('perform', { do: 'undoAnnotation' });
      this.announcement = t('The last annotation was undone');
      if (this.asked) this.show(this.asked);
    });
  }

  private annotate({ label, note }: Annotate, judged = this.judged()): void {
    const target = this.target();
    const saidBefore = this.announcement;
    void this.attempt(async () => {
      await this.page.ask('perform', { do: 'annotate', run: target.run, target: judged, label, note });
      const words = label === null ? t('Label removed') : t('Labeled {0}', label);
      // A quick person has gone on meanwhile: what that said must not be lost.
      this.announcement = this.announcement === saidBefore ? words : `${words}. ${this.announcement}`;
      const data = await this.page.ask('diff', target);
      if (this.asked?.example !== target.example || this.asked.condition !== target.condition) return;
      this.data = data;
      await this.updateComplete;
      this.selectAgain(judged);
    });
  }

  private goToFlip(direction: 'previous' | 'next'): void {
    const { review } = this.asked ?? {};
    const example = (review ?? this.data?.flips)?.[direction];
    if (example) this.perform({ ...this.target(), do: 'openDiff', example });
    else if (review) this.announcement = t('The queue ends here.');
    else if (direction === 'next') this.announcement = t('There is no next flip under this condition.');
    else this.announcement = t('There is no previous flip under this condition.');
  }

  private target(): Omit<DiffState, 'view' | 'review'> {
    if (!this.asked) throw new Error('The diff has not been told what to show.');
    const { run, example, condition, order } = this.asked;
    return { run, example, condition, order };
  }

  private handleKey(event: KeyboardEvent): void {
    const typing = event
      .composedPath()
      .some((at) => at instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !this.data) return;
    const label = this.labels.find(({ key }) => key === event.key);
    if (label) {
      const standing = this.own(this.data);
      const note = standing?.note ?? '';
      this.annotate({ label: standing?.label === label.id ? null : label.id, note });
    } else if (event.key === 'n') this.goToFlip('next');
    else if (event.key === 'p') this.goToFlip('previous');
    else if (event.key === 'u') this.undo();
    else if (event.key === 'Escape' && this.selected) this.unselect();
    else if (this.isBlind()) return;
    else if (event.key === 'v') this.openNative();
    else if (event.key === ']' || event.key === '}') this.selectSentence(1, event.key === '}');
    else if (event.key === '[' || event.key === '{') this.selectSentence(-1, event.key === '{');
    else return;
    event.preventDefault();
  }

  private openNative(): void {
    this.perform({ ...this.target(), do: 'openNativeDiff', sample: this.sample });
  }

  private perform(intent: Intent): void {
    void this.attempt(() => this.page.ask('perform', intent));
  }
}

function outcomeWords(result: SampleResult | undefined): string {
  if (!result) return t('not answered');
  return result.outcome.kind === 'option' ? result.outcome.option : t('unreadable');
}

customElements.define('cot-diff', DiffView);
