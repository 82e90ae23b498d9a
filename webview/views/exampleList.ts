// Owns the list of examples behind one condition: filter, rows fetched as they come into view, and opening one.
// However long the list, only what is on screen is in the page.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { GroupFilter } from '../../engine/domain/comparison';
import type { ConditionEffect, OutcomeRow } from '../../engine/domain/effect';
import type { RunId } from '../../engine/domain/ids';
import { count } from '../../engine/report/numbers';
import type { Page } from '../page';
import type { PageRowQuery } from '../protocol';
import { pageSize, pagesOf, rowWindow, scrollToRow } from '../ui/rowWindow';
import { exampleRow } from './exampleRow';

export type Show = NonNullable<PageRowQuery['show']>;
export type Sort = NonNullable<PageRowQuery['sort']>;

const rowHeight = 26;

export class ExampleList extends LitElement {
  @property({ attribute: false }) page!: Page;
  @property({ attribute: false }) run!: RunId;
  @property({ attribute: false }) effect!: ConditionEffect;
  @property({ attribute: false }) open!: (row: OutcomeRow) => void;
  @property() shown: Show = 'flipped';
  @property() sort: Sort = 'ordinal';
  /** Of a grouped table, the group whose examples these are. */
  @property({ attribute: false }) group: GroupFilter | null = null;
  @property({ attribute: false }) labels: readonly string[] = [];
  @property({ type: Number }) revision = 0;
  @state() private label = '';
  @state() private total = 0;
  @state() private loaded = false;
  @state() private failure: string | null = null;
  @state() private current = 0;
  @state() private scrolled = 0;
  @query('.rows') private list!: HTMLElement;
  private pages = new Map<number, readonly OutcomeRow[]>();
  private asking = new Set<number>();
  private stale = new Set<number>();
  private generation = 0;
  private readonly resized = new ResizeObserver(() => this.requestUpdate());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  protected override firstUpdated(): void {
    this.resized.observe(this.list);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('effect') as ConditionEffect | undefined;
    const otherList =
      changed.has('run') ||
      changed.has('shown') ||
      changed.has('sort') ||
      changed.has('group') ||
      (before && before.condition.id !== this.effect.condition.id);
    if (otherList) this.forget(true);
    else if (changed.has('revision') || (before && counts(before) !== counts(this.effect))) this.forget(false);
  }

  protected override updated(): void {
    const { first, last } = this.window();
    if (this.failure !== null) return;
    // While nothing is there the first page is asked for, which also tells how many rows there are.
    const wanted = this.total > 0 ? pagesOf({ first, last }) : [0];
    for (const page of wanted) void this.load(page);
  }

  override render(): TemplateResult {
    const { first, last } = this.window();
    const rows = Array.from({ length: last - first }, (_, i) => first + i);
    return html`${this.filters()}
      ${this.total === 0 ? html`<p class="quiet">${this.emptyWords()}</p>` : nothing}
      <div class="rows" role=${this.total > 0 ? 'listbox' : 'presentation'} tabindex=${this.total > 0 ? 0 : -1} aria-label="Examples"
        aria-activedescendant=${this.total > 0 ? `row-${this.current}` : nothing}
        @scroll=${() => this.onScroll()} @keydown=${(event: KeyboardEvent) => this.onKey(event)}>
        <div class="row-space" role="presentation" .style=${`height:${this.total * rowHeight}px`}>
          ${repeat(
            rows,
            (index) => index,
            (index) => this.row(index),
          )}
        </div>
      </div>`;
  }

  private row(index: number): TemplateResult {
    const row = this.pages.get(Math.floor(index / pageSize))?.[index % pageSize];
    const top = `transform:translateY(${index * rowHeight}px)`;
    const choose = (): void => {
      this.current = index;
      if (row) this.open(row);
    };
    return exampleRow({ row, index, total: this.total, current: index === this.current, style: top, choose });
  }

