// Owns opening a trace file: container and format by content, at once; then as much of it as somebody asks for. Examples come when the pass
// that parses the records has reached them, the summary when it has reached the end. Both passes run only while somebody waits for them.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { answerReader } from '../answers';
import type { Example, ReadAnswer, Source } from '../domain/example';
import { UserError } from '../domain/failure';
import type { FieldMapping } from '../domain/fieldMapping';
import { canonicalJson, type ExampleId } from '../domain/ids';
import { chooseFieldsFix, chooseFormat } from '../formats/chooseFormat';
import type { Format, ReadTurn } from '../formats/format';
import { fileContent } from '../formats/records/content';
import type { LineIndex } from '../formats/records/lineIndex';
import { openRecords } from '../formats/records/openRecords';
import type { RawRecord, RecordFile } from '../formats/records/recordFile';
import type { FileSummary, IndexProgress } from './contract';
import { type IndexCache, indexCache, type KeptIndex } from './indexCache';
import { type ExamplePlaces, exampleAt, type FoundExamples, readAnswer, readExamples } from './readExamples';
import type { ReadingPass } from './readingPass';
import { readTurns } from './readTurns';
import { SharedPass } from './sharedPass';

export type ReadOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IndexProgress) => void;
};

export type OpenOptions = ReadOptions & {
  /** Id of an answer reader, `pattern:REGEX`, or `auto` (the default): the one that reads most. */
  readonly answer?: string;
  /** Where the fields are, as somebody says; else as a mapping beside the file says, else as is found by content. */
  readonly mapping?: FieldMapping;
};

export type ExampleRange = { readonly offset: number; readonly limit: number; readonly signal?: AbortSignal };

/** A turn as it is met while the file is read through. */
export type ScannedTurn = {
  /** Its place among the file's examples. */
  readonly index: number;
  readonly turn: ReadTurn;
  readonly answer: ReadAnswer | null;
};

/** A file whose format is known, and not more yet. */
export type BegunFile = {
  readonly path: string;
  readonly size: number;
  readonly format: { readonly id: string; readonly title: string };
  readonly sha256: (signal?: AbortSignal) => Promise<string>;
  /**
   * In the file's order; reads on as far as it is asked. Ids and ordinals are final, because nothing is shown that the pass did not
   * reach. Which reader reads the answers is guessed from what was read so far until the whole file was.
   */
  readonly examples: (range?: ExampleRange) => AsyncIterable<Example>;
  /** The example at a place; UserError when the file changed. Its answer is read as in `examples`. */
  readonly at: (source: Source | null, id: ExampleId) => Promise<Example>;
  /** Every turn in the file's order, read once from start to end; answers are read as in `examples`. */
  readonly turns: (options?: ReadOptions) => AsyncIterable<ScannedTurn>;
  /** A record with its bytes, as they lie in the file (or in what a compressed file unpacks to). */
  readonly record: (source: Source) => Promise<RawRecord>;
  /** Where all lines are, before any is parsed; `null` where records are not lines. */
  readonly lines: (options?: ReadOptions) => Promise<LineIndex | null>;
  /**
   * The record on a line (from 1; of a table its row, of a ZIP its entry), damaged or not, or the one that is damaged there.
   * @throws UserError when there is none
   */
  readonly line: (line: number, options?: ReadOptions) => Promise<RawRecord>;
  /** What the first examples tell of the file, or all of them where it was read to its end. */
  readonly summarySoFar: (signal?: AbortSignal) => Promise<FileSummary>;
  /** Reads the file to its end. @throws UserError when there is nothing to re-run in it, with what it holds instead and the way out */
  readonly whole: (options?: ReadOptions) => Promise<TraceFile>;
  /** Lets go of the file on disk, unless somebody waits for something in it. */
  readonly close: () => void;
};

/** A file that was read to its end. */
export type TraceFile = Omit<BegunFile, 'whole' | 'turns' | 'record' | 'lines' | 'line' | 'summarySoFar' | 'close'> & {
  readonly summary: FileSummary;
};

/**
 * Opens a file (or a folder of traces) and reads all of it once.
 * @throws UserError when there is nothing to re-run in it, with what it holds instead and the way out
 */
export async function openTraceFile(path: string, options: OpenOptions = {}): Promise<TraceFile> {
  return (await beginTraceFile(path, options)).whole(options);
}

/** Enough examples, or bytes, to guess from how the answers are read. */
const examplesToGuess = 200;
const bytesToGuess = 2 * 1024 * 1024;

/** @throws UserError when the head of the file is that of no trace file */
export async function beginTraceFile(
  path: string,
  { answer = 'auto', mapping }: Pick<OpenOptions, 'answer' | 'mapping'> = {},
): Promise<BegunFile> {
  const { records, head, size } = await openRecords(path);
  const format = await chooseFormat(records, head, { path, ...(mapping ? { mapping } : {}) });
  const cache = await indexCache(path, size, mapping ? `${answer}\n${canonicalJson(mapping)}` : answer);
  const kept = (await cache?.load()) ?? null;
  const pass = new SharedPass({ path, size, records, format, answer });
  const known = kept?.summary.format === format.id ? fromKept(kept) : null;
  const file: OpenFile = { path, size, records, format, pass, cache, lines: null, known };
  return {
    ...common(file, foundSoFar(file)),
    turns: (reading) => scanTurns(file, reading ?? {}),
    record: (source) => records.at(source),
    lines: (reading) => linesOf(file, reading ?? {}),
    line: (line, reading) => recordOn(file, line, reading ?? {}),
    summarySoFar: async (signal) => file.known?.summary ?? (await readSome(file, 0, signal)).summarySoFar(),
    whole: (reading) => readWhole(file, reading ?? {}),
    close() {
      pass.close();
      records.close?.();
    },
  };
}

