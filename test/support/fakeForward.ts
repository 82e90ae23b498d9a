// Owns a network made of a hash: logits depend on exactly the ids that a row sees, in order, so that one wrong slot changes everything.
// It checks what a real one silently gets wrong: that the positions of what a row sees are 0, 1, 2, …
import type { Forward, Rows } from '../../engine/lm/forward';

export type FakeForward = Forward & {
  /** Rows of each call so far. */
  readonly calls: readonly number[];
};

export type FakeSpec = { readonly vocabSize: number; readonly hidesSlots: boolean };

export function fakeForward({ vocabSize, hidesSlots }: FakeSpec): FakeForward {
  let slots: { readonly id: number; readonly position: number }[] = [];
  const calls: number[] = [];
  const cache = {
    get length() {
      return slots.length;
    },
    get shown() {
      return slots.length;
    },
    reserve: () => undefined,
    expect: () => undefined,
    tighten: () => undefined,
    feeds: () => ({}),
    fetches: () => ({}),
    append: () => undefined,
    rewind: (length: number) => {
      slots = slots.slice(0, length);
    },
  };
  const evaluate = async (rows: Rows): Promise<Float32Array> => {
    if (rows.visible !== null && (!hidesSlots || slots.length === 0))
      throw new Error('branches are not possible in this call');
    calls.push(rows.ids.length);
    const first = slots.length;
    slots = [...slots, ...rows.ids.map((id, index) => ({ id, position: rows.positions[index]! }))];
    const logits = new Float32Array(rows.wanted.length * vocabSize);
    rows.wanted.forEach((row, index) => {
      const seen = seenBy(rows.visible?.[row] ?? [0, first + row + 1]);
      logits.set(hashedLogits(seen, vocabSize), index * vocabSize);
    });
    return logits;
  };
  const seenBy = (ranges: readonly number[]): number[] => {
    const seen: number[] = [];
    for (let i = 0; i < ranges.length; i += 2) {
      for (const { id, position } of slots.slice(ranges[i], ranges[i + 1])) {
        if (position !== seen.length) throw new Error(`position ${position} follows ${seen.length - 1}`);
        seen.push(id);
      }
    }
    return seen;
  };
  return { vocabSize, hidesSlots, cache, evaluate, calls };
}

/** Logits between -3 and 3 from a hash of the whole sequence. */
export function hashedLogits(ids: readonly number[], vocabSize: number): Float32Array {
  let hash = 0x811c9dc5;
  for (const id of ids) hash = Math.imul(hash ^ (id + 1), 0x01000193) >>> 0;
  return Float32Array.from({ length: vocabSize }, (_, token) => {
    let mixed = Math.imul(hash ^ Math.imul(token + 1, 0x9e3779b1), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0;
    return (mixed / 2 ** 32) * 6 - 3;
  });
}
