// Owns randomness by counter: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011, doi 10.1145/2063384.2063405).
// A number depends on its stream and position alone, so no other draw, batch or draft can change it.
import { createHash } from 'node:crypto';

export type PhiloxCounter = readonly [number, number, number, number];
export type PhiloxKey = readonly [number, number];

const rounds = 10;

/** One block of four 32-bit words, unsigned. */
export function philox4x32(counter: PhiloxCounter, key: PhiloxKey): PhiloxCounter {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < rounds; round += 1) {
    const high0 = highProduct(0xd2511f53, c0);
    const high1 = highProduct(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Upper 32 bits of a product; all parts stay below 2^53. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const bLow = b & 0xffff;
  const aHigh = a >>> 16;
  const bHigh = b >>> 16;
  const middle = aLow * bHigh + aHigh * bLow + Math.floor((aLow * bLow) / 0x10000);
  return aHigh * bHigh + Math.floor(middle / 0x10000);
}

/**
 * A number in [0, 1) with 53 random bits.
 * @param streamKey any text; the first 64 bits of its sha256 are the key
 * @param position a whole number from 0: the counter
 */
export function uniform(streamKey: string, position: number): number {
  const digest = createHash('sha256').update(streamKey).digest();
  const key: PhiloxKey = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
  const [first, second] = philox4x32([position >>> 0, Math.floor(position / 2 ** 32), 0, 0], key);
  return ((first >>> 5) * 2 ** 26 + (second >>> 6)) / 2 ** 53;
}
