// Owns an item as one flat row with the same columns in every table: what was asked, what was kept and written, and what came of it.
// `reasoning` is the only column whose name means reasoning, so that any reader finds it. Must not know how rows are written.
import { UserError } from '../domain/failure';
import type { ExportItem } from './export';
import { wholeTurn } from './wholeTurn';

export type Cell = string | number | boolean | null;

/** `json`: a text that holds JSON. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'json';

type Column = {
  readonly name: string;
  readonly type: ColumnType;
  readonly value: (item: ExportItem) => unknown;
};

const text = (name: string, value: Column['value']): Column => ({ name, type: 'text', value });
const number = (name: string, value: Column['value']): Column => ({ name, type: 'number', value });
const json = (name: string, value: Column['value']): Column => ({ name, type: 'json', value });

const columns: readonly Column[] = [
  text('run', ({ outcome }) => outcome?.run),
  text('manifest_sha256', ({ outcome }) => outcome?.manifestSha256),
  text('example', ({ example }) => example.id),
  text('file', ({ example: { source } }) => (source.kind === 'files' ? source.folder : source.file)),
  number('line', ({ example: { source } }) => (source.kind === 'bytes' ? source.line : null)),
  number('turn', ({ example }) => example.turn),
  text('condition', ({ outcome }) => outcome?.condition.alias),
  text('condition_id', ({ outcome }) => outcome?.condition.id),
  text('prompt_edit', ({ outcome }) => outcome?.condition.promptEdit.id),
  text('trace_edit', ({ outcome }) => outcome?.condition.traceEdit.id),
  text('close', ({ outcome }) => outcome?.condition.traceEdit.close),
  text('readout', ({ outcome }) => outcome?.condition.readout),
  number('kept_tokens', ({ outcome }) => outcome?.cut?.k),
  number('trace_tokens', ({ outcome }) => outcome?.cut?.n),
  number('sample', ({ outcome }) => outcome?.result.sample),
  text('model', ({ model }) => model),
  text('producer', ({ example }) => example.model),
  json('prompt', ({ messages }) => messages),
  text('reasoning', ({ trace }) => trace.reasoning),
  text('answer_text', ({ trace }) => trace.answerText),
  text('recorded_answer', ({ example, outcome }) => outcome?.recorded ?? example.answer?.option),
  text('option', ({ answer }) => answer),
  { name: 'kept', type: 'boolean', value: isKept },
  text('unreadable', ({ outcome }) =>
    outcome?.result.outcome.kind === 'unreadable' ? outcome.result.outcome.reason : null,
  ),
  json('probabilities', probabilities),
  text('kept_text', ({ outcome }) => outcome?.kept),
  text('continuation', ({ outcome }) => outcome?.result.text),
  number('tokens', ({ outcome }) => outcome?.result.tokens),
  text('finish', ({ outcome }) => outcome?.result.finish),
  { name: 'went_on', type: 'boolean', value: ({ outcome }) => outcome?.result.wentOn },
  number('min_margin', ({ outcome }) => outcome?.result.minMargin),
  json('caveats', ({ outcome }) => outcome?.caveats),
  text('sampling', ({ example }) => example.sampling),
  text('opaque', ({ example }) => example.opaque),
  text('recorded_turn', ({ example }) => wholeTurn(example.trace)),
  json('fields', ({ example }) => example.fields),
];

export const exportColumns: readonly { readonly name: string; readonly type: ColumnType }[] = columns;

/** `null` where nothing could be read. */
function isKept({ answer, outcome }: ExportItem): boolean | null {
  return outcome === null || answer === null ? null : answer === outcome.recorded;
}

function probabilities({ outcome }: ExportItem): Readonly<Record<string, number>> | null {
  const { options, result } = outcome ?? {};
  if (!result?.probabilities || !options) return null;
  return Object.fromEntries(options.map((option, index) => [option, result.probabilities?.[index] ?? 0]));
}

/** The row with its structure. */
export const exportRecord = (item: ExportItem): Readonly<Record<string, unknown>> =>
  Object.fromEntries(columns.map(({ name, value }) => [name, value(item) ?? null]));

/** The row as cells: structured columns as JSON. */
export const exportCells = (item: ExportItem): readonly Cell[] =>
  columns.map(({ type, value }) => {
    const cell = value(item) ?? null;
    return type === 'json' && cell !== null ? JSON.stringify(cell) : (cell as Cell);
  });

/** With the u flag only half characters are of this range. */
const loneSurrogate = /[\ud800-\udfff]/u;

/** The cells for a file of UTF-8, in which half a character has no place. @throws UserError that names the way out */
export function encodableCells(item: ExportItem): readonly Cell[] {
  const cells = exportCells(item);
  if (cells.some((cell) => typeof cell === 'string' && loneSurrogate.test(cell)))
    throw new UserError(
      `${item.example.id}: a text has half a character (a lone surrogate), which only JSON can hold. Export to jsonl.`,
    );
  return cells;
}