/** What is known once the file was read to its end. */
type Known = FoundExamples & { readonly summary: FileSummary };

function fromKept({ index, summary }: KeptIndex): Known {
  return { index, summary, answer: { ...summary.answer, reader: answerReader(summary.answer.reader) } };
}

type OpenFile = {
  readonly path: string;
  readonly size: number;
  readonly records: RecordFile;
  readonly format: Format;
  readonly pass: SharedPass;
  readonly cache: IndexCache | null;
  lines: LineIndex | null;
  known: Known | null;
};

function common(file: OpenFile, found: ExamplePlaces['found']): Omit<TraceFile, 'summary'> {
  const { path, size, records, format } = file;
  const places: ExamplePlaces = { path, records, format, found };
  return {
    path,
    size,
    format: { id: format.id, title: format.title },
    sha256: (signal) => hashFile(path, records, signal),
    examples: (range) => readExamples(places, range ?? { offset: 0, limit: Number.POSITIVE_INFINITY }),
    at: (source, id) => exampleAt(places, source, id),
  };
}

async function* scanTurns(file: OpenFile, { signal, onProgress }: ReadOptions): AsyncGenerator<ScannedTurn> {
  const { size: totalBytes, records, format } = file;
  const answers = (await foundSoFar(file)(0, signal)).answer;
  let index = 0;
  const onBytes = (bytes: number): void => onProgress?.({ bytes, totalBytes, examples: index });
  for await (const record of records.scan({ ...(signal ? { signal } : {}), onBytes })) {
    const turns = readTurns(record, format);
    if ('problem' in turns) continue;
    for (const turn of turns) {
      yield { index, turn, answer: readAnswer(answers, turn) };
      index += 1;
    }
  }
}

const foundSoFar =
  (file: OpenFile): ExamplePlaces['found'] =>
  async (least, signal) => {
    if (file.known) return file.known;
    const pass = await readSome(file, least, signal);
    return { index: pass.index, answer: pass.answer() };
  };

/** At least so many examples, and enough of them to guess from. */
function readSome(file: OpenFile, least: number, signal: AbortSignal | undefined): Promise<ReadingPass> {
  const isEnough = ({ index, recordBytes }: ReadingPass): boolean =>
    index.length >= least && (index.length >= examplesToGuess || recordBytes >= bytesToGuess);
  return file.pass.read(isEnough, signal ? { signal } : {});
}

async function readWhole(file: OpenFile, options: ReadOptions): Promise<TraceFile> {
  file.known ??= await readToEnd(file, options);
  const { known } = file;
  return { ...common(file, async () => known), summary: known.summary };
}

async function readToEnd(file: OpenFile, { signal, onProgress }: ReadOptions): Promise<Known> {
  let told = -1;
  const onStep = ({ bytes, index }: ReadingPass): void => {
    if (bytes !== told) onProgress?.({ bytes, totalBytes: file.size, examples: index.length });
    told = bytes;
  };
  const pass = await file.pass.read(() => false, { ...(signal ? { signal } : {}), onStep, inBackground: true });
  if (pass.index.length === 0) throw nothingToRun(file, pass);
  const known = { index: pass.index, answer: pass.answer(), summary: pass.summary() };
  await file.cache?.save(known);
  return known;
}

async function linesOf(file: OpenFile, { signal, onProgress }: ReadOptions): Promise<LineIndex | null> {
  const onBytes = (bytes: number): void => onProgress?.({ bytes, totalBytes: file.size, examples: 0 });
  file.lines ??= (await file.records.lines?.index({ ...(signal ? { signal } : {}), onBytes })) ?? null;
  return file.lines;
}

async function recordOn(file: OpenFile, line: number, options: ReadOptions): Promise<RawRecord> {
  const lines = await linesOf(file, options);
  if (lines && file.records.lines) return file.records.lines.at(lines, line);
  for await (const record of file.records.scan(options.signal ? { signal: options.signal } : {})) {
    if (record.line === line || record.damaged?.some((damage) => damage.line === line)) return record;
  }
  throw new UserError(`${file.path}: no record begins on line ${line}.`);
}

function nothingToRun({ path, format, records: file }: OpenFile, pass: ReadingPass): UserError {
  const { records, problems, withoutReasoning } = pass;
  const first = problems[0];
  if (first && withoutReasoning === 0) {
    return new UserError(`${path}: none of its ${records} records could be read. Line ${first.line}: ${first.reason}.`);
  }
  const bad = first ? ` ${problems.length} more could not be read (line ${first.line}: ${first.reason}).` : '';
  const noun = withoutReasoning === 1 ? 'record was' : 'records were';
  return new UserError(
    `${path}: ${withoutReasoning} ${noun} read as "${format.title}", but none has reasoning.${bad} Record the model's reasoning ` +
      'with its answer: in a field such as reasoning_content, or between tags such as <think></think>.',
    file.framing === 'values' ? chooseFieldsFix(path) : undefined,
  );
}

/** Of the file's bytes; of a folder, of the records' bytes in order. */
async function hashFile(path: string, records: RecordFile, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  const options = signal ? { signal } : {};
  if ((await stat(path)).isDirectory()) for await (const record of records.scan(options)) hash.update(record.bytes);
  else for await (const chunk of fileContent(path).chunks(0, options)) hash.update(chunk);
  return hash.digest('hex');
}
