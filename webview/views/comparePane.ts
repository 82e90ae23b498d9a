// Owns two runs side by side in the panel: which is the other one, and the table that pairs them where their examples match.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { RunId } from '../../engine/domain/ids';
import type { RunComparison } from '../../engine/domain/runComparison';
import { comparisonTable } from '../../engine/report/comparisonTable';
import type { Page } from '../page';
import type { RunListEntry } from '../protocol';
import { reportTable } from '../ui/reportTable';
import { t } from '../ui/t';

export class ComparePane extends LitElement {
  @property({ attribute: false }) page!: Page;
  @property({ attribute: false }) run!: RunId;
  @property({ attribute: false }) runs: readonly RunListEntry[] = [];
  @property({ attribute: false }) define!: (column: string) => void;
  @property({ type: Number }) revision = 0;
  @state() private other: RunId | null = null;
  @state() private comparison: RunComparison | null = null;
  @state() private failure: string | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const others = this.others();
    if (!others.some(({ run }) => run === this.other)) this.other = others[0]?.run ?? null;
    if (changed.has('run') || changed.has('revision')) void this.load();
  }

  override render(): TemplateResult {
    const choose = (event: Event): void => {
      this.other = (event.target as HTMLSelectElement).value as RunId;
      void this.load();
    };
    return html`<label class="compare-with">${t('Compare with')}
        <select aria-label=${t('Compare with')} @change=${choose}>
          ${this.others().map(({ run, title }) => html`<option value=${run} ?selected=${run === this.other}>${title}</option>`)}
        </select></label>
      ${this.failure === null ? nothing : html`<p class="failure" role="alert">${this.failure}</p>`}
      ${this.comparison ? reportTable(comparisonTable(this.comparison), this.define) : html`<p class="quiet">${t('Comparing…')}</p>`}`;
  }

  private others(): readonly RunListEntry[] {
    return this.runs.filter(({ run }) => run !== this.run);
  }

  private async load(): Promise<void> {
    const { run: first, other: second } = this;
    if (second === null) return;
    try {
      const comparison = await this.page.ask('compare', { first, second });
      if (this.run !== first || this.other !== second) return;
      this.comparison = comparison;
      this.failure = null;
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
  }
}

customElements.define('cot-compare', ComparePane);

declare global {
  interface HTMLElementTagNameMap {
    'cot-compare': ComparePane;
  }
}
