// Owns one panel of the dose-response figure: kept rate against the share of the reasoning kept, with the prompt left alone and edited,
// and under it the gap between the two. Hollow marks and dashes: the prompt was left alone; filled marks and full lines: it was edited.
import type { Close } from '../../domain/condition';
import type { DoseCurve, GapPoint, Interval } from '../../domain/effect';
import { type CurvePair, isEdited } from '../curveTitles';
import { percent } from '../numbers';
import { type Frame, type Place, placeIn, shareAxis, verticalAxis } from './axes';
import { type Ink, round, type Shape } from './drawing';
import { marker } from './forestMarks';

/** With more cuts than this, marks would cover each other: the lines alone are drawn. */
const mostMarks = 26;

export type PanelFrames = { readonly rates: Frame; readonly gaps: Frame | null };

export function dosePanel({ plain, edited }: CurvePair, { rates, gaps }: PanelFrames): readonly Shape[] {
  const curves = [plain, edited].filter((curve) => curve !== null);
  const [first] = curves;
  if (!first) return [];
  return [
    ...verticalAxis(rates, [0, 0.25, 0.5, 0.75, 1], (value) => `${value * 100}%`),
    ...shareAxis(rates, gaps === null),
    threshold(first.decided.threshold, rates),
    ...curves.flatMap((curve) => band(curve, rates)),
    ...curves.flatMap((curve) => line(curve, rates)),
    ...curves.flatMap((curve) => decidedMark(curve, rates)),
    ...(gaps && edited ? gapPlot(edited.gaps, edited.close, gaps) : []),
  ];
}

/** The lowest gap to be drawn, on a quarter. */
export function lowestGap(gaps: readonly GapPoint[]): number {
  const lowest = Math.min(0, ...gaps.map(({ gap }) => gap.interval?.[0] ?? 0));
  return Math.floor(lowest / 0.25 + 1e-9) * 0.25;
}

function threshold(value: number, frame: Frame): Shape {
  const { x, y } = placeIn(frame, 0, value);
  return { kind: 'path', d: `M${x} ${y}h${frame.width}`, stroke: 'ink', strokeOpacity: 0.5, dashes: [1, 4] };
}

function band({ points, close }: DoseCurve, frame: Frame): readonly Shape[] {
  const sides = points.flatMap(({ keep, band: interval }) => (interval ? [{ keep, interval }] : []));
  if (sides.length < 2) return [];
  const upper = sides.map(({ keep, interval }) => placeIn(frame, keep, interval[1]));
  const lower = sides.map(({ keep, interval }) => placeIn(frame, keep, interval[0])).reverse();
  return [{ kind: 'path', d: `${path([...upper, ...lower])}z`, fill: close, fillOpacity: 0.14 }];
}

function line(curve: DoseCurve, frame: Frame): readonly Shape[] {
  const stroke = curve.close;
  const readable = curve.points.filter(({ rate }) => rate.rate !== null);
  const places = readable.map(({ keep, rate }) => placeIn(frame, keep, rate.rate ?? 0));
  const dashes = isEdited(curve) ? {} : ({ dashes: [5, 4] } as const);
  const drawn: Shape = { kind: 'path', d: path(places), stroke, strokeWidth: 2, ...dashes };
  if (places.length > mostMarks) return [drawn];
  const whiskers = readable.flatMap(({ keep, rate }) => whisker(keep, rate.interval, { frame, stroke }));
  const marks = places.map((place) => marker(place, curve.close, isEdited(curve)));
  return [drawn, ...whiskers, ...marks];
}

type Stroke = { readonly frame: Frame; readonly stroke: Ink };

function whisker(keep: number, interval: Interval | null, { frame, stroke }: Stroke): readonly Shape[] {
  if (!interval) return [];
  const [low, high] = interval.map((side) => placeIn(frame, keep, side));
  return [{ kind: 'path', d: `M${low?.x} ${low?.y}V${high?.y}`, stroke, strokeWidth: 1.5 }];
}

/** A triangle on the axis where the answer is decided. */
function decidedMark(curve: DoseCurve, frame: Frame): readonly Shape[] {
  if (curve.decided.keep === null) return [];
  const { x, y } = placeIn(frame, curve.decided.keep, frame.from);
  const fill = isEdited(curve) ? curve.close : 'paper';
  return [{ kind: 'path', d: `M${x} ${round(y + 7)}l6 10h-12z`, fill, stroke: curve.close, strokeWidth: 1.5 }];
}

function gapPlot(gaps: readonly GapPoint[], stroke: Close, frame: Frame): readonly Shape[] {
  const known = gaps.filter(({ gap }) => gap.rate !== null);
  const places = known.map(({ keep, gap }) => placeIn(frame, keep, gap.rate ?? 0));
  const steps = Math.round((frame.to - frame.from) / 0.25);
  const ticks = Array.from({ length: steps + 1 }, (_, step) => frame.from + step * 0.25);
  const label = (value: number): string =>
    value % 0.5 === 0 ? percent(value, 0).replace('%', '').replace('-', '−') : '';
  const dots = places.length > mostMarks ? [] : places;
  return [
    ...verticalAxis(frame, ticks, label),
    ...shareAxis(frame, true),
    ...area(known, frame, stroke),
    { kind: 'path', d: path(places), stroke, strokeWidth: 2 },
    ...known.flatMap(({ keep, gap }) => whisker(keep, gap.interval, { frame, stroke })),
    ...dots.map(({ x, y }): Shape => ({ kind: 'circle', x, y, r: 3.5, fill: stroke })),
  ];
}

function area(gaps: readonly GapPoint[], frame: Frame, fill: Ink): readonly Shape[] {
  if (gaps.length < 2) return [];
  const top = gaps.map(({ keep, gap }) => placeIn(frame, keep, gap.rate ?? 0));
  const ends = [gaps.at(-1)?.keep ?? 0, gaps[0]?.keep ?? 0].map((keep) => placeIn(frame, keep, 0));
  return [{ kind: 'path', d: `${path([...top, ...ends])}z`, fill, fillOpacity: 0.14 }];
}

const path = (places: readonly Place[]): string =>
  places.map(({ x, y }, index) => `${index ? 'L' : 'M'}${x} ${y}`).join('');
