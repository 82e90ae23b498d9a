// Owns the diff: one example under one condition, original and regenerated side by side, and moving from flip to flip by keyboard.
import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
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
import { promptView } from './promptView';

type DiffState = Extract<ViewState, { view: 'diff' }>;
type Annotate = { readonly label: string | null; readonly note: string };

export class DiffView extends ViewElement {
  @state() private asked: DiffState | null = null;
  @state() private data: DiffData | null = null;
  @state() private sample = 0;
  @state() private announcement = '';
  private panes: { readonly result: SampleResult; readonly panes: DiffPanes } | null = null;
  private readonly onKey = (event: KeyboardEvent): void => this.handleKey(event);

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
    const shown = this.isBlind()
      ? blindView(data, result, this.panes.panes)
      : html`${diffHeadline(data, result)} ${promptView(data)} ${diffPanesView(this.panes.panes, data)}`;
    return html`${shown}
      ${keyed(
        `${result.condition} ${data.example.id} ${this.sample}`,
        annotationBar({
          labels: this.labels,
          own: this.own(data),
          others: this.isBlind() ? [] : this.standing(data).filter(({ author }) => author !== data.author),
          onAnnotate: (annotation) => this.annotate(annotation),
        }),
      )}`;
  }

  private standing({ annotations }: DiffData): DiffData['annotations'] {
    const { run, example, condition } = this.target();
    // By the example too: a quick person labels the next one while the data of this one is still there.
    return annotations.filter(
      ({ target }) =>
        target.run === run &&
        target.example === example &&
        target.condition === condition &&
        target.sample === this.sample,
    );
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

  private annotate({ label, note }: Annotate): void {
    const target = this.target();
    const saidBefore = this.announcement;
    void this.attempt(async () => {
      const { order: _, ...sample } = { ...target, sample: this.sample };
      await this.page.ask('perform', { ...sample, do: 'annotate', label, note });
      const words = label === null ? t('Label removed') : t('Labeled {0}', label);
      // A quick person has gone on meanwhile: what that said must not be lost.
      this.announcement = this.announcement === saidBefore ? words : `${words}. ${this.announcement}`;
      const data = await this.page.ask('diff', target);
      if (this.asked?.example === target.example && this.asked.condition === target.condition) this.data = data;
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
    else if (event.key === 'v' && !this.isBlind()) this.openNative();
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
