// Owns where a prompt lists lettered options: which letters, and the text behind (or before) each. Must not know what is done with them.
import type { Message } from '../domain/example';
import type { Range } from '../domain/trace';

export type LetteredOption = { readonly letter: string; readonly range: Range };
export type Lettered = { readonly message: number; readonly options: readonly LetteredOption[] };

/** The last list of options that the prompt gives: what stands before is often an example of how to answer. */
export function lastLettered(messages: readonly Message[]): Lettered | null {
  for (let message = messages.length - 1; message >= 0; message -= 1) {
    const { role, content } = messages[message] ?? { role: '', content: '' };
    const options = role === 'user' ? letteredOptions(content) : [];
    if (options.length >= 2) return { message, options };
  }
  return null;
}

type Mark = {
  readonly pattern: RegExp;
  /** The text of one option, given where its own mark and the next one stand. */
  readonly text: (text: string, own: RegExpExecArray, next: number | null) => Range;
};

/** To the next mark, of the last option to the end of its line. */
const behind: Mark['text'] = (text, own, next) => {
  const start = own.index + own[0].length;
  const lineEnd = text.indexOf('\n', start);
  const most = next ?? (lineEnd < 0 ? text.length : lineEnd);
  return { start, end: start + text.slice(start, most).trimEnd().length };
};

/** From the beginning of the mark's line. */
const before: Mark['text'] = (text, own) => {
  const line = text.lastIndexOf('\n', own.index - 1) + 1;
  const words = text.slice(line, own.index);
  return { start: line + words.length - words.trimStart().length, end: line + words.trimEnd().length };
};

/**
 * Marks of one kind in one list: `A)`, `A.`, `A:` at the beginning of lines, `(A)` at the end of lines, `(A)` anywhere. A run of white space is
 * looked at once: not from each of its line ends on, and backwards from a mark alone.
 */
const marks: readonly Mark[] = [
  { pattern: /^[^\S\n\r\u2028\u2029]*([A-Z])[).:][^\S\n]+/gmu, text: behind },
  { pattern: /\(([A-Z])\)(?<=\S[^\S\n]*\([A-Z]\))[^\S\n]*$/gmu, text: before },
  { pattern: /\(([A-Z])\)\s*/gu, text: behind },
];

/** The last run of letters from A on. None where a letter has no text: then the marks are not those of options. */
function letteredOptions(text: string): readonly LetteredOption[] {
  for (const mark of marks) {
    const found = [...text.matchAll(mark.pattern)];
    const first = found.map(({ 1: letter }) => letter).lastIndexOf('A');
    const run = found.slice(Math.max(0, first)).filter(({ 1: letter }, i) => letter === String.fromCharCode(65 + i));
    if (first < 0 || run.length < 2) continue;
    const options = run.map((own, i) => ({
      letter: own[1] ?? '',
      range: mark.text(text, own, run[i + 1]?.index ?? null),
    }));
    if (options.every(({ range }) => range.end > range.start)) return options;
  }
  return [];
}
