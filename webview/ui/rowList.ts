// Owns a list of any length: rows fetched as they come into view, moving and choosing by keyboard and mouse. However long the list, only what is
// on screen is in the page. Must not know what a row is; who uses it says how one looks.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type LongList, rowTop, scrollToShow, spaceHeight, visibleRows } from './longList';
import { pagesOf } from './rowWindow';
import { t } from './t';

const rowHeight = 26;
/** Pages that are kept, those on screen among them. */
const mostPages = 60;

/** Rows can be chosen, several at once, where they have a number of their own. */
export type Choosing<Row> = { readonly numberOf: (row: Row) => number; readonly most: number };

/**
 * Tells `current` (a position), `open` (a position: Enter, or a click where nothing can be chosen), `choose` (numbers of rows) and
 * `failed` (an error).
 */
export class RowList<Row> extends LitElement {
  @property({ attribute: false }) load!: (offset: number, limit: number) => Promise<readonly Row[]>;
  @property({ attribute: false }) draw!: (row: Row, isChosen: boolean) => TemplateResult;
  /** `null`: a click opens a row. */
  @property({ attribute: false }) choosing: Choosing<Row> | null = null;
  /** Another one is another list. */
  @property() key = '';
  /** `null`: not known before the first rows are there. */
  @property({ attribute: false }) total: number | null = 0;
  /** Counts what makes the rows that were fetched old, though the list is the same. */
  @property({ type: Number }) revision = 0;
  @property({ attribute: false }) chosen: ReadonlySet<number> = new Set();
  @property({ type: Number }) current = 0;
  @property({ type: Number }) pageRows = 50;
  @state() private scrolled = 0;
  @query('.rows') private list!: HTMLElement;
  private pages = new Map<number, readonly Row[]>();
  /** Pages whose rows are shown until newer ones arrive: nothing flickers while a run streams. */
  private stale = new Set<number>();
  private asking = new Map<number, Promise<void>>();
  private generation = 0;
  private failed = false;
  /** Whether the list stands where it stood before the page was hidden. */
  private isPlaced = false;
  private anchor = 0;
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

  /** The row at a position, when it was fetched. */
  rowAt(position: number): Row | undefined {
    return this.pages.get(Math.floor(position / this.pageRows))?.[position % this.pageRows];
  }

  override focus(): void {
    this.list?.focus({ preventScroll: true });
  }

