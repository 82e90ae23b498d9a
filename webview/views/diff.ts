// Owns the diff: one example under one condition, original and regenerated side by side, and moving from flip to flip by keyboard.
import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { type AnnotationTarget, targetKey } from '../../engine/domain/annotation';
import type { SampleResult } from '../../engine/domain/run';
import type { DiffData, Intent, ViewState } from '../protocol';
import { t } from '../ui/t';
import { ViewElement } from '../ui/viewElement';
import { annotationBar } from './annotationBar';
import { blindView } from './blindView';
import { diffHeadline } from './diffHeadline';
import { type DiffPanes, diffPanes } from './diffModel';
import { diffPanesView } from './diffPanesView';
import { diffToolbar } from './diffToolbar';
import { type Mark, marksOf } from './markedSegments';
import { promptView } from './promptView';
import { rangeNotes, shortened } from './rangeNotes';
import { type ShownTexts, WordSelection } from './wordSelection';

type DiffState = Extract<ViewState, { view: 'diff' }>;
type Annotate = { readonly label: string | null; readonly note: string };

export class DiffView extends ViewElement {
  @state() private asked: DiffState | null = null;
  @state() private data: DiffData | null = null;
  @state() private sample = 0;
  @state() private announcement = '';
  private panes: { readonly result: SampleResult; readonly panes: DiffPanes } | null = null;
  private readonly onKey = (event: KeyboardEvent): void => this.handleKey(event);
  private readonly words = new WordSelection(
    this,
    () => this.shownTexts(),
    () => {
      this.announcement = t('Only words of the recorded reasoning or newly written ones can be annotated.');
    },
  );

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.onKey);
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
      this.words.clear();
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
          this.words.clear();
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
    const words = this.words.target?.range?.quote;
    return html`${this.isBlind() ? blindView(data, result, panes) : this.openView(data, result, panes)}
      ${keyed(
        targetKey(this.judged()),
        annotationBar({
          labels: this.labels,
          words: words === undefined ? null : shortened(words),
          onUnselect: () => this.words.drop(),
          onWords: this.isBlind() ? null : () => this.words.selectSentence(1, false),
          own: this.own(data),
          others: this.isBlind() ? [] : this.standing(data).filter(({ author }) => author !== data.author),
          onAnnotate: (annotation) => this.annotate(annotation),
        }),
      )}`;
  }

  private openView(data: DiffData, result: SampleResult, panes: DiffPanes): TemplateResult {
    const marks = this.marks(data, panes);
    const notes = rangeNotes({
      marks,
      author: data.author,
      onShow: ({ pane, range }) => this.words.select(pane, range),
      onRemove: ({ target }) => this.annotate({ label: null, note: '' }, target),
    });
    return html`${diffHeadline(data, result)} ${promptView(data)} ${diffPanesView(panes, data, marks)} ${notes}`;
  }

  private marks(data: DiffData, panes: DiffPanes): readonly Mark[] {
    return marksOf(data, panes, { sample: this.sample, condition: this.target().condition });
  }

  private sampleAt() {
    const { order: _, ...at } = this.target();
    return { ...at, sample: this.sample };
  }

  /** What a label or a note is about: the selected words, else the sample. */
  private judged(): AnnotationTarget {
    const at = this.sampleAt();
    const { target } = this.words;
    return target?.example === at.example ? target : at;
  }

  private shownTexts(): ShownTexts {
    const { data, panes } = this;
    return data && panes && !this.isBlind() ? { data, panes: panes.panes, at: this.sampleAt() } : null;
  }

  private standing({ annotations }: DiffData): DiffData['annotations'] {
    // By the example too: a quick person labels the next one while the data of this one is still there.
    const key = targetKey(this.judged());
    return annotations.filter(({ target }) => targetKey(target) === key);
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
      if (this.panes) this.words.selectAgain(judged, this.marks(data, this.panes.panes));
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
    else if (event.key === 'Escape' && this.words.target) this.words.drop();
    else if (this.isBlind()) return;
    else if (event.key === 'v') this.openNative();
    else if (event.key === ']' || event.key === '}') this.words.selectSentence(1, event.key === '}');
    else if (event.key === '[' || event.key === '{') this.words.selectSentence(-1, event.key === '{');
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
