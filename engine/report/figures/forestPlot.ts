// Owns the forest plot of a run as an SVG string: kept rate with interval per condition, its control, and a band as wide as noise.
// Colors are CSS variables with fallbacks on the text color, so that a page, a printout and an editor theme each bring their own;
// no style attributes, because a strict content security policy drops them.
import { isSwapped } from '../../domain/condition';
import type { ConditionEffect } from '../../domain/effect';
import { escapeHtml } from '../htmlEscape';
import { percent, percentRange } from '../numbers';
import { colors, legend, marker } from './forestMarks';

export type ForestOptions = {
  /** Prefix of the ids inside; unique per figure of a page. */
  readonly idPrefix?: string;
  readonly title?: string;
};

const rowHeight = 30;
const top = 14;
const plotWidth = 380;
const valueWidth = 168;
const margin = 14;
/** Of a character of the labels, in the units of the SVG; measured on wide fonts. */
const characterWidth = 7.2;
const longestLabel = 40;

type Scale = {
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
  readonly x: (rate: number) => number;
};

/** An SVG element as a string; without effects only its axis. `forestTable` holds the same numbers for who cannot see it. */
export function forestPlot(effects: readonly ConditionEffect[], options: ForestOptions = {}): string {
  const { idPrefix, title } = { idPrefix: 'forest', title: 'Kept rate by condition', ...options };
  const { width, height, ...scale } = scaleFor(effects);
  const rows = effects.map((effect, index) => row(effect, top + rowHeight * (index + 0.5), scale));
  return `<svg xmlns="http://www.w3.org/2000/svg" class="forest-plot" width="${width}" height="${height}" \
viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${idPrefix}-title ${idPrefix}-desc" \
font-family="system-ui, sans-serif" font-size="13" fill="${colors.ink}">
<title id="${idPrefix}-title">${escapeHtml(title)}</title>
<desc id="${idPrefix}-desc">${escapeHtml(describe(effects))}</desc>
${stripes(effects, width)}
${axis(scale)}
${rows.join('\n')}
${legend(margin, height - 16)}
</svg>`;
}

/** The figure in words, for a screen reader. */
function describe(effects: readonly ConditionEffect[]): string {
  const sentences = effects.map(({ condition, keptRate, control, noise }) => {
    const controlPart = control ? `, control ${percent(control.rate)}` : '';
    const noisePart = noise ? `, noise ${percent(noise.rate)}` : '';
    return `${condition.alias}: ${percent(keptRate.rate)} kept, interval ${percentRange(keptRate.interval)}${controlPart}${noisePart}.`;
  });
  return `A row per condition on an axis from 0 to 100% kept. ${sentences.join(' ')}`;
}

function scaleFor(effects: readonly ConditionEffect[]): Scale {
  const longest = Math.max(0, ...effects.map(({ condition }) => labelOf(condition.alias).length));
  const left = Math.round(margin + longest * characterWidth + 18);
  const bottom = top + rowHeight * effects.length;
  const width = left + plotWidth + valueWidth;
  return { left, bottom, width, height: bottom + 66, x: (rate) => left + rate * plotWidth };
}

function row(effect: ConditionEffect, y: number, { left, x }: Pick<Scale, 'left' | 'x'>): string {
  const { condition, keptRate, control } = effect;
  const parts = [label(condition.alias, left, y), noiseBand(effect, y, x)];
  if (keptRate.rate !== null) {
    const { close } = condition.traceEdit;
    const at = { x: x(keptRate.rate), y };
    if (keptRate.interval) parts.push(whisker(keptRate.interval.map(x), y, colors[close]));
    if (typeof control?.rate === 'number') parts.push(controlMark(x(control.rate), at));
    parts.push(marker(at, close, isSwapped(condition)));
  }
  const value =
    keptRate.rate === null ? 'nothing readable' : `${percent(keptRate.rate)}  [${percentRange(keptRate.interval)}]`;
  parts.push(`<text x="${round(x(1) + 22)}" y="${y + 4.5}" xml:space="preserve">${value}</text>`);
  return `<g>${parts.join('')}</g>`;
}

function label(alias: string, left: number, y: number): string {
  const shown = escapeHtml(labelOf(alias));
  return `<text x="${left - 18}" y="${y + 4.5}" text-anchor="end"><title>${escapeHtml(alias)}</title>${shown}</text>`;
}

/** Two draws of one condition that disagree in this share of examples can differ by no more in their kept rate. */
function noiseBand({ keptRate, control, noise }: ConditionEffect, y: number, x: Scale['x']): string {
  const center = control ? control.rate : keptRate.rate;
  if (center === null || !noise?.rate) return '';
  const [from, to] = [x(Math.max(0, center - noise.rate)), x(Math.min(1, center + noise.rate))];
  return `<rect x="${round(from)}" y="${y - 11}" width="${round(to - from)}" height="22" rx="3" fill="${colors.noise}" fill-opacity="0.22"/>`;
}

function whisker([from = 0, to = 0]: readonly number[], y: number, color: string): string {
  const [low, high] = [round(from), round(to)];
  return `<path d="M${low} ${y}H${high}M${low} ${y - 5}v10M${high} ${y - 5}v10" stroke="${color}" stroke-width="2" fill="none"/>`;
}

function controlMark(controlX: number, at: { readonly x: number; readonly y: number }): string {
  const line = `<path d="M${round(controlX)} ${at.y}H${round(at.x)}" stroke="${colors.ink}" stroke-opacity="0.45" stroke-dasharray="2 3"/>`;
  return line + marker({ x: controlX, y: at.y }, 'control', false);
}

/** Conditions of the same trace edit lie on one stripe. */
function stripes(effects: readonly ConditionEffect[], width: number): string {
  let [group, previous] = [-1, ''];
  return effects
    .map(({ condition }, index) => {
      const edit = JSON.stringify([condition.traceEdit, condition.readout]);
      if (edit !== previous) [group, previous] = [group + 1, edit];
      const y = top + rowHeight * index;
      return group % 2 === 0 ? `<rect y="${y}" width="${width}" height="${rowHeight}" fill-opacity="0.045"/>` : '';
    })
    .join('');
}

function axis({ bottom, x }: Pick<Scale, 'bottom' | 'x'>): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((rate) => {
    const at = round(x(rate));
    const grid = `<path d="M${at} ${top}V${bottom + 5}" stroke="${colors.ink}" stroke-opacity="0.22"/>`;
    return `${grid}<text x="${at}" y="${bottom + 20}" text-anchor="middle" fill-opacity="0.8">${rate * 100}%</text>`;
  });
  return `<g font-size="12">${ticks.join('')}</g>`;
}

/** Long aliases lose their middle: what they start with and end on tells them apart. */
function labelOf(alias: string): string {
  const characters = [...alias];
  if (characters.length <= longestLabel) return alias;
  const half = (longestLabel - 1) / 2;
  return `${characters.slice(0, Math.ceil(half)).join('')}…${characters.slice(-Math.floor(half)).join('')}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
