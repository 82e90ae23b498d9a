// Owns the list of examples behind one condition: what of them is shown, in which order, and opening one.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { type GroupFilter, type OutcomeOrder, outcomeOrders } from '../../engine/domain/comparison';
import type { ConditionEffect, OutcomeRow } from '../../engine/domain/effect';
import type { RunId } from '../../engine/domain/ids';
import { count } from '../../engine/report/numbers';
import type { Page } from '../page';
import type { PageRowQuery } from '../protocol';
import { orderTitle } from '../ui/orderTitle';
import '../ui/rowList';
import { t } from '../ui/t';
import { exampleRow } from './exampleRow';

export type Show = NonNullable<PageRowQuery['show']>;

const pageRows = 200;

export class ExampleList extends LitElement {
  @property({ attribute: false }) page!: Page;
  @property({ attribute: false }) run!: RunId;
  @property({ attribute: false }) effect!: ConditionEffect;
  @property({ attribute: false }) open!: (row: OutcomeRow) => void;
  @property() shown: Show = 'flipped';
  @property() order: OutcomeOrder = 'ordinal';
  /** Of a grouped table, the group whose examples these are. */
  @property({ attribute: false }) group: GroupFilter | null = null;
  @property({ attribute: false }) labels: readonly string[] = [];
  /** Counts what changed beside the run's log. */
  @property({ type: Number }) revision = 0;
  @state() private label = '';
  /** `null` until the first rows are there. What is empty is asked for again, because a run may fill it. */
  @state() private total: number | null = null;
  @state() private failure: string | null = null;
  @state() private current = 0;
  /** Counts what made the rows old. */
  private age = 0;
  private key = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('effect') as ConditionEffect | undefined;
    if (changed.has('revision') || (before && counts(before) !== counts(this.effect))) this.age += 1;
    const key = JSON.stringify(this.query());
    if (key === this.key) return;
    this.key = key;
    this.total = null;
    this.current = 0;
    this.failure = null;
  }

  override render(): TemplateResult {
    return html`${this.filters()}
      ${this.total ? nothing : html`<p class="quiet">${this.emptyWords()}</p>`}
      <cot-rows .key=${this.key} .load=${(offset: number, limit: number) => this.load(offset, limit)} .draw=${exampleRow}
        .total=${this.total || null} .revision=${this.age} .current=${this.current} .pageRows=${pageRows}
        @current=${({ detail }: CustomEvent<number>) => {
          this.current = detail;
        }}
        @open=${({ detail }: CustomEvent<number>) => this.openAt(detail)}
        @failed=${({ detail }: CustomEvent<unknown>) => {
          this.failure = detail instanceof Error ? detail.message : String(detail);
        }}></cot-rows>`;
  }

  private filters(): TemplateResult {
    const { n, kept, flipped, unreadable } = this.effect;
    const choices: readonly { readonly id: Show; readonly title: string; readonly n: number }[] = [
      { id: 'flipped', title: t('Flipped'), n: flipped },
      { id: 'kept', title: t('Kept'), n: kept },
      { id: 'unreadable', title: t('Unreadable'), n: unreadable },
      { id: 'all', title: t('All'), n },
    ];
    return html`<div class="filters" role="group" aria-label=${t('Show')}>
      ${choices.map(
        ({
          id,
          title,
          n: many,
        }) => html`<button class="choice" aria-pressed=${id === this.shown} @click=${() => this.tell('filter', id)}>
          ${title} <span class="tally">${count(many)}</span></button>`,
      )}
      ${this.labelFilter()} ${this.orderChooser()}
    </div>`;
  }

  private labelFilter(): TemplateResult {
    const choose = (event: Event): void => {
      this.label = (event.target as HTMLSelectElement).value;
    };
    return html`<select aria-label=${t('Label')} @change=${choose}>
      <option value="">${t('Any label or none')}</option>
      ${this.labels.map((label) => html`<option value=${label} ?selected=${label === this.label}>${label}</option>`)}
    </select>`;
  }

  private orderChooser(): TemplateResult {
    const choose = (event: Event): void => this.tell('order', (event.target as HTMLSelectElement).value);
    return html`<select aria-label=${t('Order')} title=${t('The order of the examples, and of the next and previous flip')} @change=${choose}>
      ${outcomeOrders.map((one) => html`<option value=${one} ?selected=${one === this.order}>${orderTitle(one)}</option>`)}
    </select>`;
  }

  private tell(name: 'filter' | 'order', detail: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  private query(): Omit<PageRowQuery, 'offset' | 'limit'> {
    const { run, effect, shown: show, order: sort, group, label } = this;
    const filters = { ...(group && { group }), ...(label !== '' && { label }) };
    return { run, condition: effect.condition.id, show, sort, ...filters };
  }

  private async load(offset: number, limit: number): Promise<readonly OutcomeRow[]> {
    const { key } = this;
    const { rows, total } = await this.page.ask('rows', { ...this.query(), offset, limit });
    if (key !== this.key) return rows;
    this.total = total;
    this.current = Math.max(0, Math.min(this.current, total - 1));
    this.failure = null;
    return rows;
  }

  private openAt(position: number): void {
    const row = this.querySelector('cot-rows')?.rowAt(position) as OutcomeRow | undefined;
    if (row) this.open(row);
  }

  private emptyWords(): string {
    if (this.failure !== null) return this.failure;
    if (this.total === null) return t('Loading…');
    if (this.label !== '') return t('None of these examples is labeled “{0}”.', this.label);
    const words: Record<Show, string> = {
      all: t('No examples yet.'),
      flipped: t('No answer flipped under this condition.'),
      kept: t('No answer was kept under this condition.'),
      unreadable: t('Every answer could be read.'),
    };
    return words[this.shown];
  }
}

/** What changes when another example of the condition was finished or annotated. */
function counts({ n, kept, flipped, unreadable }: ConditionEffect): string {
  return [n, kept, flipped, unreadable].join();
}

customElements.define('cot-example-list', ExampleList);
