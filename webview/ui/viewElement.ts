// Owns what every view has in common: it is a Lit element in the page's own tree (so that the one stylesheet under the strict policy
// reaches it), it is told what to show, and its failures stand in place as a sentence.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { Page } from '../page';
import type { ViewState } from '../protocol';

export type Label = { readonly id: string; readonly title: string; readonly key: string };
export type ViewSetup = { readonly page: Page; readonly labels: readonly Label[] };

export abstract class ViewElement extends LitElement {
  @state() protected failure: string | null = null;
  protected readonly page: Page;
  protected readonly labels: readonly Label[];

  constructor({ page, labels }: ViewSetup) {
    super();
    this.page = page;
    this.labels = labels;
  }

  abstract show(state: ViewState): void;
  abstract runsChanged(): void;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Runs an action; what goes wrong is shown until the next action succeeds. */
  protected async attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
      this.failure = null;
    } catch (error) {
      const cancelled = error instanceof Error && error.name === 'CancelledError';
      if (!cancelled) this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  protected failureNote(): TemplateResult | typeof nothing {
    return this.failure === null ? nothing : html`<p class="failure" role="alert">${this.failure}</p>`;
  }
}
