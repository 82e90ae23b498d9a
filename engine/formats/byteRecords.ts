// Owns reading records that are byte ranges of a file: streamed once from start to end, or one by one at known offsets.
// Must not know how bytes are split into records, nor what they mean.
import { open } from 'node:fs/promises';
import type { Source } from '../domain/example';
import { throwIfCancelled, UserError } from '../domain/failure';
import { decode, type Encoding } from './encoding';
import { indexLines } from './lineIndex';
import type { LineRecords, RawRecord, RecordFile, ScanOptions } from './recordFile';
import { longestRecord, type Slice, type Splitter, tooLong } from './splitter';

const chunkSize = 1024 * 1024;
const carriageReturn = 13;

export type ByteRecordsSpec = {
  readonly path: string;
  /** What a compressed file unpacks to; offsets are then in it. `null`: the file is read as it is. */
  readonly unpacked: Uint8Array | null;
  readonly encoding: Encoding;
  readonly unit: string;
  readonly framing: 'values' | 'text';
  readonly splitter: () => Splitter;
  /** Whether every line that is not blank is a record. */
  readonly byLine?: boolean;
  /** @throws UserError when the text is no record */
  readonly parse: (text: string) => unknown;
  /** What of the text could not be parsed, where the rest stands; lines from 1. */
  readonly damaged?: (text: string) => RawRecord['damaged'];
};

export function byteRecords(spec: ByteRecordsSpec): RecordFile {
  return {
    unit: spec.unit,
    framing: spec.framing,
    scan: (options) => scan(spec, options),
    ...(hasPlainLines(spec) ? { lines: lineRecords(spec) } : {}),
    async at(source: Source) {
      if (source.kind !== 'bytes') throw new UserError(`${spec.path}: this example is not at a byte range`);
      const { start, end } = source;
      const bytes = spec.unpacked ? spec.unpacked.subarray(start, end) : await readRange(spec.path, start, end);
      return toRecord(spec, { start: source.start, end: source.end, line: source.line, bytes, problem: null });
    },
  };
}

/** In UTF-16 the byte of a line feed is part of other characters too. */
const hasPlainLines = ({ byLine, unpacked, encoding }: ByteRecordsSpec): boolean =>
  byLine === true && unpacked === null && encoding.unit === 1;

function lineRecords(spec: ByteRecordsSpec): LineRecords {
  const { path, encoding } = spec;
  return {
    index: (options) => indexLines(path, encoding.markLength, options),
    async at(index, line) {
      const range = index.range(line);
      if (!range) throw new UserError(`${path}: there is no line ${line}; the file has ${index.length} lines.`);
      const { start, end } = range;
      if (end - start > longestRecord)
        return toRecord(spec, { start, end, line, bytes: new Uint8Array(), problem: tooLong });
      const bytes = await readRange(path, start, end);
      const length = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
      return toRecord(spec, { start, end: start + length, line, bytes: bytes.subarray(0, length), problem: null });
    },
  };
}

async function* scan(spec: ByteRecordsSpec, options: ScanOptions): AsyncGenerator<RawRecord> {
  const splitter = spec.splitter();
  const { path, unpacked, encoding } = spec;
  const input = unpacked ? [unpacked.subarray(encoding.markLength)] : chunks(path, encoding.markLength, options);
  for await (const chunk of input) {
    for (const slice of splitter.push(chunk)) yield toRecord(spec, slice);
  }
  for (const slice of splitter.end()) yield toRecord(spec, slice);
}

/** The file's bytes from an offset, in buffers that nobody else writes to. */
export async function* chunks(path: string, start: number, options: ScanOptions): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    for (let position = start; ; ) {
      throwIfCancelled(options.signal);
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkSize), 0, chunkSize, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
      options.onBytes?.(position);
    }
  } finally {
    await file.close();
  }
}

async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length)
      throw new UserError(`${path}: the file became shorter since it was opened. Open it again.`);
    return bytes;
  } finally {
    await file.close();
  }
}

function toRecord(spec: ByteRecordsSpec, slice: Slice): RawRecord {
  const { start, end, line, bytes } = slice;
  const source: Source = { kind: 'bytes', file: spec.path, start, end, line };
  const bad = (problem: string): RawRecord => ({ source, line, bytes, text: '', value: undefined, problem });
  if (slice.problem !== null) return bad(slice.problem);
  try {
    const text = decode(bytes, spec.encoding);
    const damaged = spec.damaged?.(text);
    return { source, line, bytes, text, value: spec.parse(text), problem: null, ...(damaged ? { damaged } : {}) };
  } catch (error) {
    if (error instanceof UserError) return bad(error.message);
    throw error;
  }
}
