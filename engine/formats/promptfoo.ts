// Owns promptfoo's results, one a line or all in one document. Its output glues the reasoning in front of the answer
// ("Thinking: …\n\nanswer") and keeps no border; the tokens that it counted for the reasoning say about where it is.
import type { Trace } from '../domain/trace';
import type { Format, ReadTurn } from './format';
import { asTurns, readMessages, tracesIn } from './parts/conversation';
import { readMessage } from './parts/message';
import { messagesInText } from './parts/promptText';
import { at, isObject, member, shortFields, text } from './parts/shape';

const glue = 'Thinking: ';

export const promptfoo: Format = {
  id: 'promptfoo',
  title: 'promptfoo results',
  framing: 'values',
  recognizes: (record) => (resultsIn(record).length > 0 ? 90 : 0),
  read: (record) =>
    resultsIn(record)
      .flatMap(resultTurns)
      .map((turn, index) => ({ ...turn, turn: index })),
};

/** The table that promptfoo writes: variables, then a column `[provider] prompt` for each, then what was judged. */
const outputColumn = /^\[([^\]]+)\] ([\s\S]*)$/;

function tableResults(record: unknown): readonly unknown[] {
  const isTable = isObject(record) && ['Status', 'Score'].every((name) => Object.hasOwn(record, name));
  if (!isTable) return [];
  const columns = Object.entries(record);
  const outputs = columns.filter(([name]) => outputColumn.test(name));
  const firstOutput = columns.findIndex(([name]) => outputColumn.test(name));
  const vars = Object.fromEntries(columns.slice(0, firstOutput).filter(([name]) => name !== 'Description'));
  return outputs.map(([name, output]) => {
    const [, provider, template = ''] = outputColumn.exec(name) ?? [];
    const raw = template.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (mark, key: string) => text(vars[key]) ?? mark);
    return { provider, prompt: { raw }, vars, response: { output: text(output)?.replace(verdict, '') } };
  });
}

/** Older tables put the verdict before the output. */
const verdict = /^\[(?:PASS|FAIL|ERROR)\] /;

function resultsIn(record: unknown): readonly unknown[] {
  const rows = tableResults(record);
  if (rows.length > 0) return rows;
  const results = at(record, 'results', 'results') ?? member(record, 'results');
  const all = Array.isArray(results) ? results : [record];
  return all.filter(
    (one) =>
      at(one, 'response', 'output') !== undefined &&
      member(one, 'prompt') !== undefined &&
      member(one, 'vars') !== undefined,
  );
}

function resultTurns(result: unknown): readonly ReadTurn[] {
  const output = member(member(result, 'response'), 'output');
  if (typeof output !== 'string') return [];
  const messages = messagesInText(text(at(result, 'prompt', 'raw')) ?? '');
  const glued = output.startsWith(glue) ? splitGlued(output, result) : null;
  const before = readMessages(messages).map(({ role, content }) => ({ role, content }));
  const found = glued
    ? [{ messages: before, trace: glued, opaque: null }]
    : tracesIn([...readMessages(messages), readMessage(output, 'assistant')]);
  return asTurns(found, {
    model: text(at(result, 'provider', 'id')) ?? text(member(result, 'provider')),
    fields: isObject(result) ? shortFields(result, ['promptId']) : {},
  });
}

function splitGlued(output: string, result: unknown): Trace {
  const border = borderOf(output, share(result));
  return {
    reasoning: output.slice(glue.length, border.start),
    frame: { before: '', open: glue, close: output.slice(border.start, border.end) },
    answerText: output.slice(border.end),
  };
}

/** Reasoning tokens among all that were written; `null` when they were not counted. */
function share(result: unknown): number | null {
  const usage = at(result, 'response', 'tokenUsage');
  const reasoning = at(usage, 'completionDetails', 'reasoning');
  const all = member(usage, 'completion');
  return typeof reasoning === 'number' && typeof all === 'number' && reasoning > 0 && reasoning < all
    ? reasoning / all
    : null;
}

/** The blank line nearest to where the share of tokens puts it; without a share the last one. */
function borderOf(output: string, expected: number | null): { readonly start: number; readonly end: number } {
  const blanks = [...output.matchAll(/\n\n/g)].map((match) => match.index);
  if (blanks.length === 0) return { start: output.length, end: output.length };
  const goal = expected === null ? output.length : glue.length + expected * (output.length - glue.length);
  const start = blanks.reduce((best, blank) => (Math.abs(blank - goal) < Math.abs(best - goal) ? blank : best));
  return { start, end: start + 2 };
}
