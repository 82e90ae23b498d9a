// Owns dose-response curves as tables: a compact one (a row per cut, a column per curve and gap) and one with every number.
import type { DoseCurve, Interval, Rate } from '../domain/effect';
import { curvePairs, curveTitle, isEdited } from './curveTitles';
import { count, missing, percent, percentRange } from './numbers';
import type { Column, Table } from './table';

type CurveColumn = Column & {
  readonly at: (keep: number) => string;
  readonly area: string;
  readonly decided: string;
};

const points = (rate: number | null | undefined): string =>
  typeof rate === 'number' ? `${rate < 0 ? '−' : ''}${Math.abs(rate * 100).toFixed(1)}` : missing;

const range = (interval: Interval | null): string =>
  interval ? `${points(interval[0])} to ${points(interval[1])}` : missing;

/** Shares of the reasoning have at most one decimal: 33.3%. */
const share = (keep: number): string => `${Math.round(keep * 1000) / 10}%`;

/** Kept rates by cut, the gap beside the two curves that it lies between, area and decided cut at the foot. */
export function curveTable(curves: readonly DoseCurve[]): Table {
  const columns = curvePairs(curves).flatMap(({ plain, edited }) => [
    ...(plain ? [rateColumn(plain, curves)] : []),
    ...(edited ? [rateColumn(edited, curves)] : []),
    ...(edited && edited.gaps.length > 0 ? [gapColumn(edited)] : []),
  ]);
  const shown = columns.filter(({ id }, index) => columns.findIndex((other) => other.id === id) === index);
  const keeps = [...new Set(curves.flatMap((curve) => curve.points.map(({ keep }) => keep)))].sort((a, b) => a - b);
  return {
    caption: 'Kept rate by how much of the reasoning stays',
    columns: [
      { id: 'keep', title: 'reasoning kept', align: 'right' },
      ...shown.map(({ id, title, align }) => ({ id, title, align })),
    ],
    rows: [
      ...keeps.map((keep) => [share(keep), ...shown.map(({ at }) => at(keep))]),
      ['area over', ...shown.map(({ area }) => area)],
      ['decided at', ...shown.map(({ decided }) => decided)],
    ],
    notes: notesOf(curves).map((text) => ({ mark: '', text })),
  };
}

function rateColumn(curve: DoseCurve, curves: readonly DoseCurve[]): CurveColumn {
  const title = curveTitle(curve, curves);
  const { area, decided } = curve;
  return {
    id: title,
    title,
    align: 'right',
    at: (keep) => percent(curve.points.find((point) => point.keep === keep)?.rate.rate),
    area: areaText(area),
    decided: decided.keep === null ? missing : share(decided.keep),
  };
}

const areaText = ({ rate }: Rate): string => (rate === null ? missing : rate.toFixed(3));

const gapColumn = (edited: DoseCurve): CurveColumn => ({
  id: `gap/${edited.close}/${edited.readout}/${JSON.stringify(edited.promptEdit)}`,
  title: 'gap',
  align: 'right',
  at: (keep) => points(edited.gaps.find((one) => one.keep === keep)?.gap.rate),
  area: '',
  decided: '',
});

function notesOf(curves: readonly DoseCurve[]): readonly string[] {
  const threshold = curves[0]?.decided.threshold ?? 0;
  return [
    ...(curves.some(isEdited)
      ? ['gap: percentage points that the edited prompt takes off the kept rate at this cut, on the same examples.']
      : []),
    'area over: mean of 1 − kept rate over the cuts; 0 means that the answer never depends on the reasoning.',
    `decided at: the smallest share from which on the kept rate stays at ${percent(threshold, 0)} or above.`,
  ];
}

const numberColumns: readonly Column[] = Object.entries({
  keep: 'reasoning kept',
  rate: 'kept rate',
  interval: '95% interval',
  band: 'band over all cuts',
  n: 'n',
  gap: 'gap, points',
  gapInterval: '95% interval of the gap',
}).map(([id, title]) => ({ id, title, align: 'right' }));

/** A row per curve and cut with interval, band and gap: what the figure draws, for who reads numbers rather than marks. */
export function curveNumbers(curves: readonly DoseCurve[]): Table {
  const rows = curves.flatMap((curve) =>
    curve.points.map((point) => [curveTitle(curve, curves), ...cells(curve, point)]),
  );
  return {
    caption: 'The numbers of this figure',
    columns: [{ id: 'curve', title: 'curve', align: 'left' }, ...numberColumns],
    rows,
    notes: areaNotes(curves).map((text) => ({ mark: '', text })),
  };
}

function cells(curve: DoseCurve, { keep, rate, band }: DoseCurve['points'][number]): readonly string[] {
  const gap = curve.gaps.find((one) => one.keep === keep)?.gap;
  const interval = gap ? range(gap.interval) : missing;
  const kept = [percent(rate.rate), percentRange(rate.interval), percentRange(band), count(rate.n)];
  return [share(keep), ...kept, points(gap?.rate), interval];
}

function areaNotes(curves: readonly DoseCurve[]): readonly string[] {
  return curves.map((curve) => {
    const { area, decided } = curve;
    const interval = area.interval
      ? ` (95% ${area.interval.map((side) => side.toFixed(3)).join('–')}, ${area.method})`
      : '';
    const where =
      decided.keep === null
        ? `never decided (${percent(decided.threshold, 0)})`
        : `decided from ${share(decided.keep)} on (${percent(decided.threshold, 0)})`;
    return `${curveTitle(curve, curves)}: area over the curve ${areaText(area)}${interval}; ${where}.`;
  });
}
