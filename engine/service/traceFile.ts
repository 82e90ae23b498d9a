// Owns opening a trace file: container and format by content, one streaming pass that indexes and sums up, then examples on demand.
// Memory does not grow with the file beyond a few numbers an example.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Example, Source } from '../domain/example';
import { throwIfCancelled, UserError } from '../domain/failure';
import type { ExampleId } from '../domain/ids';
import { chunks } from '../formats/byteRecords';
import { chooseFormat } from '../formats/chooseFormat';
import type { Format, ReadTurn } from '../formats/format';
import { openRecords } from '../formats/openRecords';
import type { RawRecord, RecordFile } from '../formats/recordFile';
import { AnswerSurvey, type SurveyResult } from './answerSurvey';
import { isBundledProducer } from './bundledProducer';
import type { FileProblem, FileSummary, IndexProgress } from './contract';
import { Ordinals, turnHash, withOrdinal } from './exampleId';
import { foldAnswer } from './foldAnswer';
import { SwapSurvey } from './suggestSwaps';
import { TraceIndex } from './traceIndex';

export type OpenOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IndexProgress) => void;
  /** Id of an answer reader, `pattern:REGEX`, or `auto` (the default): the one that reads most. */
  readonly answer?: string;
};

export type TraceFile = {
  readonly path: string;
  readonly size: number;
  readonly format: { readonly id: string; readonly title: string };
  readonly sha256: (signal?: AbortSignal) => Promise<string>;
  readonly summary: FileSummary;
  /** In the file's order. */
  readonly examples: (range?: { readonly offset: number; readonly limit: number }) => AsyncIterable<Example>;
  /** The example at a place; UserError when the file changed. */
  readonly at: (source: Source, id: ExampleId) => Promise<Example>;
};

type Indexed = {
  readonly index: TraceIndex;
  readonly problems: FileProblem[];
  readonly models: Set<string>;
  withoutReasoning: number;
  records: number;
  opaque: number;
  bundled: boolean;
};

/** A problem list is for people; beyond this, more of the same do not help. */
const mostProblems = 1000;

/**
 * Opens a file (or a folder of traces) and reads all of it once.
 * @throws UserError when there is nothing to re-run in it, with what it holds instead and the way out
 */
export async function openTraceFile(path: string, options: OpenOptions = {}): Promise<TraceFile> {
  const { records, head, size } = await openRecords(path);
  const format = await chooseFormat(records, head, path);
  const survey = new AnswerSurvey(options.answer ?? 'auto');
  const swaps = new SwapSurvey();
  const indexed = await indexFile({ path, size, records, format, options }, (turn) => {
    survey.add(turn.trace.answerText, turn.statedAnswer);
    swaps.add(turn.messages);
  });
  if (indexed.index.length === 0) throw nothingToRun(path, format, indexed);
  const answer = survey.result();
  const summary = summarize({ path, size, format, indexed, answer, swaps });
  const opened: Opened = { path, records, format, answer, index: indexed.index };
  return {
    path,
    size,
    format: { id: format.id, title: format.title },
    sha256: (signal) => hashFile(path, records, signal),
    summary,
    examples: (range) => readExamples(opened, range ?? { offset: 0, limit: Number.POSITIVE_INFINITY }),
    at: (source, id) => exampleAt(opened, source, id),
  };
}

type Opened = {
  readonly path: string;
  readonly records: RecordFile;
  readonly format: Format;
  readonly answer: SurveyResult;
  readonly index: TraceIndex;
};

type IndexJob = {
  readonly path: string;
  readonly size: number;
  readonly records: RecordFile;
  readonly format: Format;
  readonly options: OpenOptions;
};

async function indexFile(job: IndexJob, onTurn: (turn: ReadTurn) => void): Promise<Indexed> {
  const { path, size, records, format, options } = job;
  const index = new TraceIndex(path);
  const indexed: Indexed = {
    index,
    problems: [],
    models: new Set(),
    withoutReasoning: 0,
    records: 0,
    opaque: 0,
    bundled: true,
  };
  const ordinals = new Ordinals();
  const onBytes = (bytes: number): void => options.onProgress?.({ bytes, totalBytes: size, examples: index.length });
  for await (const record of records.scan({ ...(options.signal ? { signal: options.signal } : {}), onBytes })) {
    throwIfCancelled(options.signal);
    indexed.records += 1;
    indexed.problems.push(...(record.damaged ?? []).slice(0, mostProblems - indexed.problems.length));
    const turns = readTurns(record, format);
    if ('problem' in turns) {
      if (indexed.problems.length < mostProblems) indexed.problems.push({ line: record.line, reason: turns.problem });
      continue;
    }
    if (turns.length === 0) indexed.withoutReasoning += 1;
    for (const turn of turns) {
      index.add({ source: record.source, turn: turn.turn, ordinal: ordinals.next(turnHash(record.bytes, turn.turn)) });
      if (turn.model !== null) indexed.models.add(turn.model);
      if (turn.opaque !== null) indexed.opaque += 1;
      indexed.bundled &&= isBundledProducer(turn);
      onTurn(turn);
    }
  }
  return indexed;
}

