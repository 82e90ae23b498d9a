// Owns what ids stand for a text that was cut and goes on otherwise. Ids before the cut are those of the whole, unchanged: tokenizing
// the kept text anew would merge across the cut and change what the model had seen. Pure; must not know models.
import type { Encoding } from './modelText';

export type Continuation = {
  readonly ids: readonly number[];
  /** How many of them, from the start, are the whole's own. */
  readonly keptIds: number;
};

/**
 * Ids of `text[0, keptEnd) + suffix`. Whole tokens up to the cut are re-used and only the rest is encoded; when the text itself goes on
 * with the suffix, its own ids are used up to the suffix's end.
 * @param whole encoding of `text`
 * @param encodeAfter encodes a text as it follows the ids before it (`ModelText.encodeAfter`)
 */
export function idsAfterCut(
  whole: Encoding,
  cut: { readonly text: string; readonly keptEnd: number; readonly suffix: string },
  encodeAfter: (before: readonly number[], text: string) => Encoding,
): Continuation {
  const { text, suffix } = cut;
  const isOwn = text.startsWith(suffix, cut.keptEnd);
  const keptEnd = isOwn ? cut.keptEnd + suffix.length : cut.keptEnd;
  const { count, end } = keptTokens(whole, keptEnd);
  const kept = whole.ids.slice(0, count);
  const rest = text.slice(end, keptEnd) + (isOwn ? '' : suffix);
  if (rest === '') return { ids: kept, keptIds: count };
  return { ids: [...kept, ...encodeAfter(kept, rest).ids], keptIds: count };
}

/** How many tokens lie whole in `text[0, keptEnd)`, counted up to the last one that completes a character, and where that one ends. */
export function keptTokens(whole: Encoding, keptEnd: number): { readonly count: number; readonly end: number } {
  let low = 0;
  let high = whole.ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((whole.ends[middle] ?? 0) <= keptEnd) low = middle + 1;
    else high = middle;
  }
  while (low > 0 && whole.complete[low - 1] === false) low -= 1;
  return { count: low, end: whole.ends[low - 1] ?? 0 };
}
