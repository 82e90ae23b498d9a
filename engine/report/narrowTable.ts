// Owns what is left of a table where room is short: dispensable columns go, their notes with them, and a last note names them.
import type { Table } from './table';

/** The table itself if `fits`, else with columns taken out one by one until it does or none is dispensable. */
export function narrowTable(table: Table, fits: (table: Table) => boolean): Table {
  const order = table.columns
    .filter(({ dispensable }) => dispensable !== undefined)
    .sort((a, b) => (a.dispensable ?? 0) - (b.dispensable ?? 0));
  const left: string[] = [];
  let narrowed = table;
  while (!fits(narrowed) && left.length < order.length) {
    left.push(order[left.length]?.id ?? '');
    narrowed = without(table, new Set(left));
  }
  return narrowed;
}

function without({ caption, columns, rows, notes }: Table, left: ReadonlySet<string>): Table {
  const kept = columns.map(({ id }) => !left.has(id));
  const titles = columns.filter(({ id }) => left.has(id)).map(({ title }) => title);
  return {
    caption,
    columns: columns.filter((_, index) => kept[index]),
    rows: rows.map((row) => row.filter((_, index) => kept[index])),
    notes: [
      ...notes.filter(({ column }) => column === undefined || !left.has(column)),
      { mark: '', text: `Left out for want of room: ${titles.join(', ')}. The report has them.` },
    ],
  };
}
