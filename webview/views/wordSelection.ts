// Owns which words of the diff's texts are selected to be judged by themselves: by the mouse, by sentences, and again after the texts were drawn anew.
// Must not know what is said of them.
import type { LitElement, ReactiveController } from 'lit';
import { type AnnotationTarget, targetKey } from '../../engine/domain/annotation';
import { stepsOf } from '../../engine/domain/steps';
import type { Range } from '../../engine/domain/trace';
import { selectIn, selectionIn } from '../ui/textSelection';
import { type Mark, type PaneName, paneNames, rangeTarget, sentenceFrom } from './markedSegments';

/** What the texts on screen are; `null`: none whose words can be told apart. */
export type ShownTexts = Parameters<typeof rangeTarget>[1] | null;

export class WordSelection implements ReactiveController {
  #selected: AnnotationTarget | null = null;
  readonly #onSelection = (): void => this.#take();

  /** @param onRefused words were selected that cannot be annotated */
  constructor(
    private readonly host: LitElement,
    private readonly shown: () => ShownTexts,
    private readonly onRefused: () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('selectionchange', this.#onSelection);
  }

  hostDisconnected(): void {
    document.removeEventListener('selectionchange', this.#onSelection);
  }

  /** Where an annotation of the selected words is anchored; `null`: none are. */
  get target(): AnnotationTarget | null {
    return this.#selected;
  }

  /** Other texts are shown, or the person is done. */
  clear(): void {
    this.#set(null);
  }

  /** As above; the words are no longer selected on screen either. */
  drop(): void {
    getSelection()?.removeAllRanges();
    this.clear();
  }

  select(name: PaneName, range: Range): void {
    const pane = this.#pane(name);
    if (pane) selectIn(pane, range);
  }

  /** The next or previous sentence of the recorded reasoning, or one more. */
  selectSentence(step: 1 | -1, isMore: boolean): void {
    const reasoning = this.shown()?.data.example.trace.reasoning ?? '';
    const selected = this.#selected?.sample === undefined ? this.#selected?.range : undefined;
    const range = sentenceFrom(stepsOf(reasoning), selected, { step, isMore });
    if (range) this.select('original', range);
  }

  /** The marks that an annotation brings move the texts apart in which its words were selected. */
  selectAgain(judged: AnnotationTarget, marks: readonly Mark[]): void {
    const key = targetKey(judged);
    if (!this.#selected || targetKey(this.#selected) !== key) return;
    const own = marks.find(({ annotation }) => targetKey(annotation.target) === key);
    if (own) this.select(own.pane, own.range);
  }

  /** What was selected stays while something else has the focus: a button, say. */
  #take(): void {
    const shown = this.shown();
    const found = shown && this.#found();
    if (!shown) return;
    if (!found) {
      const isInTexts = document.activeElement === document.body || this.host.querySelector('.panes:focus-within');
      if (isInTexts && getSelection()?.isCollapsed) this.clear();
      return;
    }
    this.#set(rangeTarget(found, shown));
    if (!this.#selected) this.onRefused();
  }

  #found(): { readonly pane: PaneName; readonly range: Range } | null {
    for (const name of paneNames) {
      const element = this.#pane(name);
      const range = element && selectionIn(element);
      if (range) return { pane: name, range };
    }
    return null;
  }

  #pane(name: PaneName): Element | null {
    return this.host.querySelector(`[data-pane="${name}"]`);
  }

  #set(selected: AnnotationTarget | null): void {
    this.#selected = selected;
    this.host.requestUpdate();
  }
}
