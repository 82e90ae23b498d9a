// Owns the forest plot of a run: kept rate with interval per condition, its control, and a band as wide as noise.
import { isSwapped } from '../../domain/condition';
import type { ConditionEffect } from '../../domain/effect';
import { answeringEffects, namedEffects } from '../headline';
import { percent, percentRange } from '../numbers';
import {
  characterWidth,
  columnWidth,
  type Drawing,
  type Ink,
  type Layout,
  round,
  type Shape,
  shortened,
} from './drawing';
import { forestLegend, marker } from './forestMarks';
import { svgOf } from './svgOf';

export type ForestOptions = {
  /** Prefix of the ids inside; unique per figure of a page. */
  readonly idPrefix?: string;
};

const title = 'Kept rate by condition';
const top = 14;
const margin = 14;
const longestLabel = { page: 40, column: 32 } as const;
/** With more conditions than this a column's figure shows those alone that answer the run's question and have names. */
const mostInColumn = 12;

/** Where things lie. In a column the name and the numbers stand above the marks instead of beside them. */
type Grid = {
  readonly layout: Layout;
  readonly rowHeight: number;
  /** From a row's top to its marks, and to the line of its name. */
  readonly markAt: number;
  readonly left: number;
  readonly plotWidth: number;
  readonly width: number;
};

const x = ({ left, plotWidth }: Grid, rate: number): number => round(left + rate * plotWidth);

/** An SVG element as a string; without effects only its axis. `forestTable` holds the same numbers for who cannot see it. */
export function forestPlot(effects: readonly ConditionEffect[], { idPrefix = 'forest' }: ForestOptions = {}): string {
  return svgOf(forestDrawing(effects, 'page'), { idPrefix });
}

export function forestDrawing(effects: readonly ConditionEffect[], layout: Layout): Drawing {
  const grid = gridFor(effects, layout);
  const bottom = top + grid.rowHeight * effects.length;
  const shapes = [
    ...stripes(effects, grid),
    ...axis(grid, bottom),
    ...effects.flatMap((effect, index) => row(effect, top + grid.rowHeight * index, grid)),
    ...forestLegend({ x: margin, y: bottom + 50 }, layout),
  ];
  const height = bottom + (layout === 'page' ? 66 : 84);
  return { name: 'forest-plot', title, description: describe(effects), width: grid.width, height, shapes };
}

/** What of a run with many conditions fits a column. */
export function columnEffects(effects: readonly ConditionEffect[]): readonly ConditionEffect[] {
  return effects.length > mostInColumn ? namedEffects(answeringEffects(effects)) : effects;
}

function gridFor(effects: readonly ConditionEffect[], layout: Layout): Grid {
  if (layout === 'column') {
    return {
      layout,
      rowHeight: 46,
      markAt: 32,
      left: margin + 10,
      plotWidth: columnWidth - 2 * margin - 20,
      width: columnWidth,
    };
  }
  const longest = Math.max(0, ...effects.map(({ condition }) => shortened(condition.alias, longestLabel.page).length));
  const left = Math.round(margin + longest * characterWidth + 18);
  const plotWidth = 380;
  return { layout, rowHeight: 30, markAt: 15, left, plotWidth, width: left + plotWidth + 168 };
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

function row(effect: ConditionEffect, from: number, grid: Grid): readonly Shape[] {
  const { condition, keptRate, control } = effect;
  const y = from + grid.markAt;
  const { close } = condition.traceEdit;
  const at = { x: x(grid, keptRate.rate ?? 0), y };
  return [
    ...words(effect, from, grid),
    ...noiseBand(effect, y, grid),
    ...(keptRate.rate !== null && keptRate.interval
      ? [
          whisker(
            keptRate.interval.map((rate) => x(grid, rate)),
            y,
            close,
          ),
        ]
      : []),
    ...(keptRate.rate !== null && typeof control?.rate === 'number' ? controlMarks(x(grid, control.rate), at) : []),
    ...(keptRate.rate === null ? [] : [marker(at, close, isSwapped(condition))]),
  ];
}

/** The row's name and its numbers. */
function words({ condition, keptRate }: ConditionEffect, from: number, grid: Grid): readonly Shape[] {
  const { alias } = condition;
  const value =
    keptRate.rate === null ? 'nothing readable' : `${percent(keptRate.rate)}  [${percentRange(keptRate.interval)}]`;
  const name = shortened(alias, longestLabel[grid.layout]);
  if (grid.layout === 'column') {
    const y = from + 14;
    return [
      { kind: 'text', x: margin, y, text: name, title: alias, size: 12 },
      { kind: 'text', x: grid.width - margin, y, text: value, anchor: 'end', size: 12 },
    ];
  }
  const y = from + grid.markAt + 4.5;
  return [
    { kind: 'text', x: grid.left - 18, y, text: name, title: alias, anchor: 'end' },
    { kind: 'text', x: round(x(grid, 1) + 22), y, text: value },
  ];
}

/** Two draws of one condition that disagree in this share of examples can differ by no more in their kept rate. */
function noiseBand({ keptRate, control, noise }: ConditionEffect, y: number, grid: Grid): readonly Shape[] {
  const center = control ? control.rate : keptRate.rate;
  if (center === null || !noise?.rate) return [];
  const [from, to] = [x(grid, Math.max(0, center - noise.rate)), x(grid, Math.min(1, center + noise.rate))];
  const look = { radius: 3, fill: 'noise', fillOpacity: 0.22 } as const;
  return [{ kind: 'rect', x: from, y: y - 11, width: round(to - from), height: 22, ...look }];
}

function whisker([low = 0, high = 0]: readonly number[], y: number, stroke: Ink): Shape {
  return { kind: 'path', d: `M${low} ${y}H${high}M${low} ${y - 5}v10M${high} ${y - 5}v10`, stroke, strokeWidth: 2 };
}

function controlMarks(controlX: number, at: { readonly x: number; readonly y: number }): readonly Shape[] {
  const line = `M${controlX} ${at.y}H${at.x}`;
  return [
    { kind: 'path', d: line, stroke: 'ink', strokeOpacity: 0.45, dashes: [2, 3] },
    marker({ x: controlX, y: at.y }, 'control', false),
  ];
}

/** Conditions of the same trace edit lie on one stripe. */
function stripes(effects: readonly ConditionEffect[], { rowHeight, width }: Grid): readonly Shape[] {
  let [group, previous] = [-1, ''];
  return effects.flatMap(({ condition }, index): readonly Shape[] => {
    const edit = JSON.stringify([condition.traceEdit, condition.readout]);
    if (edit !== previous) [group, previous] = [group + 1, edit];
    const y = top + rowHeight * index;
    return group % 2 === 0
      ? [{ kind: 'rect', x: 0, y, width, height: rowHeight, fill: 'ink', fillOpacity: 0.045 }]
      : [];
  });
}

function axis(grid: Grid, bottom: number): readonly Shape[] {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((rate): readonly Shape[] => {
    const at = x(grid, rate);
    return [
      { kind: 'path', d: `M${at} ${top}V${bottom + 5}`, stroke: 'ink', strokeOpacity: 0.22 },
      { kind: 'text', x: at, y: bottom + 20, text: `${rate * 100}%`, anchor: 'middle', size: 12, opacity: 0.8 },
    ];
  });
}
