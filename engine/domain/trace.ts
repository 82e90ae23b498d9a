// Owns what a reasoning trace is: its exact text, what frames it in the record, and ranges in it.
// Must not know tokens, models or file formats.

/** Half-open range of UTF-16 offsets in a decoded text. */
export type Range = { readonly start: number; readonly end: number };

/**
 * What stands around the reasoning when the record keeps the whole turn in one string:
 * `before + open + reasoning + close + answerText` is that string, character for character.
 */
export type Frame = {
  /** Text before the opening tag, usually empty. */
  readonly before: string;
  /** The opening tag; empty when the record lacks it because the prompt template wrote it. */
  readonly open: string;
  /** The closing tag; empty when the trace was cut off before it. */
  readonly close: string;
};

export type Trace = {
  /** The text between the tags (tags excluded), exact: no white space trimmed. */
  readonly reasoning: string;
  /** `null`: the record keeps the reasoning in a field of its own, so the running model's own tags are used. */
  readonly frame: Frame | null;
  /** What follows the closing tag (or the content field), exact. */
  readonly answerText: string;
};

/** A range of a text and what stands in its place. */
export type TextChange = { readonly range: Range; readonly is: string };

/** @param changes of the text as it is, in order, without overlap */
export function changedText(text: string, changes: readonly TextChange[]): string {
  let result = '';
  let from = 0;
  for (const { range, is } of changes) {
    result += text.slice(from, range.start) + is;
    from = range.end;
  }
  return result + text.slice(from);
}

/** The one change that makes `is` of `was`, without what both begin and end with; none where they are equal. */
export function changesBetween(was: string, is: string): readonly TextChange[] {
  if (was === is) return [];
  const most = Math.min(was.length, is.length);
  let start = 0;
  while (start < most && was[start] === is[start]) start += 1;
  let tail = 0;
  while (tail < most - start && was.at(-1 - tail) === is.at(-1 - tail)) tail += 1;
  return [{ range: { start, end: was.length - tail }, is: is.slice(start, is.length - tail) }];
}

/**
 * The part of the reasoning that is the model's text and not the closing tag's line: trailing white space belongs to the tag.
 * Returns its end offset in `reasoning`.
 */
export function bodyEnd(reasoning: string): number {
  return reasoning.trimEnd().length;
}
