// Owns the dose-response figure of a run as an SVG string: a panel per way to close the trace and prompt edit, two in a row, and a legend.
// Colors are CSS variables as in the forest plot; no style attributes, because a strict content security policy drops them.
import type { DoseCurve } from '../../domain/effect';
import { type CurvePair, closeTitle, curvePairs, curveTitle, editTitle } from '../curveTitles';
import { escapeHtml } from '../htmlEscape';
import { percent, percentRange } from '../numbers';
import type { Frame } from './axes';
import { dosePanel, lowestGap, type PanelFrames } from './dosePanel';
import { colors, marker } from './forestMarks';

export type DoseOptions = {
  /** Prefix of the ids inside; unique per figure of a page. */
  readonly idPrefix?: string;
};

const panelWidth = 400;
const plotLeft = 62;
const plotWidth = 310;
const rateTop = 34;
const rateHeight = 200;
const gapTop = rateTop + rateHeight + 44;
/** Of a quarter on the gap's axis. */
const gapQuarter = 22;
const axisRoom = 52;

/** An SVG element as a string; empty without curves. `curveNumbers` holds the same numbers for who cannot see it. */
export function doseResponse(curves: readonly DoseCurve[], { idPrefix = 'dose' }: DoseOptions = {}): string {
  const pairs = curvePairs(curves);
  if (pairs.length === 0) return '';
  const gaps = pairs.flatMap(({ edited }) => edited?.gaps ?? []);
  const lowest = lowestGap(gaps);
  const gapHeight = gaps.length > 0 ? gapQuarter * ((1 - lowest) / 0.25) : 0;
  const panelHeight = (gaps.length > 0 ? gapTop + gapHeight : rateTop + rateHeight) + axisRoom;
  const columns = Math.min(2, pairs.length);
  const width = Math.max(panelWidth * columns, 660);
  const height = Math.ceil(pairs.length / columns) * panelHeight + 36;
  const panels = pairs.map((pair, index) => {
    const at = { left: (index % columns) * panelWidth, top: Math.floor(index / columns) * panelHeight };
    const frames = framesAt(at, pair, { lowest, gapHeight });
    return titles(pair, at, frames) + dosePanel(pair, frames);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" class="dose-response" width="${width}" height="${height}" \
viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${idPrefix}-title ${idPrefix}-desc" \
font-family="system-ui, sans-serif" font-size="13" fill="${colors.ink}">
<title id="${idPrefix}-title">Kept rate by how much of the reasoning stays</title>
<desc id="${idPrefix}-desc">${escapeHtml(describe(curves))}</desc>
${panels.join('\n')}
${legend(pairs, 16, height - 16)}
</svg>`;
}

type Corner = { readonly left: number; readonly top: number };

function framesAt({ left, top }: Corner, pair: CurvePair, gap: { lowest: number; gapHeight: number }): PanelFrames {
  const across = { left: left + plotLeft, width: plotWidth };
  const rates: Frame = { ...across, top: top + rateTop, height: rateHeight, from: 0, to: 1 };
  const gaps: Frame = { ...across, top: top + gapTop, height: gap.gapHeight, from: gap.lowest, to: 1 };
  return { rates, gaps: pair.edited && pair.edited.gaps.length > 0 ? gaps : null };
}

function titles({ plain, edited }: CurvePair, { left }: Corner, { rates, gaps }: PanelFrames): string {
  const curve = plain ?? edited;
  if (!curve) return '';
  const meaning = curve.close === 'closed' ? 'must answer now' : 'may go on reasoning';
  const edit = edited ? ` · ${editTitle(edited)}` : '';
  const last = gaps ?? rates;
  const center = last.left + last.width / 2;
  return [
    `<text x="${left + plotLeft}" y="${rates.top - 14}" font-weight="600">${escapeHtml(closeTitle(curve))}<tspan font-weight="400" \
fill-opacity="0.8">: ${meaning}${escapeHtml(edit)}</tspan></text>`,
    sideTitle('answers kept', rates, left),
    ...(gaps ? [sideTitle('gap, points', gaps, left)] : []),
    `<text x="${center}" y="${last.top + last.height + 38}" text-anchor="middle" font-size="12">reasoning kept, share of its tokens</text>`,
  ].join('\n');
}

function sideTitle(text: string, frame: Frame, left: number): string {
  const [x, y] = [left + 16, frame.top + frame.height / 2];
  return `<text x="${x}" y="${y}" transform="rotate(-90 ${x} ${y})" text-anchor="middle" font-size="12">${text}</text>`;
}

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

/** What marks and lines mean; the shapes are those of the first panel. */
function legend(pairs: readonly CurvePair[], left: number, y: number): string {
  const close = (pairs[0]?.plain ?? pairs[0]?.edited)?.close ?? 'closed';
  const color = colors[close];
  const rule = (x: number, dashes: string): string =>
    `<path d="M${x} ${y}h26" stroke="${color}" stroke-width="2"${dashes}/>`;
  const items: readonly (readonly [draw: (x: number) => string, text: string, width: number])[] = [
    [(x) => rule(x, ' stroke-dasharray="5 4"') + marker({ x: x + 13, y }, close, false), 'prompt left alone', 152],
    [(x) => rule(x, '') + marker({ x: x + 13, y }, close, true), 'prompt edited', 132],
    [(x) => `<path d="M${x + 13} ${y - 8}v16" stroke="${color}" stroke-width="1.5"/>`, '95% interval', 122],
    [
      (x) => `<rect x="${x}" y="${y - 8}" width="26" height="16" fill="${color}" fill-opacity="0.14"/>`,
      'band over all cuts',
      152,
    ],
    [
      (x) => `<path d="M${x + 13} ${y - 5}l6 10h-12z" fill="none" stroke="${color}" stroke-width="1.5"/>`,
      'decided',
      80,
    ],
  ];
  let x = left;
  const drawn = items.map(([draw, text, width]) => {
    const at = x;
    x += width;
    return `${draw(at)}<text x="${at + 33}" y="${y + 4}">${text}</text>`;
  });
  return `<g font-size="12" aria-hidden="true">${drawn.join('')}</g>`;
}
