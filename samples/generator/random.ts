// Owns seeded random numbers for drawing applicants: the same text gives the same numbers on every machine.
// Must not know what is drawn. (The model's own sampling uses the engine's generator.)

export type Random = {
  /** A whole number from `least` to `most`, both included, in steps. */
  readonly between: (least: number, most: number, step?: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
};

/** SFC32, seeded by a hash of the text (FNV-1a with four offsets) and warmed up. */
export function seededRandom(seedText: string): Random {
  const next = sfc32([1, 2, 3, 4].map((salt) => hash(seedText, salt)));
  for (let i = 0; i < 16; i += 1) next();
  const between = (least: number, most: number, step = 1): number =>
    least + step * Math.floor((next() / 2 ** 32) * (Math.floor((most - least) / step) + 1));
  return {
    between,
    pick: <T>(list: readonly T[]): T => list[between(0, list.length - 1)] as T,
  };
}

function hash(text: string, salt: number): number {
  let value = 0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1);
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

function sfc32(seed: readonly number[]): () => number {
  let [a, b, c, d] = seed as [number, number, number, number];
  return () => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
}
