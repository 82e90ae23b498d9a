// Owns the line above the table: which run, how far it is, and what can be done with it.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { RunStatus, RunSummary } from '../../engine/domain/effect';
import type { RunId } from '../../engine/domain/ids';
import { count, percent } from '../../engine/report/numbers';
import type { Intent, RunListEntry } from '../protocol';

export type RunBarProps = {
  readonly runs: readonly RunListEntry[];
  readonly run: RunId | null;
  readonly summary: RunSummary | null;
  readonly onRun: (run: RunId) => void;
  readonly perform: (intent: Intent) => void;
  /** Whether the rates are drawn instead of tabulated. */
  readonly asFigure: boolean;
  readonly onFigure: (asFigure: boolean) => void;
};

const statusWords: Readonly<Record<RunStatus, string>> = {
  running: 'running',
  completed: 'completed',
  cancelled: 'cancelled',
  failed: 'failed',
  interrupted: 'interrupted',
};

export function runBar({ runs, run, summary, onRun, perform, asFigure, onFigure }: RunBarProps): TemplateResult {
  const choose = (event: Event): void => onRun((event.target as HTMLSelectElement).value as RunId);
  return html`<header class="run-bar">
    <vscode-dropdown aria-label="Run" .value=${run ?? ''} @change=${choose}>
      ${runs.map((one) => html`<vscode-option value=${one.run} ?selected=${one.run === run}>${one.title}</vscode-option>`)}
    </vscode-dropdown>
    ${summary ? status(summary) : nothing}
    <span class="grow"></span>
    <span class="segments" role="group" aria-label="Show rates as">
      <button class="choice" aria-pressed=${!asFigure} @click=${() => onFigure(false)}>Table</button>
      <button class="choice" aria-pressed=${asFigure} @click=${() => onFigure(true)}>Figure</button>
    </span>
    ${summary ? actions(summary, perform) : nothing}
  </header>`;
}

function status(summary: RunSummary): TemplateResult {
  const { manifest, replication, status: now, done, planned, message } = summary;
  const share = planned === 0 ? 0 : done / planned;
  return html`<span class=${`status ${now}`} role="status">
      ${statusWords[now]}${now === 'completed' ? '' : ` · ${count(done)} of ${count(planned)}`}${message ? ` · ${message}` : ''}
    </span>
    ${now === 'running' ? progress(share) : nothing}
    <span class="facts">
      ${count(summary.done)} examples · ${manifest.model.id}${manifest.crossModel ? html` <b class="cross">cross-model</b>` : nothing}
      ${replication.n > 0 ? html` · <span title="Unswapped and frozen, against the recorded answer">replication ${percent(replication.rate)}</span>` : nothing}
    </span>`;
}

function progress(share: number): TemplateResult {
  return html`<svg class="progress" role="progressbar" aria-label="Run" aria-valuemin="0" aria-valuemax="100"
    aria-valuenow=${Math.round(100 * share)}>${svg`<rect width=${`${(100 * share).toFixed(1)}%`} height="100%"></rect>`}</svg>`;
}

function actions({ run, status: now }: RunSummary, perform: RunBarProps['perform']): TemplateResult {
  const button = (title: string, intent: Intent): TemplateResult =>
    html`<vscode-button appearance="secondary" @click=${() => perform(intent)}>${title}</vscode-button>`;
  return html`${now === 'running' ? button('Cancel', { do: 'cancelRun', run }) : nothing}
    ${now === 'cancelled' || now === 'interrupted' || now === 'failed' ? button('Resume', { do: 'resumeRun', run }) : nothing}
    ${button('Report', { do: 'openReport', run })} ${button('Spec', { do: 'openSpec', run })}`;
}
