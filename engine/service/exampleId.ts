// Owns how an example is identified: the sha256 of its record's bytes and its turn, with an ordinal when the record repeats.
import { createHash } from 'node:crypto';
import { type ExampleId, exampleId } from '../domain/ids';

/** The id without ordinal, hexadecimal. */
export const turnHash = (bytes: Uint8Array, turn: number): string =>
  createHash('sha256').update(bytes).update(`\0turn ${turn}`).digest('hex');

/** @param ordinal 1 for the first example of that hash */
export const withOrdinal = (hash: string, ordinal: number): ExampleId =>
  exampleId(ordinal === 1 ? hash : `${hash}-${ordinal}`);

/** Counts how often a hash was seen, with 128 bits of each: that many never collide by chance. */
export class Ordinals {
  readonly #seen = new Map<string, number>();

  next(hash: string): number {
    const key = Buffer.from(hash.slice(0, 32), 'hex').toString('latin1');
    const ordinal = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, ordinal);
    return ordinal;
  }
}