function readTurns(record: RawRecord, format: Format): readonly ReadTurn[] | { readonly problem: string } {
  if (record.problem !== null) return { problem: record.problem };
  try {
    return format.read(record.value, record.text);
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message };
    throw error;
  }
}

function nothingToRun(path: string, format: Format, indexed: Indexed): UserError {
  const { records, problems, withoutReasoning } = indexed;
  const first = problems[0];
  if (first && withoutReasoning === 0) {
    return new UserError(`${path}: none of its ${records} records could be read. Line ${first.line}: ${first.reason}.`);
  }
  const bad = first ? ` ${problems.length} more could not be read (line ${first.line}: ${first.reason}).` : '';
  const noun = withoutReasoning === 1 ? 'record was' : 'records were';
  return new UserError(
    `${path}: ${withoutReasoning} ${noun} read as "${format.title}", but none has reasoning.${bad} Record the model's reasoning ` +
      'with its answer: in a field such as reasoning_content, or between tags such as <think></think>.',
  );
}

type SummaryParts = {
  readonly path: string;
  readonly size: number;
  readonly format: Format;
  readonly indexed: Indexed;
  readonly answer: SurveyResult;
  readonly swaps: SwapSurvey;
};

function summarize({ path, size, format, indexed, answer, swaps }: SummaryParts): FileSummary {
  return {
    file: path,
    format: format.id,
    formatTitle: format.title,
    size,
    examples: indexed.index.length,
    problems: indexed.problems,
    withoutReasoning: indexed.withoutReasoning,
    opaque: indexed.opaque,
    models: [...indexed.models],
    answer: { reader: answer.reader.id, read: answer.read, options: answer.options },
    swaps: swaps.suggestions(),
    bundledProducer: indexed.bundled,
  };
}

async function* readExamples(
  file: Opened,
  range: { readonly offset: number; readonly limit: number },
): AsyncGenerator<Example> {
  const end = Math.min(file.index.length, range.offset + range.limit);
  let last: ReadRecord | null = null;
  for (let at = range.offset; at < end; at += 1) {
    const entry = file.index.get(at);
    last = await readAgain(file, entry.source, last);
    const turn = last.turns.find((one) => one.turn === entry.turn);
    if (!turn) throw changed(file.path);
    yield toExample(file, last.record, {
      turn,
      id: withOrdinal(turnHash(last.record.bytes, entry.turn), entry.ordinal),
    });
  }
}

type ReadRecord = { readonly key: string; readonly record: RawRecord; readonly turns: readonly ReadTurn[] };

/** Neighboring examples often share a record, which is then read once. */
async function readAgain(file: Opened, source: Source, last: ReadRecord | null): Promise<ReadRecord> {
  const key = JSON.stringify(source);
  if (last?.key === key) return last;
  const record = await file.records.at(source);
  return { key, record, turns: turnsOrThrow(file, record) };
}

async function exampleAt(file: Opened, source: Source, id: ExampleId): Promise<Example> {
  const record = await file.records.at(source);
  const hash = id.replace(/-\d+$/, '');
  const turn = turnsOrThrow(file, record).find((one) => turnHash(record.bytes, one.turn) === hash);
  if (!turn) throw changed(file.path);
  return toExample(file, record, { turn, id });
}

const changed = (path: string): UserError =>
  new UserError(
    `${path}: the file was changed since it was opened, and this example is no longer where it was. Open it again.`,
  );

function turnsOrThrow(file: Opened, record: RawRecord): readonly ReadTurn[] {
  const turns = readTurns(record, file.format);
  if ('problem' in turns) throw changed(file.path);
  return turns;
}

function toExample(
  file: Opened,
  record: RawRecord,
  found: { readonly turn: ReadTurn; readonly id: ExampleId },
): Example {
  const { turn, id } = found;
  const read = file.answer.reader.read(turn.trace.answerText);
  const option =
    read && (file.answer.options.find((one) => foldAnswer(one) === foldAnswer(read.option)) ?? read.option);
  return {
    id,
    source: record.source,
    turn: turn.turn,
    messages: turn.messages,
    trace: turn.trace,
    answer: read && option !== null ? { option, range: read.range } : null,
    model: turn.model,
    sampling: turn.sampling,
    opaque: turn.opaque,
    fields: turn.fields,
  };
}

/** Of the file's bytes; of a folder, of the records' bytes in order. */
async function hashFile(path: string, records: RecordFile, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  const options = signal ? { signal } : {};
  if ((await stat(path)).isDirectory()) for await (const record of records.scan(options)) hash.update(record.bytes);
  else for await (const chunk of chunks(path, 0, options)) hash.update(chunk);
  return hash.digest('hex');
}