  /** Brings a position into view and makes it the current one. */
  goTo(position: number): void {
    if (this.count() === 0) return;
    const target = Math.max(0, Math.min(this.count() - 1, position));
    this.list.scrollTop = scrollToShow(target, this.list.scrollTop, this.geometry());
    this.scrolled = this.list.scrollTop;
    this.tell('current', target);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('key')) this.forget();
    else if (changed.has('revision')) this.refresh();
    // A page that was fetched while the list was shorter lacks rows.
    if (changed.has('total')) this.dropShortPages();
  }

  protected override updated(): void {
    if (!this.isPlaced && this.count() > this.current) {
      this.isPlaced = true;
      if (this.current > 0) this.goTo(this.current);
    }
    const wanted = this.total === null ? [0] : pagesOf(this.window(), this.pageRows);
    for (const page of wanted) void this.fetchPage(page);
  }

  override render(): TemplateResult {
    const { first, last } = this.window();
    const positions = Array.from({ length: last - first }, (_, at) => first + at);
    const hasRows = this.count() > 0;
    return html`<div class="rows" role=${hasRows ? 'listbox' : 'presentation'} tabindex=${hasRows ? 0 : -1} aria-label=${hasRows ? t('Examples') : nothing}
      aria-multiselectable=${hasRows && this.choosing ? 'true' : nothing} aria-activedescendant=${hasRows ? `example-${this.current}` : nothing}
      @scroll=${() => this.onScroll()} @keydown=${(event: KeyboardEvent) => this.onKey(event)}>
      <div class="row-space" role="presentation" .style=${`height:${spaceHeight(this.geometry())}px`}>
        ${repeat(
          positions,
          (position) => position,
          (position) => this.row(position),
        )}
      </div>
    </div>`;
  }

  private row(position: number): TemplateResult {
    const row = this.rowAt(position);
    const isCurrent = position === this.current;
    const isChosen = row !== undefined && this.choosing !== null && this.chosen.has(this.choosing.numberOf(row));
    const classes = `row${isCurrent ? ' current' : ''}${isChosen ? ' chosen' : ''}`;
    const style = `transform:translateY(${rowTop(position, this.scrolled, this.geometry())}px)`;
    return html`<div class=${classes} role="option" id=${`example-${position}`} aria-selected=${isChosen || isCurrent}
      aria-posinset=${position + 1} aria-setsize=${this.count()} .style=${style}
      @click=${(event: MouseEvent) => this.onClick(event, position)}>
      ${row === undefined ? html`<span class="quiet">…</span>` : this.draw(row, isChosen)}
    </div>`;
  }

  private count(): number {
    return this.total ?? 0;
  }

  private geometry(): LongList {
    return { rowHeight, total: this.count(), viewHeight: this.list?.clientHeight ?? 0 };
  }

  private window() {
    return visibleRows(this.scrolled, this.geometry());
  }

  private forget(): void {
    this.generation += 1;
    this.asking.clear();
    this.pages = new Map();
    this.stale.clear();
    this.failed = false;
    this.scrolled = 0;
    if (this.list) this.list.scrollTop = 0;
  }

  /** What is under way is asked again when it is there: a list that changes faster than it is answered is shown all the same. */
  private refresh(): void {
    this.stale = new Set([...this.pages.keys(), ...this.asking.keys()]);
    this.failed = false;
  }

  private dropShortPages(): void {
    for (const [page, rows] of this.pages) {
      if (rows.length < Math.min(this.pageRows, this.count() - page * this.pageRows)) this.pages.delete(page);
    }
  }

  /** Resolves when the page is there, or cannot be had. */
  private fetchPage(page: number): Promise<void> {
    if (this.failed || (this.pages.has(page) && !this.stale.has(page))) return Promise.resolve();
    const asked = this.asking.get(page) ?? this.askPage(page, this.generation);
    this.asking.set(page, asked);
    return asked;
  }

  private async askPage(page: number, generation: number): Promise<void> {
    this.stale.delete(page);
    try {
      const rows = await this.load(page * this.pageRows, this.pageRows);
      if (generation !== this.generation) return;
      this.pages.set(page, rows);
      for (const oldest of [...this.pages.keys()].slice(0, -mostPages)) this.pages.delete(oldest);
      if (this.isCurrentIn(page)) this.tell('current', this.current);
    } catch (error) {
      if (generation !== this.generation) return;
      this.failed = true;
      this.dispatchEvent(new CustomEvent('failed', { detail: error }));
    } finally {
      if (generation === this.generation) this.asking.delete(page);
      this.requestUpdate();
    }
  }

  private isCurrentIn(page: number): boolean {
    return Math.floor(this.current / this.pageRows) === page;
  }

  private onScroll(): void {
    this.scrolled = this.list.scrollTop;
  }

  private onClick(event: MouseEvent, position: number): void {
    if (this.choosing === null) {
      this.tell('current', position);
      this.tell('open', position);
      return;
    }
    if (event.shiftKey) this.chooseTo(position, this.choosing);
    else if (event.ctrlKey || event.metaKey) void this.toggle(position, this.choosing);
    else this.tell('choose', []);
    if (!event.shiftKey) this.anchor = position;
    this.tell('current', position);
  }

  private onKey(event: KeyboardEvent): void {
    const step = Math.max(1, Math.floor(this.list.clientHeight / rowHeight) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.current + 1,
      ArrowUp: this.current - 1,
      PageDown: this.current + step,
      PageUp: this.current - step,
      Home: 0,
      End: this.count() - 1,
    };
    const { choosing } = this;
    const target = moves[event.key];
    if (target !== undefined) {
      this.goTo(target);
      if (event.shiftKey && choosing) this.chooseTo(Math.max(0, Math.min(this.count() - 1, target)), choosing);
      else this.anchor = this.current;
    } else if (event.key === ' ' && choosing) void this.toggle(this.current, choosing);
    else if (event.key === 'Enter') this.tell('open', this.current);
    else if (event.key === 'Escape' && this.chosen.size > 0) this.tell('choose', []);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private async toggle(position: number, { numberOf }: Choosing<Row>): Promise<void> {
    await this.fetchPage(Math.floor(position / this.pageRows));
    const row = this.rowAt(position);
    if (row === undefined) return;
    const own = numberOf(row);
    const others = [...this.chosen].filter((number) => number !== own);
    this.tell('choose', others.length === this.chosen.size ? [...others, own] : others);
  }

  /** From where choosing began; rows that were not fetched yet cannot be among them. */
  private chooseTo(position: number, { numberOf, most }: Choosing<Row>): void {
    const [first, end] = [Math.min(this.anchor, position), Math.max(this.anchor, position)];
    const last = Math.min(end, first + most - 1);
    const rows = Array.from({ length: last - first + 1 }, (_, at) => this.rowAt(first + at));
    this.tell(
      'choose',
      rows.flatMap((row) => (row === undefined ? [] : [numberOf(row)])),
    );
  }

  /** What was told holds at once, so that the next key builds on it. */
  private tell(name: 'current' | 'open' | 'choose', detail: number | readonly number[]): void {
    if (typeof detail !== 'number') this.chosen = new Set(detail);
    else if (name === 'current') this.current = detail;
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define('cot-rows', RowList);

declare global {
  interface HTMLElementTagNameMap {
    'cot-rows': RowList<unknown>;
  }
}