  private filters(): TemplateResult {
    const { n, kept, flipped, unreadable } = this.effect;
    const choices: readonly { readonly id: Show; readonly title: string; readonly n: number }[] = [
      { id: 'flipped', title: 'Flipped', n: flipped },
      { id: 'kept', title: 'Kept', n: kept },
      { id: 'unreadable', title: 'Unreadable', n: unreadable },
      { id: 'all', title: 'All', n },
    ];
    return html`<div class="filters" role="group" aria-label="Show">
      ${choices.map(
        ({
          id,
          title,
          n: many,
        }) => html`<button class="choice" aria-pressed=${id === this.shown} @click=${() => this.choose(id)}>
          ${title} <span class="tally">${count(many)}</span></button>`,
      )}
      ${this.labelFilter()}
    </div>`;
  }

  private labelFilter(): TemplateResult {
    const choose = (event: Event): void => {
      this.label = (event.target as HTMLSelectElement).value;
      this.forget(true);
    };
    return html`<select aria-label="Label" @change=${choose}>
      <option value="">Any label or none</option>
      ${this.labels.map((label) => html`<option value=${label} ?selected=${label === this.label}>${label}</option>`)}
    </select>`;
  }

  private choose(shown: Show): void {
    this.shown = shown;
    this.dispatchEvent(new CustomEvent<Show>('filter', { detail: shown }));
  }

  private window(): { readonly first: number; readonly last: number } {
    return rowWindow(this.scrolled, this.list?.clientHeight ?? 0, { rowHeight, total: this.total });
  }

  private forget(toTop: boolean): void {
    this.failure = null;
    if (toTop) {
      this.generation += 1;
      this.asking.clear();
      this.pages = new Map();
      this.total = 0;
      this.loaded = false;
      this.current = 0;
      this.scrolled = 0;
      if (this.list) this.list.scrollTop = 0;
    } else {
      // The rows that are shown stay until the newer ones arrive: nothing flickers while a run streams.
      this.stale = new Set([...this.pages.keys(), ...this.asking]);
    }
  }

  private async load(number: number): Promise<void> {
    if (this.asking.has(number) || (this.pages.has(number) && !this.stale.has(number))) return;
    const { generation, run, shown, sort, group, label } = this;
    this.asking.add(number);
    this.stale.delete(number);
    const asked: PageRowQuery = {
      run,
      condition: this.effect.condition.id,
      show: shown,
      sort,
      ...(group && { group }),
      ...(label !== '' && { label }),
      offset: number * pageSize,
      limit: pageSize,
    };
    try {
      const { rows, total } = await this.page.ask('rows', asked);
      if (generation !== this.generation) return;
      this.pages.set(number, rows);
      this.total = total;
      this.loaded = true;
      this.current = Math.max(0, Math.min(this.current, total - 1));
      this.failure = null;
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    } finally {
      if (generation === this.generation) this.asking.delete(number);
      this.requestUpdate();
    }
  }

  private emptyWords(): string {
    if (this.failure !== null) return this.failure;
    if (!this.loaded) return 'Loading…';
    if (this.label !== '') return `None of these examples is labeled “${this.label}”.`;
    const words: Record<Show, string> = {
      all: 'No examples yet.',
      flipped: 'No answer flipped under this condition.',
      kept: 'No answer was kept under this condition.',
      unreadable: 'Every answer could be read.',
    };
    return words[this.shown];
  }

  private onScroll(): void {
    this.scrolled = this.list.scrollTop;
  }

  private onKey(event: KeyboardEvent): void {
    const step = Math.max(1, Math.floor(this.list.clientHeight / rowHeight) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.current + 1,
      ArrowUp: this.current - 1,
      PageDown: this.current + step,
      PageUp: this.current - step,
      Home: 0,
      End: this.total - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) {
      this.current = Math.max(0, Math.min(this.total - 1, target));
      const { scrollTop, clientHeight: viewHeight } = this.list;
      this.list.scrollTop = scrollToRow(this.current, { scrollTop, viewHeight, rowHeight });
    } else if (event.key === 'Enter') {
      const row = this.pages.get(Math.floor(this.current / pageSize))?.[this.current % pageSize];
      if (row) this.open(row);
    } else return;
    event.preventDefault();
  }
}

/** What changes when another example of the condition was finished or annotated. */
function counts({ n, kept, flipped, unreadable }: ConditionEffect): string {
  return [n, kept, flipped, unreadable].join();
}

customElements.define('cot-example-list', ExampleList);
