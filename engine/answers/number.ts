// Owns answers that are a number at the end: the last number of the last line, or one behind "####".

import type { ReadAnswer } from '../domain/example';
import type { AnswerReader } from './answer';
import { answerIn, lastMatch } from './span';

const marked = /####\s*([-+]?\$?\d[\d,]*(?:\.\d+)?)/dg;
const numbers = /(?<![\w.\-−/])[-+−]?[$€£]?\d[\d,]*(?:\.\d+)?(?:\/\d+)?%?(?![\w/]|[-−:]\d)/g;
/** A longer last line is prose, and its last number is not the answer. */
const longestLine = 160;

export const number: AnswerReader = {
  id: 'number',
  title: 'Number at the end',
  read(text) {
    const found = lastMatch(text, marked);
    if (found) return found;
    const body = text.trimEnd();
    const start = body.lastIndexOf('\n') + 1;
    if (body.length - start > longestLine) return null;
    return lastNumber(body, start);
  },
};

function lastNumber(text: string, start: number): ReadAnswer | null {
  const last = [...text.slice(start).matchAll(numbers)].at(-1);
  if (!last) return null;
  const from = start + last.index;
  return answerIn(text, from, from + last[0].replace(/,$/, '').length);
}
