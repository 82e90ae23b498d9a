// Owns making an answer of a stretch of text: trimmed of white space and Markdown emphasis, with its exact range.
import type { ReadAnswer } from '../domain/example';

const before = /^[\s*_`]+/;
const after = /[\s*_`]+$/;

/** The answer in text[start, end); `null` when nothing is left after trimming. */
export function answerIn(text: string, start: number, end: number): ReadAnswer | null {
  const stretch = text.slice(start, end);
  const from = start + (before.exec(stretch)?.[0].length ?? 0);
  const option = text.slice(from, end).replace(after, '');
  return option === '' ? null : { option, range: { start: from, end: from + option.length } };
}

/** The answer in group 1 (or the whole match) of the last match of a global pattern with the `d` flag. */
export function lastMatch(text: string, pattern: RegExp): ReadAnswer | null {
  let found: ReadAnswer | null = null;
  for (const match of text.matchAll(pattern)) found = matched(text, match) ?? found;
  return found;
}

/** The same of the first match. */
export function firstMatch(text: string, pattern: RegExp): ReadAnswer | null {
  for (const match of text.matchAll(pattern)) {
    const found = matched(text, match);
    if (found) return found;
  }
  return null;
}

function matched(text: string, match: RegExpMatchArray): ReadAnswer | null {
  const range = match.indices?.[1] ?? match.indices?.[0];
  return range ? answerIn(text, range[0], range[1]) : null;
}
