// Owns the line above the table: which run, how far it is, and what can be done with it.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { GroupChoice } from '../../engine/domain/comparison';
import type { RunStatus, RunSummary } from '../../engine/domain/effect';
import type { RunId } from '../../engine/domain/ids';
import { count, percent } from '../../engine/report/numbers';
import type { Intent, RunListEntry } from '../protocol';
import { plural, t } from '../ui/t';

export type RunBarProps = {
  readonly runs: readonly RunListEntry[];
  readonly run: RunId | null;
  readonly summary: RunSummary | null;
  readonly onRun: (run: RunId) => void;
  readonly perform: (intent: Intent) => void;
  /** Ways to show the run, and the one that is shown. */
  readonly views: readonly RateView[];
  readonly view: string;
  readonly onView: (view: string) => void;
  /** What the examples can be grouped by in the table; empty elsewhere. */
  readonly groupings: readonly GroupChoice[];
  readonly groupBy: string | null;
  readonly onGroupBy: (by: string | null) => void;
  /** How long the run will go on, in words. */
  readonly left: string;
};

export type RateView = { readonly id: string; readonly title: string };

const statusWords = (): Readonly<Record<RunStatus, string>> => ({
  running: t('running'),
  completed: t('completed'),
  cancelled: t('paused'),
  failed: t('failed'),
  interrupted: t('interrupted'),
});

export function runBar(props: RunBarProps): TemplateResult {
  const { runs, run, summary, onRun, perform, views, view, onView } = props;
  const choose = (event: Event): void => onRun((event.target as HTMLSelectElement).value as RunId);
  return html`<header class="run-bar">
    <vscode-dropdown aria-label=${t('Run')} .value=${run ?? ''} @change=${choose}>
      ${run === null ? html`<vscode-option value="" selected>${t('Choose a run')}</vscode-option>` : nothing}
      ${runs.map((one) => html`<vscode-option value=${one.run} ?selected=${one.run === run}>${one.title}</vscode-option>`)}
    </vscode-dropdown>
    ${summary ? status(summary, props.left) : nothing}
    <span class="grow"></span>
    <span class="segments" role="group" aria-label=${t('Show rates as')}>
      ${views.map(
        ({ id, title }) =>
          html`<button class="choice" aria-pressed=${id === view} @click=${() => onView(id)}>${title}</button>`,
      )}
    </span>
    ${grouping(props)}
    ${summary ? actions(summary, perform) : nothing}
  </header>`;
}

function grouping({ groupings, groupBy, onGroupBy }: RunBarProps): TemplateResult | typeof nothing {
  if (groupings.length === 0) return nothing;
  const choose = (event: Event): void => onGroupBy((event.target as HTMLSelectElement).value || null);
  return html`<select aria-label=${t('Group by')} @change=${choose}>
    <option value="" ?selected=${groupBy === null}>${t('All examples')}</option>
    ${groupings.map(({ id, title }) => html`<option value=${id} ?selected=${id === groupBy}>${t('By {0}', title.toLowerCase())}</option>`)}
  </select>`;
}

function status(summary: RunSummary, left: string): TemplateResult {
  const { manifest, replication, status: now, done, planned, message } = summary;
  const share = planned === 0 ? 0 : done / planned;
  return html`<span class=${`status ${now}`} role="status">
      ${statusWords()[now]}${now === 'completed' ? '' : ` · ${t('{0} of {1}', count(done), count(planned))}`}${message ? ` · ${message}` : ''}
    </span>
    ${now === 'running' ? html`${progress(share)}<span class="quiet time-left">${left}</span>` : nothing}
    <span class="facts">
      ${plural('{0} example', '{0} examples', summary.done)} · ${manifest.model.id}${manifest.crossModel ? html` <b class="cross">${t('cross-model')}</b>` : nothing}
      ${replication.n > 0 ? html` · <span title=${t('Unswapped and frozen, against the recorded answer')}>${t('replication {0}', percent(replication.rate))}</span>` : nothing}
    </span>`;
}

function progress(share: number): TemplateResult {
  return html`<svg class="progress" role="progressbar" aria-label=${t('Run')} aria-valuemin="0" aria-valuemax="100"
    aria-valuenow=${Math.round(100 * share)}>${svg`<rect width=${`${(100 * share).toFixed(1)}%`} height="100%"></rect>`}</svg>`;
}

function actions({ run, status: now }: RunSummary, perform: RunBarProps['perform']): TemplateResult {
  const button = (title: string, intent: Intent, about = ''): TemplateResult =>
    html`<vscode-button appearance="secondary" title=${about || nothing} @click=${() => perform(intent)}>${title}</vscode-button>`;
  return html`${now === 'running' ? button(t('Pause'), { do: 'cancelRun', run }, t('What is recorded is kept; Resume goes on from there')) : nothing}
    ${now === 'cancelled' || now === 'interrupted' || now === 'failed' ? button(t('Resume'), { do: 'resumeRun', run }) : nothing}
    ${button(t('Report'), { do: 'openReport', run })} ${button(t('Spec'), { do: 'openSpec', run })}`;
}
