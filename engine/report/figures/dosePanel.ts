// Owns one panel of the dose-response figure: kept rate against the share of the reasoning kept, with the prompt left alone and edited,
// and under it the gap between the two. Hollow marks and dashes: the prompt was left alone; filled marks and full lines: it was edited.
import type { Close } from '../../domain/condition';
import type { DoseCurve, GapPoint, Interval } from '../../domain/effect';
import { type CurvePair, isEdited } from '../curveTitles';
import { percent } from '../numbers';
import { type Frame, type Place, placeIn, round, shareAxis, verticalAxis } from './axes';
import { colors, marker } from './forestMarks';

/** With more cuts than this, marks would cover each other: the lines alone are drawn. */
const mostMarks = 26;

export type PanelFrames = { readonly rates: Frame; readonly gaps: Frame | null };

export function dosePanel({ plain, edited }: CurvePair, { rates, gaps }: PanelFrames): string {
  const curves = [plain, edited].filter((curve) => curve !== null);
  const [first] = curves;
  if (!first) return '';
  const parts = [
    verticalAxis(rates, [0, 0.25, 0.5, 0.75, 1], (value) => `${value * 100}%`),
    shareAxis(rates, gaps === null),
    threshold(first.decided.threshold, rates),
    ...curves.map((curve) => band(curve, rates)),
    ...curves.map((curve) => line(curve, rates)),
    ...curves.map((curve) => decidedMark(curve, rates)),
  ];
  if (gaps && edited) parts.push(gapPlot(edited.gaps, edited.close, gaps));
  return `<g>${parts.join('\n')}</g>`;
}

/** The lowest gap to be drawn, on a quarter. */
export function lowestGap(gaps: readonly GapPoint[]): number {
  const lowest = Math.min(0, ...gaps.map(({ gap }) => gap.interval?.[0] ?? 0));
  return Math.floor(lowest / 0.25 + 1e-9) * 0.25;
}

function threshold(value: number, frame: Frame): string {
  const { x, y } = placeIn(frame, 0, value);
  return `<path d="M${x} ${y}h${frame.width}" stroke="${colors.ink}" stroke-opacity="0.5" stroke-dasharray="1 4"/>`;
}

function band({ points, close }: DoseCurve, frame: Frame): string {
  const sides = points.flatMap(({ keep, band: interval }) => (interval ? [{ keep, interval }] : []));
  if (sides.length < 2) return '';
  const upper = sides.map(({ keep, interval }) => placeIn(frame, keep, interval[1]));
  const lower = sides.map(({ keep, interval }) => placeIn(frame, keep, interval[0])).reverse();
  return `<path d="${path([...upper, ...lower])}z" fill="${colors[close]}" fill-opacity="0.14"/>`;
}

function line(curve: DoseCurve, frame: Frame): string {
  const color = colors[curve.close];
  const readable = curve.points.filter(({ rate }) => rate.rate !== null);
  const places = readable.map(({ keep, rate }) => placeIn(frame, keep, rate.rate ?? 0));
  const dashes = isEdited(curve) ? '' : ' stroke-dasharray="5 4"';
  const drawn = `<path d="${path(places)}" stroke="${color}" stroke-width="2" fill="none"${dashes}/>`;
  if (places.length > mostMarks) return drawn;
  const whiskers = readable.map(({ keep, rate }) => whisker(keep, rate.interval, { frame, color }));
  const marks = places.map((place) => marker(place, curve.close, isEdited(curve)));
  return [drawn, ...whiskers, ...marks].join('');
}

type Look = { readonly frame: Frame; readonly color: string };

function whisker(keep: number, interval: Interval | null, { frame, color }: Look): string {
  if (!interval) return '';
  const [low, high] = interval.map((side) => placeIn(frame, keep, side));
  return `<path d="M${low?.x} ${low?.y}V${high?.y}" stroke="${color}" stroke-width="1.5" fill="none"/>`;
}

/** A triangle on the axis where the answer is decided. */
function decidedMark(curve: DoseCurve, frame: Frame): string {
  if (curve.decided.keep === null) return '';
  const { x, y } = placeIn(frame, curve.decided.keep, frame.from);
  const fill = isEdited(curve) ? colors[curve.close] : colors.paper;
  return `<path d="M${x} ${round(y + 7)}l6 10h-12z" fill="${fill}" stroke="${colors[curve.close]}" stroke-width="1.5"/>`;
}

function gapPlot(gaps: readonly GapPoint[], close: Close, frame: Frame): string {
  const known = gaps.filter(({ gap }) => gap.rate !== null);
  const places = known.map(({ keep, gap }) => placeIn(frame, keep, gap.rate ?? 0));
  const color = colors[close];
  const steps = Math.round((frame.to - frame.from) / 0.25);
  const ticks = Array.from({ length: steps + 1 }, (_, step) => frame.from + step * 0.25);
  const label = (value: number): string =>
    value % 0.5 === 0 ? percent(value, 0).replace('%', '').replace('-', '−') : '';
  return [
    verticalAxis(frame, ticks, label),
    shareAxis(frame, true),
    area(known, frame, color),
    `<path d="${path(places)}" stroke="${color}" stroke-width="2" fill="none"/>`,
    ...known.map(({ keep, gap }) => whisker(keep, gap.interval, { frame, color })),
    ...(places.length > mostMarks
      ? []
      : places.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${color}"/>`)),
  ].join('\n');
}

function area(gaps: readonly GapPoint[], frame: Frame, color: string): string {
  if (gaps.length < 2) return '';
  const top = gaps.map(({ keep, gap }) => placeIn(frame, keep, gap.rate ?? 0));
  const ends = [gaps.at(-1)?.keep ?? 0, gaps[0]?.keep ?? 0].map((keep) => placeIn(frame, keep, 0));
  return `<path d="${path([...top, ...ends])}z" fill="${color}" fill-opacity="0.14"/>`;
}

const path = (places: readonly Place[]): string =>
  places.map(({ x, y }, index) => `${index ? 'L' : 'M'}${x} ${y}`).join('');
