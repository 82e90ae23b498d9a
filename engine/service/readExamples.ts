// Owns reading examples again from where they stand in a file. Must not know how it was found out where they stand.
import type { Example, ReadAnswer, Source } from '../domain/example';
import { throwIfCancelled, UserError } from '../domain/failure';
import type { ExampleId } from '../domain/ids';
import type { Format, ReadTurn } from '../formats/format';
import type { RawRecord, RecordFile } from '../formats/records/recordFile';
import type { SurveyResult } from './answerSurvey';
import { turnHash, withOrdinal } from './exampleId';
import { matchOption } from './foldAnswer';
import { producerIds } from './producerIds';
import { readTurns } from './readTurns';
import type { TraceIndex } from './traceIndex';

export type FoundExamples = { readonly index: TraceIndex; readonly answer: SurveyResult };

export type ExamplePlaces = {
  readonly path: string;
  readonly records: RecordFile;
  readonly format: Format;
  /** Where examples are: at least so many from the start, or all if there are fewer. */
  readonly found: (least: number, signal?: AbortSignal) => Promise<FoundExamples>;
};

type Range = { readonly offset: number; readonly limit: number; readonly signal?: AbortSignal };

/** In the file's order. */
export async function* readExamples(file: ExamplePlaces, { offset, limit, signal }: Range): AsyncGenerator<Example> {
  let last: ReadRecord | null = null;
  for (let at = offset; at < offset + limit; at += 1) {
    throwIfCancelled(signal);
    const found = await file.found(at + 1, signal);
    if (at >= found.index.length) return;
    const entry = found.index.get(at);
    last = await readAgain(file, entry.source, last);
    const turn = last.turns.find((one) => one.turn === entry.turn);
    if (!turn) throw changed(file.path);
    const id = withOrdinal(turnHash(last.record.bytes, entry.turn), entry.ordinal);
    yield toExample(found.answer, last.record, { turn, id });
  }
}

type ReadRecord = { readonly key: string; readonly record: RawRecord; readonly turns: readonly ReadTurn[] };

/** Neighboring examples often share a record, which is then read once. */
async function readAgain(file: ExamplePlaces, source: Source, last: ReadRecord | null): Promise<ReadRecord> {
  const key = JSON.stringify(source);
  if (last?.key === key) return last;
  const record = await file.records.at(source);
  return { key, record, turns: turnsOrThrow(file, record) };
}

/**
 * The example where it was, else wherever in the file it is now: its id says what it is, lines move.
 * @param source `null`: nobody knows where
 * @throws UserError when the file holds it no more
 */
export async function exampleAt(file: ExamplePlaces, source: Source | null, id: ExampleId): Promise<Example> {
  const there = source && (await exampleFrom(file, source, id));
  if (there) return there;
  for await (const example of readExamples(file, { offset: 0, limit: Number.POSITIVE_INFINITY })) {
    if (example.id === id) return example;
  }
  throw gone(file.path);
}

/** `null` when something else stands there now. */
async function exampleFrom(file: ExamplePlaces, source: Source, id: ExampleId): Promise<Example | null> {
  const record = await file.records.at(source).catch((error: unknown) => {
    if (error instanceof UserError) return null;
    throw error;
  });
  const turns = record && readTurns(record, file.format);
  if (!record || !turns || 'problem' in turns) return null;
  const hash = id.replace(/-\d+$/, '');
  const turn = turns.find((one) => turnHash(record.bytes, one.turn) === hash);
  return turn ? toExample((await file.found(0)).answer, record, { turn, id }) : null;
}

const gone = (path: string): UserError =>
  new UserError(`${path}: the file was changed, and it holds this example no more: not one record has the same bytes.`);

const changed = (path: string): UserError =>
  new UserError(
    `${path}: the file was changed since it was opened, and this example is no longer where it was. Open it again.`,
  );

function turnsOrThrow(file: ExamplePlaces, record: RawRecord): readonly ReadTurn[] {
  const turns = readTurns(record, file.format);
  if ('problem' in turns) throw changed(file.path);
  return turns;
}

/** The answer of a turn, spelled as the file's option is that it equals. */
export function readAnswer({ reader, options }: SurveyResult, { trace }: ReadTurn): ReadAnswer | null {
  const read = reader.read(trace.answerText);
  return read && { option: matchOption(read.option, options) ?? read.option, range: read.range };
}

function toExample(
  answers: SurveyResult,
  record: RawRecord,
  found: { readonly turn: ReadTurn; readonly id: ExampleId },
): Example {
  const { turn, id } = found;
  const tokenIds = producerIds(record.value);
  return {
    id,
    source: record.source,
    turn: turn.turn,
    messages: turn.messages,
    trace: turn.trace,
    answer: readAnswer(answers, turn),
    model: turn.model,
    sampling: turn.sampling,
    opaque: turn.opaque,
    fields: turn.fields,
    ...(tokenIds ? { tokenIds } : {}),
  };
}
