// Owns one row of the forest plot inside the table: a rate, its interval and its control on a scale from 0 to 100 %.
// Geometry is in percentages of the cell, so it needs neither measuring nor inline styles.
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ConditionEffect, Rate } from '../../engine/domain/effect';
import { percent, percentRange } from '../../engine/report/numbers';
import { t } from './t';

const at = (share: number): string => `${(2 + 96 * share).toFixed(2)}%`;

/** The scale of the column, for its header. */
export function rateAxis(): TemplateResult {
  const ticks = [0, 0.5, 1].map(
    (share) =>
      svg`<text x=${at(share)} y="12" text-anchor=${share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}>${share * 100}</text>`,
  );
  return html`<svg class="rate-mark axis" aria-hidden="true">${ticks}</svg>`;
}

export function rateMark({ keptRate, control, condition }: ConditionEffect): TemplateResult {
  const label = t(
    'kept {0}, interval {1}, {2}',
    percent(keptRate.rate),
    percentRange(keptRate.interval),
    condition.alias,
  );
  return html`<svg class="rate-mark" role="img" aria-label=${label}>
    <line class="track" x1=${at(0)} x2=${at(1)} y1="50%" y2="50%"></line>
    ${[0, 0.5, 1].map((share) => svg`<line class="grid" x1=${at(share)} x2=${at(share)} y1="15%" y2="85%"></line>`)}
    ${control ? controlMark(control) : nothing} ${estimate(keptRate)}
  </svg>`;
}

function controlMark({ rate }: Rate): TemplateResult | typeof nothing {
  return rate === null
    ? nothing
    : svg`<circle class="control" cx=${at(rate)} cy="50%" r="4.5"><title>${t('control {0}', percent(rate))}</title></circle>`;
}

function estimate({ rate, interval }: Rate): TemplateResult | typeof nothing {
  if (rate === null) return nothing;
  const [low, high] = interval ?? [rate, rate];
  return svg`<line class="whisker" x1=${at(low)} x2=${at(high)} y1="50%" y2="50%"></line>
    <circle class="dot" cx=${at(rate)} cy="50%" r="4"></circle>`;
}
