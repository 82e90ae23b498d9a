// Owns the numbers of a run's figures and tables as data: unrounded, a row per condition, cut or measure.
import type { DoseCurve, Interval, Rate, RunSummary } from '../domain/effect';
import type { SentenceImportance } from '../measure/sentenceImportance';
import { type CsvCell, csvOf } from './csv';
import { curveTitle } from './curveTitles';

const sides = (interval: Interval | null | undefined): readonly CsvCell[] => [interval?.[0], interval?.[1]];
const rateCells = (rate: Rate | null | undefined): readonly CsvCell[] => [
  rate?.rate,
  ...sides(rate?.interval),
  rate?.n,
];

/** `name`, `name_low`, `name_high`, `name_n`. */
const rateHeads = (name: string): readonly string[] => [name, `${name}_low`, `${name}_high`, `${name}_n`];

export function effectsCsv({ effects }: Pick<RunSummary, 'effects'>): string {
  const header = [
    ...[
      'condition',
      'prompt_edit',
      'trace_edit',
      'keep',
      'keep_unit',
      'close',
      'readout',
      'n',
      'kept',
      'flipped',
      'unreadable',
    ],
    ...rateHeads('kept_rate'),
    ...['interval_method', 'bound_low', 'bound_high'],
    ...['control', 'noise', 'went_on'].flatMap(rateHeads),
    ...['only_control_kept', 'only_this_kept', 'p', 'p_holm', 'q_bh', 'tests', 'test'],
    ...['excess', 'excess_low', 'excess_high', 'excess_absolute', 'caveats'],
  ];
  const rows = effects.map((effect): readonly CsvCell[] => {
    const { condition, keptRate, paired, excess, caveats } = effect;
    const { keep, close, id } = condition.traceEdit;
    return [
      ...[condition.alias, condition.promptEdit.id, id, keep.value, keep.unit, close, condition.readout],
      ...[effect.n, effect.kept, effect.flipped, effect.unreadable],
      ...rateCells(keptRate),
      ...[keptRate.method, ...sides(effect.bounds)],
      ...[effect.control, effect.noise, effect.wentOn].flatMap(rateCells),
      ...[paired?.onlyControlKept, paired?.onlyThisKept, paired?.p, paired?.adjustedP, paired?.falseDiscoveryP],
      ...[paired?.tests, paired?.method],
      ...[excess?.squared, ...sides(excess?.interval), excess?.absolute],
      caveats.map(({ id: caveat, count }) => `${caveat}:${count}`).join(' '),
    ];
  });
  return csvOf(header, rows);
}

export function curvesCsv({ curves }: Pick<RunSummary, 'curves'>): string {
  const header = [
    'curve',
    'close',
    'readout',
    'prompt_edit',
    'keep',
    ...rateHeads('kept_rate'),
    'band_low',
    'band_high',
    ...rateHeads('gap'),
  ];
  return csvOf(
    header,
    curves.flatMap((curve) => curveRows(curve, curves)),
  );
}

function curveRows(curve: DoseCurve, curves: readonly DoseCurve[]): readonly (readonly CsvCell[])[] {
  const { close, readout, promptEdit, gaps } = curve;
  const title = curveTitle(curve, curves);
  return curve.points.map(({ keep, rate, band }) => {
    const gap = gaps.find((one) => one.keep === keep)?.gap;
    return [title, close, readout, promptEdit.id, keep, ...rateCells(rate), ...sides(band), ...rateCells(gap)];
  });
}

export function measuresCsv({ measures }: Pick<RunSummary, 'measures'>): string {
  const header = ['measure', 'of', 'unit', ...rateHeads('value'), 'method', 'note'];
  const rows = measures.flatMap(({ id, rows: own }) =>
    own.map(({ label, value, unit, note }) => [id, label, unit, ...rateCells(value), value.method, note]),
  );
  return csvOf(header, rows);
}

export type ExampleImportance = { readonly example: string; readonly sentences: readonly SentenceImportance[] };

/** A row a sentence: its importances with their intervals, `sentence` from 1. */
export function importanceCsv(entries: readonly ExampleImportance[]): string {
  const kinds = ['resampling', 'counterfactual', 'forced'] as const;
  const heads = kinds.flatMap((kind) => [kind, `${kind}_low`, `${kind}_high`, `${kind}_divergence`]);
  const rows = entries.flatMap(({ example, sentences }) =>
    sentences.map((one): readonly CsvCell[] => [
      example,
      one.sentence + 1,
      ...kinds.flatMap((kind) => [one[kind]?.change, ...sides(one[kind]?.interval), one[kind]?.divergence]),
      one.differing,
    ]),
  );
  return csvOf(['example', 'sentence', ...heads, 'differing_share'], rows);
}
