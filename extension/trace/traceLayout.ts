// Owns how one example reads as a text document: messages by role, the reasoning one step a line, the answer; and where each character of
// the reasoning stands in it. Pure; must not know editors. What a person changed in such a document is read back by `readBack`.
import type { Example } from '../../engine/domain/example';
import { stepsOf } from '../../engine/domain/steps';
import type { Range } from '../../engine/domain/trace';

/** Columns before each line of the reasoning, where the curves are drawn. */
export const marginColumns = 16;

export type PartKind = 'message' | 'reasoning' | 'answer';

/** Lines are counted from 0; `endLine` is behind the last line of the part's text. */
export type TracePart = {
  readonly kind: PartKind;
  readonly title: string;
  readonly markerLine: number;
  readonly firstLine: number;
  readonly endLine: number;
};

/** A line of the document and the range of the reasoning that it shows behind its margin. */
export type ReasoningLine = { readonly line: number; readonly shown: Range };

export type TraceLayout = {
  readonly text: string;
  /** The signs around every title; no line of the content begins with it and a space. */
  readonly rule: string;
  readonly parts: readonly TracePart[];
  readonly lines: readonly ReasoningLine[];
  /** Where the reasoning's title stands. */
  readonly titleLine: number;
};

export type Position = { readonly line: number; readonly character: number };

/** The example as a document below these header lines. */
export function layOut(example: Example, header: readonly string[]): TraceLayout {
  const { reasoning, answerText } = example.trace;
  const pieces = reasoningLines(reasoning);
  const contents = [
    ...example.messages.map(({ role, content }) => ({ kind: 'message' as const, title: plainTitle(role), content })),
    { kind: 'reasoning' as const, title: 'reasoning', content: '' },
    { kind: 'answer' as const, title: 'answer', content: answerText.trim() },
  ];
  const rule = freeRule([...header, ...contents.map(({ content }) => content)]);
  const text: string[] = [...header.map(onOneLine), ''];
  const lines: ReasoningLine[] = [];
  const parts = contents.map(({ kind, title, content }): TracePart => {
    const markerLine = text.length;
    text.push(`${rule} ${title} ${rule}`);
    if (kind === 'reasoning') {
      for (const [i, shown] of pieces.entries()) lines.push({ line: markerLine + 1 + i, shown });
      for (const { start, end } of pieces) text.push(' '.repeat(marginColumns) + drawable(reasoning.slice(start, end)));
    } else {
      for (const line of content.split('\n')) text.push(drawable(line));
    }
    const endLine = text.length;
    text.push('');
    return { kind, title, markerLine, firstLine: markerLine + 1, endLine };
  });
  const titleLine = parts.find(({ kind }) => kind === 'reasoning')?.markerLine ?? 0;
  return { text: text.join('\n'), rule, parts, lines, titleLine };
}

/** What is shown of each step: without the white space around it. */
export function reasoningLines(reasoning: string): readonly Range[] {
  return stepsOf(reasoning).map(({ start, end }) => {
    const text = reasoning.slice(start, end);
    return { start: end - text.trimStart().length, end: start + text.trimEnd().length };
  });
}

/** The offset in the reasoning at a place of the document; `null` outside of the reasoning's lines. */
export function offsetAt(lines: readonly ReasoningLine[], { line, character }: Position): number | null {
  const found = lines.find((one) => one.line === line);
  if (!found) return null;
  const { start, end } = found.shown;
  return Math.min(end, start + Math.max(0, character - marginColumns));
}

/** The part of a selection that lies in the reasoning, without white space around it; `null` where that is nothing. */
export function selectedReasoning(
  reasoning: string,
  lines: readonly ReasoningLine[],
  selection: { readonly start: Position; readonly end: Position },
): Range | null {
  const touched = lines.filter(({ line }) => line >= selection.start.line && line <= selection.end.line);
  const [first, last] = [touched[0], touched.at(-1)];
  if (!first || !last) return null;
  const start = offsetAt(lines, selection.start) ?? first.shown.start;
  const end = offsetAt(lines, selection.end) ?? last.shown.end;
  const text = reasoning.slice(start, end);
  if (text.trim() === '') return null;
  return { start: end - text.trimStart().length, end: start + text.trimEnd().length };
}

/** Where a character of the reasoning stands; of what is not shown (white space between steps), the end of the line before. */
export function positionAt(lines: readonly ReasoningLine[], offset: number): Position | null {
  const [first] = lines;
  if (!first) return null;
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((lines[middle] as ReasoningLine).shown.start <= offset) low = middle;
    else high = middle - 1;
  }
  const { line, shown } = lines[low] as ReasoningLine;
  const within = Math.min(Math.max(offset, shown.start), shown.end) - shown.start;
  return { line, character: marginColumns + within };
}

/** Characters that would break a line or make the document binary, and the signs that stand for them: one for one, so that offsets hold. */
const signs: readonly (readonly [is: string, shown: string])[] = [
  ['\r', '␍'],
  ['\n', '␊'],
  ['\u2028', '␤'],
  ['\u2029', '␜'],
  ['\0', '␀'],
];

const drawnPattern = /[\r\u2028\u2029\0]/g;
const shownBy = new Map(signs);

const drawable = (text: string): string => text.replace(drawnPattern, (is) => shownBy.get(is) ?? is);

/** The inverse of {@link drawable} for a text that goes back into `original`: only signs that stand for something there are turned. */
export function undrawn(text: string, original: string): string {
  return signs.reduce(
    (now, [is, shown]) => (is !== '\n' && original.includes(is) ? now.replaceAll(shown, is) : now),
    text,
  );
}

const onOneLine = (text: string): string => drawable(text.replaceAll('\n', ' '));

/** Roles come from files: one short line without the rule's sign. */
const plainTitle = (role: string): string =>
  role
    .replace(/[\s\0─]+/g, ' ')
    .trim()
    .slice(0, 40) || 'message';

function freeRule(texts: readonly string[]): string {
  const longest = texts
    .flatMap((text) => text.match(/^─+(?= )/gm) ?? [])
    .reduce((most, found) => Math.max(most, found.length), 2);
  return '─'.repeat(longest + 1);
}
