// Owns where the steps of a trace are: sentences and lines, as half-open ranges that cover the text without gaps.
// Must not know tokens, or what steps are used for.
import type { Range } from './trace';

// A full stop after these ends no sentence.
const abbreviations = new Set(
  'dr mr mrs ms prof st jr sr vs etc e.g i.e cf fig eq no vol approx inc ltd co dept u.s u.k a.m p.m'.split(' '),
);

/** A sentence's end with the white space after it, ideographic ends without any, or an end of line with the empty lines after it. */
const stepEnd = /[.!?…]+["'”’)\]*_]*(?:[^\S\n]+|(?=\n)|$)|[。！？]+[」』”’)]*|\n\s*/gu;

/** Steps of a text; each one's trailing white space belongs to it. Empty for a text of white space. */
export function stepsOf(text: string): readonly Range[] {
  const steps: Range[] = [];
  let start = 0;
  const add = (end: number): void => {
    const previous = steps.at(-1);
    const isSpace = text.slice(start, end).trim() === '';
    if (!isSpace) steps.push({ start, end });
    else if (previous) steps[steps.length - 1] = { start: previous.start, end };
    if (!isSpace || previous) start = end;
  };
  for (const found of text.matchAll(stepEnd)) {
    if (!endsInside(text, start, found)) add(found.index + found[0].length);
  }
  if (start < text.length) add(text.length);
  return steps;
}

/** A full stop after an abbreviation, an initial or a list's number goes on. */
function endsInside(text: string, start: number, found: RegExpExecArray): boolean {
  if (!found[0].startsWith('.') || found[0].startsWith('..') || text[found.index + 1] === '\n') return false;
  const word = /[^\s("'“[]*$/u.exec(text.slice(start, found.index))?.[0] ?? '';
  const isListNumber = /^\d{1,3}$/.test(word) && text.slice(start, found.index).trim() === word;
  return isListNumber || /^\p{Lu}$/u.test(word) || abbreviations.has(word.toLowerCase());
}
