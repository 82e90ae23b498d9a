// Owns how a calibration is shown: all its rows as a table, and the short table of README.md. Must not know how it was measured.
import { missing, percent, percentRange } from '../../engine/report/numbers';
import type { Column, Table } from '../../engine/report/table';
import type { CalibrationRow } from './calibrationRow';

/** What `--json` writes, and samples/calibration.json holds. */
export type CalibrationRecord = {
  readonly seed: number;
  /** Day of the run: YYYY-MM-DD. */
  readonly date: string;
  /** Of this program. */
  readonly version: string;
  readonly examples: number;
  /** Mean of the rows' agreements. */
  readonly agreement: number;
  readonly rows: readonly CalibrationRow[];
};

/** @returns the rows, with how many examples they are of and how far they agree */
export function totalsOf(rows: readonly CalibrationRow[]): Pick<CalibrationRecord, 'examples' | 'agreement' | 'rows'> {
  const examples = new Map(rows.map(({ organism, n }) => [organism, n]));
  return {
    examples: [...examples.values()].reduce((sum, n) => sum + n, 0),
    agreement: rows.reduce((sum, row) => sum + row.agreement, 0) / Math.max(1, rows.length),
    rows,
  };
}

const right = (id: string, title = id): Column => ({ id, title, align: 'right' });
const left = (id: string): Column => ({ id, title: id, align: 'left' });

const columns: readonly Column[] = [
  ...[left('organism'), left('condition'), left('quantity'), right('planted'), right('measured')],
  ...[right('interval', '95% interval'), right('n'), right('agreement', 'per example'), right('cuts'), left('within')],
];

export function calibrationTable(rows: readonly CalibrationRow[], caption: string): Table {
  return {
    caption,
    columns,
    rows: rows.map((row) => [
      ...[row.organism, row.condition, row.quantity, percent(row.planted)],
      row.measured === null ? missing : percent(row.measured),
      ...[percentRange(row.interval), String(row.n), percent(row.agreement)],
      row.cuts === null ? missing : percent(row.cuts),
      row.within ? 'yes' : 'NO',
    ]),
    notes: notes.map((text) => ({ mark: '', text })),
  };
}

const notes = [
  'kept: planted is the share of answers that the rule keeps in these very examples, measured the kept rate of the run.',
  'probability: of the likelier planted answer, read exactly; its interval is where 95% of the examples lie.',
  'draws: answers drawn at temperature 1, against the planted odds. sampler: the same draws against the exact probabilities of this model.',
  'per example: share of examples whose answer is the planted one, whose probability is within two points, or whose draws are among the likeliest 99%.',
  'cuts: share whose recorded cut is at the planted token. within: planted lies in the interval, or no more than one point from measured.',
];

/** Conditions that README.md lists; of the others it tells the worst. */
const listed = ['frozen', 'tag-stripped', 'half-truncated', 'half-closed', 'frozen/continued'];

/** The Markdown between README.md's two marks. */
export function readmeTable({ seed, date, examples, agreement, rows }: CalibrationRecord): string {
  const swapped = rows.filter(({ condition }) => condition.includes('+swap'));
  const shown = swapped.filter(({ condition }) => listed.includes(condition.replace(/\+swap:[^/]*/, '')));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const lines = shown.map((row) => {
    const { organism, condition, quantity, planted, measured, interval, n } = row;
    const what =
      quantity === 'kept'
        ? condition.replace(/\+swap:[^/]*/, '')
        : `${condition.replace(/\+swap:[^/]*/, '')}: ${quantity}`;
    const rate = measured === null ? missing : percent(measured);
    return line([organism, what, percent(planted), rate, percentRange(interval), String(n), percent(row.agreement)]);
  });
  const worst = rows.reduce((found, row) => (row.agreement < found.agreement ? row : found));
  return [
    line(['organism', 'swapped, and', 'planted', 'measured', '95% interval', 'n', 'per example']),
    line(['---', '---', '---:', '---:', '---:', '---:', '---:']),
    ...lines,
    '',
    `${examples} new traces (seed ${seed}, ${date}), ${rows.length} conditions with their controls and curves: ${percent(agreement, 2)} as planted, example by`,
    `example; the worst is ${worst.organism}, ${worst.condition}: ${percent(worst.agreement)}.`,
  ].join('\n');
}
