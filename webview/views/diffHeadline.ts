// Owns the headline of a diff: both recommendations, whether the answer was kept, and the exact probabilities where there are some.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { SampleResult } from '../../engine/domain/run';
import { percent } from '../../engine/report/numbers';
import type { DiffData } from '../protocol';
import { traceEditWords } from '../ui/conditionWords';
import { icon, type Verdict, verdictIcons, verdictWord } from '../ui/icons';
import { plural, t } from '../ui/t';

export function diffHeadline(data: DiffData, result: SampleResult): TemplateResult {
  const { recorded, options, controlProbabilities, swapped } = data;
  const now = result.outcome.kind === 'option' ? result.outcome.option : null;
  const verdict: Verdict = now === null ? 'unreadable' : now === recorded ? 'kept' : 'flipped';
  return html`<section class="headline" aria-label=${t('Recommendations')}>
    <div class="side">
      <h2>${t('Original')}</h2>
      <p class="answer">${recorded}</p>
      ${controlProbabilities ? probabilities(options, controlProbabilities, recorded) : nothing}
      <p class="quiet">${controlProbabilities ? t('Probabilities at this cut, prompt unchanged') : t('As the record states it')}</p>
    </div>
    <div class="side">
      <h2>${t('Regenerated')}</h2>
      <div class=${`verdict-badge ${verdict}`}>${icon(verdictIcons[verdict])}<span>${verdictWord(verdict)}</span></div>
      <p class=${`answer ${verdict}`}>${now ?? t('unreadable')}</p>
      ${result.probabilities ? probabilities(options, result.probabilities, recorded) : nothing}
      <p class="quiet">${regeneratedWords(data, result, swapped)}</p>
    </div>
  </section>`;
}

function regeneratedWords({ traceEdit }: DiffData, result: SampleResult, swapped: boolean): string {
  const prompt = swapped ? t('prompt swapped') : t('prompt unchanged');
  if (result.outcome.kind === 'unreadable') return `${result.outcome.reason} (${traceEditWords(traceEdit)}, ${prompt})`;
  const read = plural('read in {0} new token', 'read in {0} new tokens', result.tokens);
  const how =
    result.finish === 'forced' ? t('options scored exactly') : result.wentOn ? t('{0}, it reasoned on', read) : read;
  return `${traceEditWords(traceEdit)}, ${prompt}; ${how}`;
}

function probabilities(options: readonly string[], values: readonly number[], recorded: string): TemplateResult {
  const outside = 1 - values.reduce((sum, value) => sum + value, 0);
  return html`<dl class="probabilities">
    ${options.map((option, index) => bar(option, values[index] ?? 0, option === recorded ? 'recorded' : ''))}
    ${outside > 0.005 ? bar(t('anything else'), outside, 'outside') : nothing}
  </dl>`;
}

function bar(name: string, value: number, kind: string): TemplateResult {
  return html`<div class=${`probability-row ${kind}`}><dt>${name}</dt>
    <dd><svg class="probability-bar" aria-hidden="true">${svg`<rect width=${`${(100 * Math.max(0, value)).toFixed(1)}%`} height="100%" rx="1.5"></rect>`}</svg>
    <span>${percent(value)}</span></dd></div>`;
}
