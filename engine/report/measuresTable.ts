// Owns the measures of the literature as a table: a row per number, what it is of, its interval and count.
import type { MeasureResult, MeasureRow } from '../domain/effect';
import { count, missing } from './numbers';
import type { Note, Table } from './table';

const digits: Readonly<Record<MeasureRow['unit'], (value: number) => string>> = {
  share: (value) => `${signed((value * 100).toFixed(1))}%`,
  number: (value) => signed(value.toFixed(3)),
  nats: (value) => `${signed(value.toFixed(3))} nats`,
};

/** A hyphen is no minus, and −0.0 is 0. */
const signed = (text: string): string => (/^-[0.]+$/.test(text) ? text.slice(1) : text.replace('-', '−'));

/** `null` where the run has none. `most`: rows of one measure, where room is short; a note counts the others. */
export function measuresTable(
  measures: readonly MeasureResult[],
  most: number = Number.POSITIVE_INFINITY,
): Table | null {
  if (measures.length === 0) return null;
  const noted: Note[] = [];
  const left = measures
    .filter(({ rows }) => rows.length > most)
    .map(({ id, rows }) => `${count(rows.length - most)} of ${id}`);
  const rows = measures.flatMap((measure) =>
    measure.rows.slice(0, most).map((row, index) => {
      const mark = row.note === null ? '' : markFor(row.note, noted);
      return [index === 0 ? measure.id : '', row.label, ...cells(row), mark];
    }),
  );
  const leftNote =
    left.length > 0 ? [{ mark: '', text: `Left out for want of room: ${left.join(', ')}. The report has them.` }] : [];
  return {
    caption: 'Measures of the literature that this run has the conditions for',
    columns: [
      { id: 'measure', title: 'measure', align: 'left' },
      { id: 'measureOf', title: 'of', align: 'left' },
      { id: 'measureValue', title: 'value', align: 'right' },
      { id: 'measureInterval', title: '95% interval', align: 'right' },
      { id: 'measureMethod', title: 'method', align: 'left', dispensable: 1 },
      { id: 'measureN', title: 'n', align: 'right' },
      ...(noted.length > 0 ? [{ id: 'notes', title: 'notes', align: 'left' as const }] : []),
    ],
    rows: noted.length > 0 ? rows : rows.map((cellsOfRow) => cellsOfRow.slice(0, -1)),
    notes: [
      ...noted,
      ...leftNote,
      {
        mark: '',
        text: 'n counts examples. `counterthought explain MEASURE` has formula, source and pitfalls of each.',
      },
    ],
  };
}

function cells({ value, unit }: MeasureRow): readonly string[] {
  const show = digits[unit];
  const interval = value.interval
    ? value.interval.map((side) => show(side).replace(/ nats$|%$/, '')).join(' to ')
    : missing;
  return [value.rate === null ? missing : show(value.rate), interval, value.method, count(value.n)];
}

/** Equal notes share a mark: 1, 2, … */
function markFor(text: string, noted: Note[]): string {
  const known = noted.find((note) => note.text === text);
  if (known) return known.mark;
  const mark = String(noted.length + 1);
  noted.push({ mark, text });
  return mark;
}
