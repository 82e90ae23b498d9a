// Owns reading records that are byte ranges of a file: streamed once from start to end, or one by one at known offsets.
// Must not know how bytes are split into records, nor what they mean.
import type { Source } from '../../domain/example';
import { UserError } from '../../domain/failure';
import type { Content, ScanOptions } from './content';
import { decode, type Encoding } from './encoding';
import { indexLines } from './lineIndex';
import type { LineRecords, RawRecord, RecordFile } from './recordFile';
import { longestRecord, type Slice, type Splitter, tooLong } from './splitter';

const carriageReturn = 13;

export type ByteRecordsSpec = {
  readonly path: string;
  /** Offsets are in it: the file as it is, or what a packed one unpacks to. */
  readonly content: Content;
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
    close: () => spec.content.close(),
    async at(source: Source) {
      if (source.kind !== 'bytes') throw new UserError(`${spec.path}: this example is not at a byte range`);
      const { start, end } = source;
      const bytes = await spec.content.range(start, end);
      return toRecord(spec, { start: source.start, end: source.end, line: source.line, bytes, problem: null });
    },
  };
}

/** In UTF-16 the byte of a line feed is part of other characters too. */
const hasPlainLines = ({ byLine, encoding }: ByteRecordsSpec): boolean => byLine === true && encoding.unit === 1;

function lineRecords(spec: ByteRecordsSpec): LineRecords {
  const { path, content, encoding } = spec;
  return {
    index: (options) => indexLines(content, encoding.markLength, options),
    async at(index, line) {
      const range = index.range(line);
      if (!range) throw new UserError(`${path}: there is no line ${line}; the file has ${index.length} lines.`);
      const { start, end } = range;
      if (end - start > longestRecord)
        return toRecord(spec, { start, end, line, bytes: new Uint8Array(), problem: tooLong });
      const bytes = await content.range(start, end);
      const length = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
      return toRecord(spec, { start, end: start + length, line, bytes: bytes.subarray(0, length), problem: null });
    },
  };
}

async function* scan(spec: ByteRecordsSpec, options: ScanOptions): AsyncGenerator<RawRecord> {
  const splitter = spec.splitter();
  const { content, encoding } = spec;
  let line = 0;
  for await (const chunk of content.chunks(encoding.markLength, options)) {
    for (const slice of splitter.push(chunk)) {
      line = slice.line;
      yield toRecord(spec, slice);
    }
  }
  const damage = content.damage();
  const rest = splitter.end();
  for (const slice of rest) yield toRecord(spec, damage === null ? slice : { ...slice, problem: damagedFrom(damage) });
  if (damage === null || rest.length > 0) return;
  yield toRecord(spec, { start: 0, end: 0, line: line + 1, bytes: new Uint8Array(), problem: damagedFrom(damage) });
}

const damagedFrom = (damage: string): string => `the file is damaged from here on: ${damage}`;

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
