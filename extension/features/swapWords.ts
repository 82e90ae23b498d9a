// Owns how a person types a swap. Pure.

export type Swap = { readonly attribute: string; readonly a: string; readonly b: string };

/** `A:B` or `attribute=A:B`. */
export function parseSwapWords(text: string): Swap | null {
  const match = /^(?:([^=:]+)=)?([^:]+):([^:]+)$/.exec(text.trim());
  const [a, b] = [match?.[2]?.trim() ?? '', match?.[3]?.trim() ?? ''];
  if (a === '' || b === '' || a === b) return null;
  return { attribute: match?.[1]?.trim() ?? 'words', a, b };
}
