// Owns finding added tokens (`<think>`, `<|im_end|>`, …) in a text, with exact ranges. Pure; must not know how other text is encoded.
import type { Range } from '../domain/trace';
import type { AddedTokenJson } from './tokenizerJson';

/** A stretch of text: an added token (its id), or text between them (`id` null). */
export type Section = Range & { readonly id: number | null };

export type SectionSplitter = (text: string) => readonly Section[];

/**
 * Longest added token at the leftmost place wins; tokens that take part in normalization are looked for after the others.
 * White space that a token strips belongs to its range, so that sections cover the text without gaps.
 */
export function addedTokenSplitter(tokens: readonly AddedTokenJson[], hasNormalizer: boolean): SectionSplitter {
  const isNormalized = (token: AddedTokenJson): boolean => hasNormalizer && (token.normalized ?? !token.special);
  const passes = [tokens.filter((token) => !isNormalized(token)), tokens.filter(isNormalized)]
    .filter((group) => group.length > 0)
    .map(splitterOf);
  return (text) => {
    let sections: readonly Section[] = [{ start: 0, end: text.length, id: null }];
    for (const pass of passes) sections = sections.flatMap((one) => (one.id === null ? pass(text, one) : [one]));
    return sections.filter((section) => section.end > section.start);
  };
}

function splitterOf(tokens: readonly AddedTokenJson[]): (text: string, range: Range) => readonly Section[] {
  const byContent = new Map(tokens.map((token) => [token.content, token]));
  const contents = [...byContent.keys()].filter((content) => content !== '').sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    contents.map((content) => content.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'),
    'g',
  );
  return (text, range) => {
    const sections: Section[] = [];
    let from = range.start;
    for (const found of text.slice(range.start, range.end).matchAll(pattern)) {
      const token = byContent.get(found[0]);
      const start = range.start + found.index;
      if (!token || start < from) continue;
      const whole = tokenRange(text, token, { start, end: start + found[0].length, from, to: range.end });
      if (!whole) continue;
      sections.push({ start: from, end: whole.start, id: null }, { ...whole, id: token.id });
      from = whole.end;
    }
    return [...sections, { start: from, end: range.end, id: null }];
  };
}

// A word's characters as the reference implementation has them; no vulgar fractions, no superscripts.
const endsWithWord = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d]$/u;
const startsWithWord = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d]/u;

/** The token's range, stripped white space included; `null` when it must be a word of its own and is not. */
function tokenRange(
  text: string,
  token: AddedTokenJson,
  at: Range & { readonly from: number; readonly to: number },
): Range | null {
  const touchesWord =
    endsWithWord.test(text.slice(Math.max(0, at.start - 2), at.start)) ||
    startsWithWord.test(text.slice(at.end, at.end + 2));
  if (token.single_word && touchesWord) return null;
  const before = text.slice(at.from, at.start);
  const after = text.slice(at.end, at.to);
  return {
    start: token.lstrip ? at.from + before.trimEnd().length : at.start,
    end: token.rstrip ? at.to - after.trimStart().length : at.end,
  };
}
