// Owns text with replacements marked in it: what stood there and what stands there now. Pure.

export type Replacement = { readonly start: number; readonly end: number; readonly was: string; readonly is: string };
export type MarkedPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'replaced'; readonly was: string; readonly is: string };

/** Splits a text at replacements, given as ranges of it; overlapping ones after the first are ignored. */
export function markReplacements(text: string, replacements: readonly Replacement[]): readonly MarkedPart[] {
  const parts: MarkedPart[] = [];
  let at = 0;
  for (const { start, end, was, is } of [...replacements].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    if (start > at) parts.push({ kind: 'text', text: text.slice(at, start) });
    parts.push({ kind: 'replaced', was, is });
    at = end;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}
