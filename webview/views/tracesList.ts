// Owns the trace editor's list: rows fetched as they come into view, moving and choosing by keyboard and mouse.
// However long the list, only what is on screen is in the page.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type ExampleRow, mostChosen } from '../../engine/domain/traceList';
import { type LongList, rowTop, scrollToShow, spaceHeight, visibleRows } from '../ui/longList';
import { pagesOf } from '../ui/rowWindow';
import { tracesRow } from './tracesRow';

const rowHeight = 26;
/** Records may be long, and each row of a page is read from its record. */
const pageRows = 50;
/** Pages that are kept, those on screen among them. */
const mostPages = 60;

export class TracesList extends LitElement {
  @property({ attribute: false }) load!: (offset: number, limit: number) => Promise<readonly ExampleRow[]>;
  /** Another one is another list. */
  @property() key = '';
  @property({ type: Number }) total = 0;
  /** Counts what makes the rows that were fetched old, though the list is the same. */
  @property({ type: Number }) revision = 0;
  @property({ attribute: false }) chosen: ReadonlySet<number> = new Set();
  @property({ type: Number }) current = 0;
  @state() private scrolled = 0;
  @query('.rows') private list!: HTMLElement;
  private pages = new Map<number, readonly ExampleRow[]>();
  /** Pages whose rows are shown until newer ones arrive. */
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
  rowAt(position: number): ExampleRow | undefined {
    return this.pages.get(Math.floor(position / pageRows))?.[position % pageRows];
  }

  override focus(): void {
    this.list?.focus({ preventScroll: true });
  }

  /** Brings a position into view and makes it the current one. */
  goTo(position: number): void {
    if (this.total === 0) return;
    const target = Math.max(0, Math.min(this.total - 1, position));
    this.list.scrollTop = scrollToShow(target, this.list.scrollTop, this.geometry());
    this.scrolled = this.list.scrollTop;
    this.tell('current', target);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('key')) this.forget();
    if (changed.has('key') && this.list) this.list.scrollTop = 0;
    if (changed.has('revision') && !changed.has('key')) this.refresh();
    // A page that was fetched while the list was shorter lacks rows.
    if (changed.has('total')) this.dropShortPages();
  }

  protected override updated(): void {
    if (!this.isPlaced && this.total > this.current) {
      this.isPlaced = true;
      if (this.current > 0) this.goTo(this.current);
    }
    for (const page of pagesOf(this.window(), pageRows)) void this.fetchPage(page);
  }

  override render(): TemplateResult {
    const { first, last } = this.window();
    const positions = Array.from({ length: last - first }, (_, at) => first + at);
    const hasRows = this.total > 0;
    return html`<div class="rows" role=${hasRows ? 'listbox' : 'presentation'} tabindex=${hasRows ? 0 : -1} aria-label="Examples"
      aria-multiselectable="true" aria-activedescendant=${hasRows ? `example-${this.current}` : nothing}
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
    return tracesRow({
      row,
      position,
      total: this.total,
      isCurrent: position === this.current,
      isChosen: row !== undefined && this.chosen.has(row.index),
      style: `transform:translateY(${rowTop(position, this.scrolled, this.geometry())}px)`,
      onClick: (event) => this.onClick(event, position),
    });
  }

  private geometry(): LongList {
    return { rowHeight, total: this.total, viewHeight: this.list?.clientHeight ?? 0 };
  }

  private window() {
    return visibleRows(this.scrolled, this.geometry());
  }

  private forget(): void {
    this.pages = new Map();
    this.refresh();
  }

  private refresh(): void {
    this.generation += 1;
    this.asking.clear();
    this.stale = new Set(this.pages.keys());
    this.failed = false;
  }

  private dropShortPages(): void {
    for (const [page, rows] of this.pages) {
      if (rows.length < Math.min(pageRows, this.total - page * pageRows)) this.pages.delete(page);
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
    try {
      const rows = await this.load(page * pageRows, pageRows);
      if (generation !== this.generation) return;
      this.pages.set(page, rows);
      this.stale.delete(page);
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
    return Math.floor(this.current / pageRows) === page;
  }

  private onScroll(): void {
    this.scrolled = this.list.scrollTop;
  }

  private onClick(event: MouseEvent, position: number): void {
    if (event.shiftKey) this.chooseTo(position);
    else if (event.ctrlKey || event.metaKey) void this.toggle(position);
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
      End: this.total - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) {
      this.goTo(target);
      if (event.shiftKey) this.chooseTo(Math.max(0, Math.min(this.total - 1, target)));
      else this.anchor = this.current;
    } else if (event.key === ' ') void this.toggle(this.current);
    else if (event.key === 'Enter') this.tell('open', this.current);
    else if (event.key === 'Escape' && this.chosen.size > 0) this.tell('choose', []);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private async toggle(position: number): Promise<void> {
    await this.fetchPage(Math.floor(position / pageRows));
    const row = this.rowAt(position);
    if (!row) return;
    const others = [...this.chosen].filter((index) => index !== row.index);
    this.tell('choose', others.length === this.chosen.size ? [...others, row.index] : others);
  }

  /** From where choosing began; rows that were not fetched yet cannot be among them. */
  private chooseTo(position: number): void {
    const [first, end] = [Math.min(this.anchor, position), Math.max(this.anchor, position)];
    const last = Math.min(end, first + mostChosen - 1);
    const rows = Array.from({ length: last - first + 1 }, (_, at) => this.rowAt(first + at));
    this.tell(
      'choose',
      rows.flatMap((row) => (row ? [row.index] : [])),
    );
  }

  /** What was told holds at once, so that the next key builds on it. */
  private tell(name: 'current' | 'open' | 'choose', detail: number | readonly number[]): void {
    if (typeof detail !== 'number') this.chosen = new Set(detail);
    else if (name === 'current') this.current = detail;
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define('cot-traces-list', TracesList);

declare global {
  interface HTMLElementTagNameMap {
    'cot-traces-list': TracesList;
  }
}
