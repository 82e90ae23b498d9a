// Owns reading Parquet rows, one group of rows at a time. A row has no bytes of its own: its canonical JSON identifies it.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet';
import type { Source } from '../../domain/example';
import { throwIfCancelled, UserError } from '../../domain/failure';
import { canonicalJson } from '../../domain/ids';
import type { ScanOptions } from './content';
import type { RawRecord, RecordFile } from './recordFile';
import { unzstd } from './unpack';

/** Rows decoded at once; a row of traces is a few ten thousand characters. */
const batchSize = 256;

const compressors = {
  GZIP: (bytes: Uint8Array) => gunzipSync(bytes),
  BROTLI: (bytes: Uint8Array) => brotliDecompressSync(bytes),
  ZSTD: (bytes: Uint8Array) => unzstd(bytes),
};

type Table = { readonly path: string; readonly file: AsyncBuffer; readonly metadata: FileMetaData };

/** @throws UserError when the file is damaged */
export async function parquetRecords(path: string): Promise<RecordFile> {
  const table = await openTable(path);
  const rows = Number(table.metadata.num_rows);
  let batch: { readonly start: number; readonly records: readonly RawRecord[] } | null = null;
  return {
    unit: 'row',
    framing: 'values',
    async *scan(options: ScanOptions) {
      for (let start = 0; start < rows; start += batchSize) {
        throwIfCancelled(options.signal);
        yield* await readRows(table, start, Math.min(rows, start + batchSize));
        options.onBytes?.(Math.round((table.file.byteLength * Math.min(rows, start + batchSize)) / rows));
      }
    },
    async at(source: Source) {
      if (source.kind !== 'row' || source.row >= rows) throw new UserError(`${path}: there is no such row in it.`);
      const start = source.row - (source.row % batchSize);
      if (batch?.start !== start)
        batch = { start, records: await readRows(table, start, Math.min(rows, start + batchSize)) };
      return batch.records[source.row - start]!;
    },
  };
}

async function openTable(path: string): Promise<Table> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    checkColumns(metadata);
    return { path, file, metadata };
  } catch (error) {
    throw new UserError(
      `${path}: the Parquet file cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
}

/**
 * Every group of rows must hold the columns of the schema, in order: on others hyparquet throws while reads that it started still run, and
 * their failures would reach nobody.
 */
function checkColumns(metadata: FileMetaData): void {
  const wanted = leaves(parquetSchema(metadata)).join();
  for (const group of metadata.row_groups) {
    const found = group.columns.map((column) => column.meta_data?.path_in_schema.join('.')).join();
    if (found !== wanted) throw new Error('its columns are not those of its schema');
  }
}

const leaves = (node: SchemaTree): readonly string[] =>
  node.children.length === 0 ? [node.path.join('.')] : node.children.flatMap(leaves);

async function readRows(
  { path, file, metadata }: Table,
  rowStart: number,
  rowEnd: number,
): Promise<readonly RawRecord[]> {
  const place = (index: number): Source => ({ kind: 'row', file: path, row: rowStart + index });
  try {
    const rows = await parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors });
    return rows.map((row, index) => {
      const value = plain(row);
      const text = canonicalJson(value);
      return { source: place(index), line: rowStart + index + 1, bytes: Buffer.from(text), text, value, problem: null };
    });
  } catch (error) {
    const problem = `rows ${rowStart + 1} to ${rowEnd} cannot be read (${error instanceof Error ? error.message : String(error)})`;
    return [{ source: place(0), line: rowStart + 1, bytes: new Uint8Array(), text: '', value: undefined, problem }];
  }
}

/** Values as JSON would hold them: whole numbers beyond 53 bits and dates become text, bytes are left out. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
