// Owns what the trace editor says about its file beyond the examples: what it holds in sum, how far it was read, what is wrong with it and the
// way out, and the records that could not be read.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { FileProblem, TraceFileFacts } from '../../engine/domain/traceList';
import { count } from '../../engine/report/numbers';
import type { TraceFileState, TraceIntent } from '../protocol';
import { icon } from '../ui/icons';
import { plural, t } from '../ui/t';

type Act = (intent: TraceIntent) => void;

/** One line: format, answers, flaws, or how far the file was read. */
export function factsLine(state: TraceFileState): TemplateResult {
  const { facts, progress } = state;
  if (!facts) return readingLine(progress);
  const { formatTitle, examples, answer, opaque, withoutReasoning, models } = facts;
  const parts = [
    formatTitle,
    plural('{0} example', '{0} examples', examples),
    t('{0} answers read by “{1}”', count(answer.read), answer.reader),
    ...(opaque > 0 ? [t('{0} opaque', count(opaque))] : []),
    ...(withoutReasoning > 0
      ? [plural('{0} record without reasoning', '{0} records without reasoning', withoutReasoning)]
      : []),
    ...(models.length > 0
      ? [t('written by {0}', `${models.slice(0, 3).join(', ')}${models.length > 3 ? ', …' : ''}`)]
      : []),
  ];
  return html`<p class="facts" title=${parts.join(' · ')}>${parts.join(' · ')}</p>`;
}

function readingLine({ bytes, totalBytes, examples }: TraceFileState['progress']): TemplateResult {
  const share = totalBytes > 0 ? Math.min(1, bytes / totalBytes) : 0;
  const percent = Math.floor(100 * share);
  return html`<p class="facts">${plural('Reading… {0} example so far', 'Reading… {0} examples so far', examples)}</p>
    <svg class="progress" role="progressbar" aria-label=${t('Reading the file')} aria-valuenow=${percent} aria-valuemin="0" aria-valuemax="100">
      ${svg`<rect width=${`${100 * share}%`} height="100%"></rect>`}</svg>`;
}

/** Offers to load the file again after it changed. */
export function changedNote({ status, name }: TraceFileState, act: Act): TemplateResult | typeof nothing {
  if (status !== 'changed') return nothing;
  return html`<p class="failure" role="alert">${t('{0} was changed on disk; what is shown is as it was.', name)}
    <button class="choice" @click=${() => act({ do: 'reload' })}>${t('Reload')}</button></p>`;
}

/** Instead of a list, where there is none. */
export function failedPanel({ failure, name }: TraceFileState, act: Act): TemplateResult | typeof nothing {
  if (!failure) return nothing;
  const choose = html`<vscode-button @click=${() => act({ do: 'chooseFields' })}>${t('Choose its fields…')}</vscode-button>`;
  return html`<section class="empty" role="alert">
    <h2>${t('{0} shows no traces', name)}</h2>
    <p>${failure.message}</p>
    <p>${failure.canChooseFields ? choose : nothing}
      <vscode-button appearance="secondary" @click=${() => act({ do: 'reload' })}>${t('Try again')}</vscode-button></p>
  </section>`;
}

/** Records that could not be read, each with its line and the way to its bytes. */
export function problemList({ problems, problemCount }: TraceFileFacts, act: Act): TemplateResult {
  const rest = problemCount - problems.length;
  return html`<ul class="problems" aria-label=${t('Records that could not be read')} tabindex="0">
    ${problems.map((problem) => problemItem(problem, act))}
    ${rest > 0 ? html`<li class="quiet">${t('… and {0} more', count(rest))}</li>` : nothing}
  </ul>`;
}

function problemItem({ line, reason }: FileProblem, act: Act): TemplateResult {
  return html`<li>${icon('warning')} <b>${count(line)}</b> <span>${reason}</span>
    <button class="choice" aria-label=${t('Raw record {0}', line)} @click=${() => act({ do: 'openRaw', at: { line } })}>${t('Raw')}</button></li>`;
}
