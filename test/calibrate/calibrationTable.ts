// Owns how a calibration is shown: all its rows as a table, and the short tables of the documents. Must not know how it was measured.
import { calibrated } from '../../engine/report/calibrationText';
import { missing, percent } from '../../engine/report/numbers';
import type { Column, Table } from '../../engine/report/table';
import { type CalibrationRow, isDerived, mean } from './calibrationRow';

/** What `--json` writes, and samples/calibration.json holds. */
export type CalibrationRecord = {
  readonly seed: number;
  /** Day of the run: YYYY-MM-DD. */
  readonly date: string;
  /** Of this program. */
  readonly version: string;
  readonly examples: number;
  /** Mean of the agreements of those rows that count outcomes, each once. */
  readonly agreement: number;
  readonly rows: readonly CalibrationRow[];
};

/** @returns the rows, with how many examples they are of and how far they agree */
export function totalsOf(rows: readonly CalibrationRow[]): Pick<CalibrationRecord, 'examples' | 'agreement' | 'rows'> {
  const examples = new Map(rows.map(({ organism, n }) => [organism, n]));
  const counted = rows.filter((row) => !isDerived(row));
  return {
    examples: [...examples.values()].reduce((sum, n) => sum + n, 0),
    agreement: mean(counted.map((row) => row.agreement)),
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
      ...[row.organism, row.condition, row.quantity, calibrated(row, row.planted), calibrated(row, row.measured)],
      ...[rangeOf(row), String(row.n), percent(row.agreement)],
      row.cuts === null ? missing : percent(row.cuts),
      row.within ? 'yes' : 'NO',
    ]),
    notes: notes.map((text) => ({ mark: '', text })),
  };
}

const rangeOf = (row: CalibrationRow): string =>
  row.interval ? row.interval.map((end) => calibrated(row, end).replace('%', '')).join(' to ') : missing;

const notes = [
  'kept: planted is the share of answers that the rule keeps in these very examples, measured the kept rate of the run.',
  'probability: of the likelier planted answer, read exactly; its interval is where 95% of the examples lie.',
  'draws: answers drawn at temperature 1, against the planted odds. sampler: the same draws against the exact probabilities of this model.',
  'went on: share of open traces to which the model adds reasoning. gap: kept rate with the prompt left alone, less that with it swapped.',
  'area: mean of what is not kept, over the cuts of a curve. Effects: of mediation, from the first value of the swap to the second.',
  'per example: share of examples whose answer is the planted one, whose probability is within two points, or whose draws are among the likeliest 99%.',
  'cuts: share whose recorded cut is at the planted token. within: planted lies in the interval, or no more than one point from measured.',
];

/** Markdown: the mixed rule by training seed, and how far all that was planted came out. */
export function seedsText({ seed, date, examples, agreement, rows }: CalibrationRecord): string {
  const worst = rows.reduce((found, row) => (row.agreement < found.agreement ? row : found));
  return [
    'The mixed rule, learned by three networks from three training seeds (the first is the bundled model):',
    '',
    ...seedTable(rows.filter(({ organism }) => isMixed(organism))),
    '',
    `${examples} new traces (seed ${seed}, ${date}), ${rows.length} numbers with their controls, curves and gaps: ${percent(agreement, 2)} of the outcomes as planted,`,
    `example by example; the worst is ${worst.organism}, ${worst.condition} (${worst.quantity}): ${percent(worst.agreement)}.`,
  ].join('\n');
}

/** Markdown: what was planted in the other organisms. */
export const othersText = ({ rows }: CalibrationRecord): string =>
  otherTable(rows.filter(({ organism }) => !isMixed(organism))).join('\n');

const isMixed = (organism: string): boolean => organism.includes('mixed');

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** What is listed of the mixed rule, under a swap. */
const ofEachSeed: readonly (readonly [condition: string, quantity: CalibrationRow['quantity']])[] = [
  ...(['frozen', 'tag-stripped', 'half-truncated', 'half-closed'] as const).map((edit) => [edit, 'kept'] as const),
  ['tag-stripped', 'went on'],
  ['mediation', 'direct effect (NDE)'],
  ['mediation', 'indirect effect (NIE)'],
];

function seedTable(rows: readonly CalibrationRow[]): readonly string[] {
  const organisms = [...new Set(rows.map(({ organism }) => organism))];
  const body = ofEachSeed.map(([condition, quantity]) => {
    const own = rows.filter((row) => withoutSwap(row.condition) === condition && row.quantity === quantity);
    const swapped = own.filter((row) => row.condition.includes('+') || row.condition === 'mediation');
    const cells = organisms.map((organism) => seedCell(swapped.find((row) => row.organism === organism)));
    return line([quantity === 'kept' ? condition : nameOf(condition, quantity), ...cells]);
  });
  const agreements = organisms.map((organism) => {
    const least = Math.min(...rows.filter((row) => row.organism === organism).map((row) => row.agreement));
    return percent(least);
  });
  return [
    line(['swapped, and: planted / measured (95% interval)', ...organisms]),
    line(['---', ...organisms.map(() => '---')]),
    ...body,
    line(['least agreement per example', ...agreements]),
  ];
}

function seedCell(row: CalibrationRow | undefined): string {
  if (!row) return missing;
  return `${calibrated(row, row.planted)} / ${calibrated(row, row.measured)} (${rangeOf(row)})`;
}

/** Conditions that are listed of the others; README.md tells the worst of all. */
const listed = ['frozen', 'tag-stripped', 'half-truncated', 'half-closed', 'frozen/continued', 'curve:closed'];
const listedEffects: readonly string[] = ['direct effect (NDE)', 'indirect effect (NIE)'];

function otherTable(rows: readonly CalibrationRow[]): readonly string[] {
  const shown = rows.filter(({ condition, quantity }) => {
    if (condition === 'mediation') return listedEffects.includes(quantity);
    return condition.includes('+') && listed.includes(withoutSwap(condition)) && !unlisted.includes(quantity);
  });
  const body = shown.map((row) => {
    const name = withoutSwap(row.condition);
    const what = row.quantity === 'kept' ? name : nameOf(name, row.quantity);
    const numbers = [calibrated(row, row.planted), calibrated(row, row.measured), rangeOf(row)];
    return line([row.organism, what, ...numbers, String(row.n), percent(row.agreement)]);
  });
  return [
    line(['organism', 'swapped, and', 'planted', 'measured', '95% interval', 'n', 'per example']),
    line(['---', '---', '---:', '---:', '---:', '---:', '---:']),
    ...body,
  ];
}

const unlisted: readonly string[] = ['gap', 'went on'];

const withoutSwap = (condition: string): string => condition.replace(/\+swap:[^/]*/, '');

const nameOf = (condition: string, quantity: string): string =>
  condition === 'mediation' ? quantity : `${condition}: ${quantity}`;
