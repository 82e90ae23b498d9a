// Owns the dose-response figure of a run: a panel per way to close the trace and prompt edit, and a legend.
import type { DoseCurve } from '../../domain/effect';
import { type CurvePair, closeTitle, curvePairs, curveTitle, editTitle } from '../curveTitles';
import { percent, percentRange } from '../numbers';
import type { Frame } from './axes';
import { doseLegend } from './doseLegend';
import { dosePanel, lowestGap, type PanelFrames } from './dosePanel';
import { columnWidth, type Drawing, type Layout, type Shape } from './drawing';
import { svgOf } from './svgOf';

export type DoseOptions = {
  /** Prefix of the ids inside; unique per figure of a page. */
  readonly idPrefix?: string;
};

const panelWidth = columnWidth;
const plotLeft = 62;
const plotWidth = 310;
const rateTop = 34;
const rateHeight = 200;
const gapTop = rateTop + rateHeight + 44;
/** Of a quarter on the gap's axis. */
const gapQuarter = 22;
const axisRoom = 52;
const widestLegend = 660;

/** An SVG element as a string; empty without curves. `curveNumbers` holds the same numbers for who cannot see it. */
export function doseResponse(curves: readonly DoseCurve[], { idPrefix = 'dose' }: DoseOptions = {}): string {
  return curvePairs(curves).length === 0 ? '' : svgOf(doseDrawing(curves, 'page'), { idPrefix });
}

/** Panels side by side in two, in a column one below the other. */
export function doseDrawing(curves: readonly DoseCurve[], layout: Layout): Drawing {
  const pairs = curvePairs(curves);
  const gaps = pairs.flatMap(({ edited }) => edited?.gaps ?? []);
  const lowest = lowestGap(gaps);
  const gapHeight = gaps.length > 0 ? gapQuarter * ((1 - lowest) / 0.25) : 0;
  const panelHeight = (gaps.length > 0 ? gapTop + gapHeight : rateTop + rateHeight) + axisRoom;
  const columns = layout === 'column' ? 1 : Math.min(2, pairs.length);
  const width = layout === 'column' ? columnWidth : Math.max(panelWidth * columns, widestLegend);
  const legendTop = Math.ceil(pairs.length / columns) * panelHeight + 20;
  const panels = pairs.flatMap((pair, index) => {
    const at = { left: (index % columns) * panelWidth, top: Math.floor(index / columns) * panelHeight };
    const frames = framesAt(at, pair, { lowest, gapHeight });
    return [...titles(pair, at, frames), ...dosePanel(pair, frames)];
  });
  return {
    name: 'dose-response',
    title: 'Kept rate by how much of the reasoning stays',
    description: describe(curves),
    width,
    height: legendTop + (layout === 'column' ? 36 : 16),
    shapes: [...panels, ...doseLegend(pairs, { x: 16, y: legendTop }, layout)],
  };
}

type Corner = { readonly left: number; readonly top: number };

function framesAt({ left, top }: Corner, pair: CurvePair, gap: { lowest: number; gapHeight: number }): PanelFrames {
  const across = { left: left + plotLeft, width: plotWidth };
  const rates: Frame = { ...across, top: top + rateTop, height: rateHeight, from: 0, to: 1 };
  const gaps: Frame = { ...across, top: top + gapTop, height: gap.gapHeight, from: gap.lowest, to: 1 };
  return { rates, gaps: pair.edited && pair.edited.gaps.length > 0 ? gaps : null };
}

function titles({ plain, edited }: CurvePair, { left }: Corner, { rates, gaps }: PanelFrames): readonly Shape[] {
  const curve = plain ?? edited;
  if (!curve) return [];
  const meaning = curve.close === 'closed' ? 'must answer now' : 'may go on reasoning';
  const edit = edited ? ` · ${editTitle(edited)}` : '';
  const last = gaps ?? rates;
  const across = { x: last.left + last.width / 2, y: last.top + last.height + 38 };
  return [
    { kind: 'text', x: left + plotLeft, y: rates.top - 14, lead: closeTitle(curve), text: `: ${meaning}${edit}` },
    sideTitle('answers kept', rates, left),
    ...(gaps ? [sideTitle('gap, points', gaps, left)] : []),
    { kind: 'text', ...across, text: 'reasoning kept, share of its tokens', anchor: 'middle', size: 12 },
  ];
}

const sideTitle = (text: string, frame: Frame, left: number): Shape => ({
  kind: 'text',
  x: left + 16,
  y: frame.top + frame.height / 2,
  text,
  anchor: 'middle',
  size: 12,
  turned: true,
});

/** The figure in words, for a screen reader. */
function describe(curves: readonly DoseCurve[]): string {
  const sentences = curves.map((curve) => {
    const [first, last] = [curve.points[0], curve.points.at(-1)];
    const ends = [first, last].map((point) => {
      const share = Math.round((point?.keep ?? 0) * 100);
      return `${percent(point?.rate.rate)} (band ${percentRange(point?.band)}) with ${share}% of the reasoning`;
    });
    return `${curveTitle(curve, curves)}: ${ends.join(', ')}, area over the curve ${curve.area.rate?.toFixed(3) ?? 'unknown'}.`;
  });
  return `Kept rate on an axis from 0 to 100% against the share of the reasoning that stays. ${sentences.join(' ')}`;
}
