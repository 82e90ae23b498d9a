// Owns the random numbers of resampling: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
// 2021), its state filled from the seed by MurmurHash3's 32-bit finalizer over a Weyl sequence. Same seed, same numbers, on every machine.
// Must not be used for drawing tokens: those come from a counter-based generator of the engine.

/** Draws uniformly from 0 (included) to 1 (excluded) in steps of 2^-32. */
export type Random = () => number;

/** A generator for a whole-number seed; only its lowest 32 bits count. */
export function seededRandom(seed: number): Random {
  let weyl = seed | 0;
  const next = (): number => {
    weyl = (weyl + 0x9e3779b9) | 0;
    return mix(weyl);
  };
  return xoshiro128([next(), next(), next(), next()]);
}

/** The generator itself, from a state that is not all zero. */
export function xoshiro128(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result / 2 ** 32;
  };
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
