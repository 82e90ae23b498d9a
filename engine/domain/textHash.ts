// Owns a number for a text, for choices that must be the same everywhere and in any order: which partner, which half, which order of options.
// FNV-1a over UTF-16 code units, finished by MurmurHash3's mixer. Not for secrets, and not for drawing tokens (engine/lm/philox).

/** A whole number of 32 bits; equal texts give equal numbers. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A whole number from 0 to `count` - 1. */
export const chosenBy = (text: string, count: number): number => Math.floor((textHash(text) / 2 ** 32) * count);
