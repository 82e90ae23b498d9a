// Owns text with the words that were searched for marked in it. Model text is text, never markup.
import { html, type TemplateResult } from 'lit';
import { wordsPattern } from '../../engine/domain/traceList';

/** Marks make a page slow; nobody reads so many. */
const mostMarks = 500;

export function foundText(text: string, words: string): readonly (string | TemplateResult)[] {
  const pattern = wordsPattern(words);
  if (!pattern) return [text];
  const parts: (string | TemplateResult)[] = [];
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    if (parts.length > 2 * mostMarks) break;
    parts.push(text.slice(at, found.index), html`<mark>${found[0]}</mark>`);
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}
