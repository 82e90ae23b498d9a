// Owns what a person's edited copy of a readable trace says: messages and reasoning, exact where nothing was changed. Pure.
import type { Example, Message } from '../../engine/domain/example';
import type { Range } from '../../engine/domain/trace';
import { marginColumns, type ReasoningLine, reasoningLines, type TraceLayout, undrawn } from './traceLayout';

export type EditedTrace = {
  readonly messages: readonly Message[];
  readonly reasoning: string;
  readonly lines: readonly ReasoningLine[];
  /** UTF-16 offset of the first changed character of the reasoning; `null` when it is as recorded. */
  readonly firstChange: number | null;
  readonly messagesChanged: boolean;
  /** Where the reasoning's title stands now. */
  readonly titleLine: number;
  /** The recorded answer was changed too, which changes nothing that is measured. */
  readonly answerChanged: boolean;
};

/** Why a copy cannot be read: the first title line that is missing, doubled or out of place. */
export type Misread = { readonly line: number; readonly expected: string };

type Part = { readonly line: number; readonly text: readonly string[] };

/** @param layout the unchanged document of the same example */
export function readBack(text: string, example: Example, layout: TraceLayout): EditedTrace | Misread {
  const parts = splitParts(text.split(/\r\n|\r|\n/), layout);
  if (!Array.isArray(parts)) return parts as Misread;
  const messages = example.messages.map((message, i) => {
    const content = undrawn((parts[i] as Part).text.join('\n'), message.content);
    return content === message.content ? message : { ...message, content };
  });
  const part = parts[example.messages.length] as Part;
  const reasoning = readReasoning(part, example.trace.reasoning);
  const answer = undrawn((parts.at(-1) as Part).text.join('\n'), example.trace.answerText);
  return {
    messages,
    ...reasoning,
    firstChange: firstDifference(example.trace.reasoning, reasoning.reasoning),
    messagesChanged: messages.some((message, i) => message !== example.messages[i]),
    titleLine: part.line - 1,
    answerChanged: answer.trim() !== example.trace.answerText.trim(),
  };
}

function splitParts(lines: readonly string[], { rule, parts }: TraceLayout): readonly Part[] | Misread {
  const isMarker = (line: string): boolean => line.startsWith(`${rule} `) && line.endsWith(` ${rule}`);
  const found = lines.flatMap((line, i) => (isMarker(line) ? [i] : []));
  for (let i = 0; i < Math.max(found.length, parts.length); i += 1) {
    const expected = parts[i] ? `${rule} ${parts[i]?.title} ${rule}` : '';
    const at = found[i];
    if (at === undefined || lines[at] !== expected) {
      const title = parts[i] ? expected : (lines[at ?? 0] ?? '');
      return { line: at ?? lines.length - 1, expected: title };
    }
  }
  return found.map((at, i) => {
    const text = lines.slice(at + 1, found[i + 1] ?? lines.length);
    return { line: at + 1, text: text.at(-1) === '' ? text.slice(0, -1) : text };
  });
}

type ReadReasoning = Pick<EditedTrace, 'reasoning' | 'lines'>;

/** The white space between two lines is the record's own wherever the lines around it are; else what stands there most often. */
function readReasoning(part: Part, recorded: string): ReadReasoning {
  const written = part.text.flatMap((line, i) => {
    const text = withoutMargin(undrawn(line, recorded), recorded);
    return text === '' ? [] : [{ line: part.line + i, text }];
  });
  const spaces = spacesBetween(
    recorded,
    reasoningLines(recorded),
    written.map(({ text }) => text),
  );
  let reasoning = '';
  const lines = written.map(({ line, text }, i): ReasoningLine => {
    const start = reasoning.length + (spaces[i] ?? '').length;
    reasoning += (spaces[i] ?? '') + text;
    return { line, shown: { start, end: reasoning.length } };
  });
  return { reasoning: reasoning + (spaces[written.length] ?? ''), lines };
}

/** White space before each of the written lines, and behind the last. */
function spacesBetween(recorded: string, shown: readonly Range[], written: readonly string[]): readonly string[] {
  if (written.length === 0 && shown.length === 0) return [recorded];
  const own = shown.map(({ start }, i) => recorded.slice(shown[i - 1]?.end ?? 0, start));
  const tail = recorded.slice(shown.at(-1)?.end ?? recorded.length);
  const head = own[0] ?? (shown.length === 0 ? recorded : '');
  const usual = mostFrequent(own.slice(1)) ?? ' ';
  const texts = shown.map(({ start, end }) => recorded.slice(start, end));
  const sameStart = countWhile(written.length, (i) => written[i] === texts[i]);
  const sameEnd = countWhile(
    Math.min(written.length, texts.length),
    (i) => written[written.length - 1 - i] === texts[texts.length - 1 - i],
  );
  const more = written.length - texts.length;
  const between = written.map((_, i) => {
    if (i === 0) return head;
    if (more === 0 || i < sameStart) return own[i] ?? usual;
    const isBehindChange = i >= written.length - sameEnd && i - more > 0;
    return (isBehindChange ? own[i - more] : undefined) ?? usual;
  });
  return [...between, tail];
}

/** Joined lines bring their margins along; what the record itself writes so is left alone. */
function withoutMargin(line: string, recorded: string): string {
  const text = line.trim();
  const margin = ' '.repeat(marginColumns);
  return recorded.includes(margin) ? text : text.replaceAll(margin, ' ');
}

function countWhile(most: number, holds: (i: number) => boolean): number {
  let count = 0;
  while (count < most && holds(count)) count += 1;
  return count;
}

function mostFrequent(texts: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function firstDifference(a: string, b: string): number | null {
  if (a === b) return null;
  return countWhile(Math.min(a.length, b.length), (i) => a.charCodeAt(i) === b.charCodeAt(i));
}
