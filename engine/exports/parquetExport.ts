// Owns writing items as Parquet, a group of rows at a time.
import { rename, rm } from 'node:fs/promises';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { ExportFormat, ExportItem } from './export';
import { type ColumnType, encodableCells, exportColumns } from './exportRow';

const rowsAtOnce = 500;
const types = { text: 'STRING', json: 'STRING', number: 'DOUBLE', boolean: 'BOOLEAN' } as const satisfies Readonly<
  Record<ColumnType, string>
>;

export const parquetExport: ExportFormat = {
  id: 'parquet',
  title: 'Parquet',
  about: 'The columns of the CSV, typed and compressed.',
  extension: '.parquet',
  async write({ items, out }) {
    const partial = `${out}.partial`;
    const counted = { count: 0 };
    const columns = exportColumns.map(({ name, type }) => ({ name, type: types[type], nullable: true }));
    try {
      const writer = fileWriter(partial);
      await parquetWriteRows({ writer, columns, rows: rowsOf(items, counted), rowGroupSize: rowsAtOnce });
      await rename(partial, out);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    return counted.count;
  },
};

async function* rowsOf(
  items: AsyncIterable<ExportItem>,
  counted: { count: number },
): AsyncGenerator<Record<string, unknown>> {
  for await (const item of items) {
    counted.count += 1;
    const cells = encodableCells(item);
    yield Object.fromEntries(exportColumns.map(({ name }, index) => [name, cells[index] ?? null]));
  }
}
