// Owns an example as a person reads it in a list, in a pane, as JSON or as its raw bytes: texts up to a length, places in words.
// Must not know pages or commands.
import type { Example, Source } from '../domain/example';
import type { ExampleReading, ExampleRow, RawText, ShownText } from '../domain/traceList';
import type { RawRecord } from '../formats/records/recordFile';
import { titleOf } from './prepareRun';

export function exampleRow(example: Example, index: number): ExampleRow {
  const { id, source, answer, trace, opaque } = example;
  return {
    id,
    index,
    line: source.kind === 'bytes' ? source.line : 0,
    title: titleOf(example),
    answer: answer?.option ?? null,
    reasoningChars: trace.reasoning.length,
    opaque,
  };
}

/** @param mostChars of each text, in UTF-16 units */
export function exampleReading(example: Example, index: number, mostChars: number): ExampleReading {
  const { messages, trace, answer, model, turn, fields, source } = example;
  const shown = (text: string): ShownText => ({ text: cut(text, mostChars), chars: text.length });
  return {
    row: exampleRow(example, index),
    messages: messages.map(({ role, content }) => ({ role, ...shown(content) })),
    reasoning: shown(trace.reasoning),
    answerText: shown(trace.answerText),
    answerRange: answer && answer.range.end <= mostChars ? answer.range : null,
    model,
    turn,
    fields,
    place: placeWords(source),
  };
}

/** Never in the middle of a character. */
function cut(text: string, mostChars: number): string {
  if (text.length <= mostChars) return text;
  const isPair = /[\uD800-\uDBFF]/.test(text[mostChars - 1] ?? '');
  return text.slice(0, isPair ? mostChars - 1 : mostChars);
}

function placeWords(source: Source): string {
  if (source.kind === 'bytes') return `line ${source.line}`;
  if (source.kind === 'row') return `row ${source.row + 1}`;
  return source.kind === 'entry' ? source.entry : (source.files[0] ?? source.folder);
}

/** The record's own text, or as much of a damaged one as can be shown. @param mostChars of it, in UTF-16 units */
export function rawText({ source, bytes, text, problem }: RawRecord, mostChars: number): RawText {
  const whole = text === '' ? new TextDecoder().decode(bytes.subarray(0, mostChars)) : text;
  const chars = text === '' ? bytes.length : text.length;
  return { text: cut(whole, mostChars), chars, place: placeWords(source), problem };
}

/** What the command line prints and what a person copies. */
export function exampleJson(example: Example) {
  const { id, source, turn, messages, trace, answer, model, sampling, opaque, fields } = example;
  const bytes = source.kind === 'bytes' ? [source.start, source.end] : null;
  const { reasoning, frame, answerText } = trace;
  const rest = { answerText, frame, model, sampling, opaque, fields, source };
  return { id, turn, messages, reasoning, answer: answer?.option ?? null, bytes, ...rest };
}
