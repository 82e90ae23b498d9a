// Owns how an example is identified: the sha256 of its record's bytes and its turn, with an ordinal when the record repeats.
import { createHash } from 'node:crypto';
import { type ExampleId, exampleId } from '../domain/ids';

/** The id without ordinal, hexadecimal. */
export const turnHash = (bytes: Uint8Array, turn: number): string =>
  createHash('sha256').update(bytes).update(`\0turn ${turn}`).digest('hex');

/** @param ordinal 1 for the first example of that hash */
export const withOrdinal = (hash: string, ordinal: number): ExampleId =>
  exampleId(ordinal === 1 ? hash : `${hash}-${ordinal}`);

/** Columns of a slot: three of the hash, and how often it was seen (0: the slot is empty). */
const columns = 4;
const seenColumn = 3;
const mostFilled = 0.7;

/** Counts how often a hash was seen, with 96 bits of each (that many never collide by chance), in at most 46 bytes a hash. */
export class Ordinals {
  #slots = new Uint32Array(columns * 1024);
  #used = 0;

  next(hash: string): number {
    if (this.#used >= mostFilled * (this.#slots.length / columns)) this.#grow();
    const words = [0, 8, 16].map((at) => Number.parseInt(hash.slice(at, at + 8), 16)) as [number, number, number];
    const at = slotOf(this.#slots, words);
    if (this.#slots[at + seenColumn] === 0) {
      this.#slots.set(words, at);
      this.#used += 1;
    }
    this.#slots[at + seenColumn]! += 1;
    return this.#slots[at + seenColumn]!;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let from = 0; from < this.#slots.length; from += columns) {
      const slot = this.#slots.subarray(from, from + columns);
      if (slot[seenColumn] !== 0) larger.set(slot, slotOf(larger, [slot[0]!, slot[1]!, slot[2]!]));
    }
    this.#slots = larger;
  }
}

/** Where a hash stands, or the empty slot where it belongs: the number of slots is a power of two, and some are always empty. */
function slotOf(slots: Uint32Array, [a, b, c]: readonly [number, number, number]): number {
  const mask = slots.length / columns - 1;
  for (let slot = a & mask; ; slot = (slot + 1) & mask) {
    const at = slot * columns;
    if (slots[at + seenColumn] === 0) return at;
    if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c) return at;
  }
}
